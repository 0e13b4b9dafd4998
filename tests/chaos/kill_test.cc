// Item 1: processes that are killed, and processes that are paused for longer than their lease.

#include <signal.h>

#include <algorithm>
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
  house->Finish(absl::StrFormat("%d processes paused, slowest takeover %.2f s", pauses,
                                absl::ToDoubleSeconds(slowest)));
}

// How the shape of a commit begins that stands under a lease (commit.lua), on its way to Redis: no
// request, a lease, a cause. The fence takes part in commits of the partition that the event came
// from.
std::string FencedCommit() { return std::string("$21\r\n\0\1\1", 8); }

// A commit that is on its way while its process sleeps through the lease: it reaches Redis when
// another process has had the partition for a while.
TEST(KillTest, ACommitThatArrivesAfterTheLeaseIsRefused) {
  const std::string instance = "catalogue";
  const auto house = HouseUnderLoad::Start({.apart = instance});
  ASSERT_NE(house, nullptr);
  test_support::Cluster& cluster = house->cluster();
  test_support::FaultProxy& proxy = cluster.redis_proxy();
  const auto refused = [&] {
    return ReadMetric(cluster, instance, "fuju_stream_events_total", "fenced").value_or(0);
  };
  const int rounds = Full() ? 6 : 1;
  absl::Duration slowest;
  for (int i = 0; i < rounds; ++i) {
    const double before = refused();
    // The first commit from now on goes no further, whatever else the process sends.
    proxy.Set({.hold_requests_from = FencedCommit()});
    const absl::Time limit = absl::Now() + absl::Minutes(1);
    while (!proxy.holds() && absl::Now() < limit) LetPass(absl::Milliseconds(1));
    ASSERT_TRUE(proxy.holds()) << "no commit came";
    // Stopped at once: else its own patience would end before the lease does.
    cluster.Signal(instance, SIGSTOP);
    const pid_t pid = cluster.pid(instance);
    const absl::Duration took = AwaitTakeover(cluster, instance, HeldBy(cluster, instance, pid),
                                              pid, 5 * (kLease + absl::Seconds(2)));
    EXPECT_LE(took, kLease + absl::Seconds(2));
    slowest = std::max(slowest, took);
    // The next holder has done what the commit was to do, and more.
    house->AwaitProgress(5);
    proxy.Set({});
    // It is with Redis, and answered, before its process wakes up.
    LetPass(absl::Seconds(1));
    cluster.Signal(instance, SIGCONT);
    // Not always: what the process asked for besides may have run out of time first.
    const absl::Time seen = absl::Now() + absl::Seconds(5);
    while (refused() <= before && absl::Now() < seen) LetPass(absl::Milliseconds(20));
  }
  const double in_all = refused();
  EXPECT_GT(in_all, 0) << "no late commit was refused";
  house->Finish(absl::StrFormat(
      "%d times a commit late by more than the lease, %.0f refused, slowest takeover %.2f s",
      rounds, in_all, absl::ToDoubleSeconds(slowest)));
}

}  // namespace
}  // namespace fuju::chaos
