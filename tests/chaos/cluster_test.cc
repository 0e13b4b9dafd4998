// The house on a Redis Cluster, three primaries and a replica of each: slots that move, primaries
// that fall, and what processes go through elsewhere. A change is answered when a replica has it
// (--wait_replicas=1), so nothing that was acknowledged is lost.

#include <signal.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include "chaos/fault_plan.h"
#include "chaos/house_under_load.h"
#include "chaos/leases.h"
#include "chaos/recovery.h"
#include "chaos/run_seed.h"
#include "chassis/redis/slots.h"
#include "chassis/store/keys.h"

namespace fuju::chaos {
namespace {

using test_support::Cluster;
using test_support::RedisCluster;

int SlotOfPartition(int partition) {
  return chassis::redis::SlotOfKey(chassis::Keys("applications", kPartitions).Events(partition));
}

// Another primary, which gets the slot; drawn.
int DrawTarget(std::mt19937_64& chance, RedisCluster& redis, int slot) {
  std::vector<int> primaries;
  const int owner = redis.OwnerOf(slot);
  for (int i = 0; i < kPartitions; ++i) {
    const int other = redis.OwnerOf(SlotOfPartition(i));
    if (other >= 0 && other != owner) primaries.push_back(other);
  }
  return primaries[chance() % primaries.size()];
}

void MovePartition(std::mt19937_64& chance, RedisCluster& redis, int partition) {
  const int slot = SlotOfPartition(partition);
  redis.MoveSlot(slot, DrawTarget(chance, redis, slot));
}

std::vector<std::string> Replaceable(const Cluster& cluster) {
  std::vector<std::string> names;
  for (const std::string& name : cluster.Instances()) {
    if (name != "audit") names.push_back(name);
  }
  return names;
}

enum class End { kKilled, kHangs };

// Ends the primary of a partition, and starts it again once it was replaced. How long until all
// works again, from its end.
absl::Duration FailOver(HouseUnderLoad& house, const Recovery& recovery, int partition, End end) {
  RedisCluster& redis = house.cluster().redis_cluster();
  const int slot = SlotOfPartition(partition);
  const int old = redis.OwnerOf(slot);
  const absl::Time ended = absl::Now();
  if (end == End::kKilled) {
    redis.Kill(old);
    redis.AwaitNewOwner(slot, old);
    redis.Start(old);
  } else {
    redis.Pause(old);
    redis.AwaitNewOwner(slot, old);
    redis.Resume(old);
  }
  recovery.Await(absl::Seconds(30));
  return absl::Now() - ended;
}

// Waits until the processes of a service that run share its partitions, to within one.
void AwaitEvenShares(Cluster& cluster, const std::string& service, const std::string& gone = "") {
  const absl::Time end = absl::Now() + absl::Seconds(30);
  std::string shares;
  while (absl::Now() < end) {
    size_t held = 0;
    size_t most = 0;
    size_t least = kPartitions;
    shares.clear();
    for (const std::string& name : cluster.InstancesOf(service)) {
      if (name == gone) continue;
      const size_t share = HeldBy(cluster, service, cluster.pid(name)).size();
      held += share;
      most = std::max(most, share);
      least = std::min(least, share);
      absl::StrAppend(&shares, " ", name, " ", share);
    }
    if (held == kPartitions && most - least <= 1) return;
    LetPass(absl::Milliseconds(50));
  }
  ADD_FAILURE() << "not shared evenly:" << shares;
}

std::string ServiceOf(const std::string& instance) {
  return instance.substr(0, instance.find('-'));
}

std::unique_ptr<HouseUnderLoad> StartHouse() {
  return HouseUnderLoad::Start({.redis = RedisKind::kCluster, .flags = {"--wait_replicas=1"}});
}

TEST(RedisClusterTest, SlotsMoveAPrimaryFallsAndProcessesComeAndGo) {
  std::mt19937_64 chance = Chance();
  const auto house = StartHouse();
  ASSERT_NE(house, nullptr);
  Cluster& cluster = house->cluster();
  const Recovery recovery(*house);
  constexpr int kMoves = 3;
  const int rounds = Full() ? 8 : 1;
  absl::Duration slowest;
  for (int round = 0; round < rounds; ++round) {
    for (int i = 0; i < kMoves; ++i) {
      MovePartition(chance, cluster.redis_cluster(), static_cast<int>(chance() % kPartitions));
    }
    house->AwaitProgress(2);
    const End end = round % 2 == 0 ? End::kKilled : End::kHangs;
    slowest = std::max(slowest,
                       FailOver(*house, recovery, static_cast<int>(chance() % kPartitions), end));
    cluster.redis_cluster().AwaitSettled(1);
    house->AwaitProgress(2);
    const std::vector<std::string> names = Replaceable(cluster);
    const std::string& killed = names[chance() % names.size()];
    ASSERT_EQ(cluster.Kill(killed), absl::OkStatus());
    AwaitEvenShares(cluster, ServiceOf(killed), killed);
    ASSERT_EQ(cluster.Restart(killed), absl::OkStatus());
    AwaitEvenShares(cluster, ServiceOf(killed));
    const std::string& paused = names[chance() % names.size()];
    cluster.Signal(paused, SIGSTOP);
    LetPass(kLease + absl::Milliseconds(500));
    cluster.Signal(paused, SIGCONT);
    const std::string& stopped = names[chance() % names.size()];
    const absl::StatusOr<int> code = cluster.Terminate(stopped);
    ASSERT_TRUE(code.ok()) << code.status();
    EXPECT_EQ(*code, 0) << stopped;
    ASSERT_EQ(cluster.Restart(stopped), absl::OkStatus());
    AwaitEvenShares(cluster, ServiceOf(stopped));
    house->AwaitProgress(2);
  }
  house->FinishFailedOver(
      absl::StrFormat("Redis Cluster: %d slots moved, %d primaries killed or hung (recovery %.2f s "
                      "at most), %d processes "
                      "killed, paused and stopped",
                      kMoves * rounds, rounds, absl::ToDoubleSeconds(slowest), rounds));
}

TEST(RedisClusterTest, NoCallFailsWhenProcessesStop) {
  std::mt19937_64 chance = Chance();
  const auto house =
      HouseUnderLoad::Start({.redis = RedisKind::kCluster, .published_retries = true});
  ASSERT_NE(house, nullptr);
  Cluster& cluster = house->cluster();
  const int stops = Full() ? 12 : 3;
  for (const Fault& fault : PlanFaults(chance, Replaceable(cluster), stops,
                                       {.least_after = absl::Milliseconds(300),
                                       .most_after = absl::Seconds(1),
                                       .least_away = absl::Milliseconds(100),
                                       .most_away = absl::Seconds(1)})) {
    LetPass(fault.after);
    const absl::StatusOr<int> code = cluster.Terminate(fault.instance);
    ASSERT_TRUE(code.ok()) << code.status();
    EXPECT_EQ(*code, 0) << fault.instance;
    LetPass(fault.lasts);
    ASSERT_EQ(cluster.Restart(fault.instance), absl::OkStatus());
  }
  const Findings findings =
      house->Finish(absl::StrFormat("Redis Cluster: %d processes stopped", stops));
  EXPECT_EQ(findings.given_up, 0) << "calls failed in spite of the published retries";
}

}  // namespace
}  // namespace fuju::chaos
