// Item 1: processes that are killed, and processes that are paused for longer than their lease.

#include <signal.h>

#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include "chaos/fault_plan.h"
#include "chaos/house_under_load.h"
#include "chaos/run_seed.h"
#include "chassis/store/keys.h"

namespace fuju::chaos {
namespace {

// Holders of the partitions of a service, "<instance>|<token>"; empty where there is none.
std::map<int, std::string> Leases(test_support::Cluster& cluster, const std::string& service) {
  const chassis::Keys keys(service, kPartitions);
  chassis::redis::Command ask = {"MGET"};
  for (int i = 0; i < kPartitions; ++i) ask.push_back(keys.Lease(i));
  const chassis::redis::Reply reply = cluster.redis().Call(ask);
  std::map<int, std::string> leases;
  for (int i = 0; i < kPartitions; ++i) leases[i] = reply[static_cast<size_t>(i)].text();
  return leases;
}

// Partitions that the process with this id holds: an instance is named "<host>-<pid>".
std::set<int> HeldBy(test_support::Cluster& cluster, const std::string& service, pid_t pid) {
  std::set<int> held;
  for (const auto& [partition, lease] : Leases(cluster, service)) {
    if (absl::StrContains(lease, absl::StrCat("-", pid, "|"))) held.insert(partition);
  }
  return held;
}

// How long it took until others hold all of `partitions`; the limit if they never did.
absl::Duration AwaitTakeover(test_support::Cluster& cluster, const std::string& service,
                             std::set<int> partitions, pid_t gone, absl::Duration limit) {
  const absl::Time start = absl::Now();
  while (absl::Now() - start < limit) {
    for (const auto& [partition, lease] : Leases(cluster, service)) {
      if (!lease.empty() && !absl::StrContains(lease, absl::StrCat("-", gone, "|"))) {
        partitions.erase(partition);
      }
    }
    if (partitions.empty()) return absl::Now() - start;
    LetPass(absl::Milliseconds(20));
  }
  return limit;
}

TEST(KillTest, ProcessesAreKilledAgainAndAgain) {
  std::mt19937_64 chance = Chance();
  const auto house = HouseUnderLoad::Start({});
  ASSERT_NE(house, nullptr);
  const int kills = Full() ? 30 : 9;
  for (const Fault& fault : PlanFaults(chance, house->cluster().Instances(), kills,
                                       {.least_after = absl::Milliseconds(50),
                                       .most_after = absl::Milliseconds(900),
                                       .least_away = absl::ZeroDuration(),
                                       .most_away = absl::Milliseconds(1500)})) {
    LetPass(fault.after);
    ASSERT_EQ(house->cluster().Kill(fault.instance), absl::OkStatus());
    LetPass(fault.lasts);
    ASSERT_EQ(house->cluster().Restart(fault.instance), absl::OkStatus());
  }
  house->Finish(absl::StrCat(kills, " processes killed"));
}

TEST(KillTest, AProcessThatSleptThroughItsLeaseChangesNothingMore) {
  std::mt19937_64 chance = Chance();
  const auto house = HouseUnderLoad::Start({});
  ASSERT_NE(house, nullptr);
  test_support::Cluster& cluster = house->cluster();
  // Those that have another one to take over.
  std::vector<std::string> instances;
  for (const std::string& name : cluster.Instances()) {
    if (name != "audit") instances.push_back(name);
  }
  absl::Duration slowest;
  double fenced = 0;
  const int pauses = Full() ? 12 : 2;
  for (const Fault& fault : PlanFaults(chance, instances, pauses,
                                       {.least_after = absl::Milliseconds(100),
                                       .most_after = absl::Milliseconds(600),
                                       .least_away = kLease + absl::Milliseconds(500),
                                       .most_away = 2 * kLease})) {
    LetPass(fault.after);
    const std::string service = fault.instance.substr(0, fault.instance.find('-'));
    const pid_t pid = cluster.pid(fault.instance);
    const absl::Time paused = absl::Now();
    cluster.Signal(fault.instance, SIGSTOP);
    const std::set<int> held = HeldBy(cluster, service, pid);
    const absl::Duration limit = kLease + absl::Seconds(2);
    const absl::Duration took = AwaitTakeover(cluster, service, held, pid, 5 * limit);
    EXPECT_LE(took, limit) << fault.instance << " held " << held.size() << " partitions";
    slowest = std::max(slowest, took);
    LetPass(fault.lasts - (absl::Now() - paused));
    cluster.Signal(fault.instance, SIGCONT);
    // It comes back for its share, and what it had in hand is refused or has no effect.
    const absl::Time end = absl::Now() + absl::Seconds(20);
    while (HeldBy(cluster, service, pid).empty() && absl::Now() < end) {
      LetPass(absl::Milliseconds(50));
    }
    EXPECT_FALSE(HeldBy(cluster, service, pid).empty()) << fault.instance << " did not come back";
    fenced +=
        ReadMetric(cluster, fault.instance, "fuju_stream_events_total", "\"fenced\"").value_or(0);
  }
  house->Finish(
      absl::StrFormat("%d processes paused, slowest takeover %.2f s, %.0f late commits "
                      "refused",
                      pauses, absl::ToDoubleSeconds(slowest), fenced));
}

}  // namespace
}  // namespace fuju::chaos
