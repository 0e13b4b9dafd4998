// Item 7: processes are asked to stop (SIGTERM) while calls come in.

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include "chaos/fault_plan.h"
#include "chaos/house_under_load.h"
#include "chaos/leases.h"
#include "chaos/run_seed.h"

namespace fuju::chaos {
namespace {

// What a process may take to stop: --drain_ms, and a second to end.
constexpr absl::Duration kGrace = absl::Seconds(10);

TEST(DrainTest, NoCallFailsWhenProcessesStopAndTheirPartitionsAreHandedOver) {
  std::mt19937_64 chance = Chance();
  const auto house = HouseUnderLoad::Start({.published_retries = true});
  ASSERT_NE(house, nullptr);
  test_support::Cluster& cluster = house->cluster();
  std::vector<std::string> instances;
  for (const std::string& name : cluster.Instances()) {
    if (name != "audit") instances.push_back(name);
  }
  absl::Duration slowest_stop;
  absl::Duration slowest_takeover;
  const int stops = Full() ? 24 : 3;
  for (const Fault& fault : PlanFaults(chance, instances, stops,
                                       {.least_after = absl::Milliseconds(300),
                                       .most_after = absl::Seconds(1),
                                       .least_away = absl::Milliseconds(100),
                                       .most_away = absl::Seconds(1)})) {
    LetPass(fault.after);
    const std::string service = fault.instance.substr(0, fault.instance.find('-'));
    const pid_t pid = cluster.pid(fault.instance);
    const std::set<int> held = HeldBy(cluster, service, pid);
    const absl::Time asked = absl::Now();
    const absl::StatusOr<int> code = cluster.Terminate(fault.instance);
    ASSERT_TRUE(code.ok()) << code.status();
    EXPECT_EQ(*code, 0) << fault.instance;
    slowest_stop = std::max(slowest_stop, absl::Now() - asked);
    // Given away, not left to time out: nothing is held by one that is gone.
    EXPECT_TRUE(HeldBy(cluster, service, pid).empty()) << fault.instance;
    slowest_takeover =
        std::max(slowest_takeover, AwaitTakeover(cluster, service, held, pid, kLease));
    LetPass(fault.lasts);
    ASSERT_EQ(cluster.Restart(fault.instance), absl::OkStatus());
  }
  EXPECT_LE(slowest_stop, kGrace);
  const Findings findings = house->Finish(absl::StrFormat(
      "%d processes stopped, slowest stop %.2f s, partitions taken %.2f s later at most", stops,
      absl::ToDoubleSeconds(slowest_stop), absl::ToDoubleSeconds(slowest_takeover)));
  EXPECT_EQ(findings.given_up, 0) << "calls failed in spite of the published retries";
}

}  // namespace
}  // namespace fuju::chaos
