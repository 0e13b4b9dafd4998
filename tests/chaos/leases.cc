#include "chaos/leases.h"

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "chaos/fault_plan.h"
#include "chaos/witness.h"
#include "chassis/store/keys.h"

namespace fuju::chaos {
namespace {

// Holders of the partitions of a service, "<instance>|<token>"; empty where there is none.
std::map<int, std::string> Leases(test_support::Cluster& cluster, const std::string& service) {
  const chassis::Keys keys(service, kPartitions);
  std::map<int, std::string> leases;
  for (int i = 0; i < kPartitions; ++i) {
    const auto lease = cluster.redis_client().Call({"GET", keys.Lease(i)}, absl::Seconds(5));
    leases[i] = lease.ok() ? lease->text() : "";
  }
  return leases;
}

// A process without --instance is named "<host>-<pid>".
bool IsOf(const std::string& lease, pid_t pid) {
  return absl::StrContains(lease, absl::StrCat("-", pid, "|"));
}

}  // namespace

std::set<int> HeldBy(test_support::Cluster& cluster, const std::string& service, pid_t pid) {
  std::set<int> held;
  for (const auto& [partition, lease] : Leases(cluster, service)) {
    if (IsOf(lease, pid)) held.insert(partition);
  }
  return held;
}

absl::Duration AwaitTakeover(test_support::Cluster& cluster, const std::string& service,
                             std::set<int> partitions, pid_t gone, absl::Duration limit) {
  const absl::Time start = absl::Now();
  while (absl::Now() - start < limit) {
    for (const auto& [partition, lease] : Leases(cluster, service)) {
      if (!lease.empty() && !IsOf(lease, gone)) {
        partitions.erase(partition);
      }
    }
    if (partitions.empty()) return absl::Now() - start;
    LetPass(absl::Milliseconds(20));
  }
  return limit;
}

}  // namespace fuju::chaos
