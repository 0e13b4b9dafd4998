// Item 1: processes that are killed, and processes that are paused for longer than their lease.

#include <signal.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include "chaos/fault_plan.h"
#include "chaos/house_under_load.h"
#include "chaos/leases.h"
#include "chaos/run_seed.h"

namespace fuju::chaos {
namespace {

TEST(KillTest, ProcessesAreKilledAgainAndAgain) {
  std::mt19937_64 chance = Chance();
  const auto house = HouseUnderLoad::Start({});
  ASSERT_NE(house, nullptr);
  const int kills = Full() ? 30 : 5;
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
  }
  const int refused = house->CountInLogs("a late commit was refused");
  house->Finish(
      absl::StrFormat("%d processes paused, slowest takeover %.2f s, late commits refused %d",
                      pauses, absl::ToDoubleSeconds(slowest), refused));
}

}  // namespace
}  // namespace fuju::chaos
