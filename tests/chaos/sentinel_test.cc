// The house on a primary with two replicas that three Sentinels watch over: the primary falls or
// hangs, a replica is promoted, and the services follow by themselves. A change is answered when a
// replica has it (--wait_replicas=1), so nothing that was acknowledged is lost.

#include <algorithm>
#include <memory>
#include <random>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include "chaos/fault_plan.h"
#include "chaos/house_under_load.h"
#include "chaos/recovery.h"
#include "chaos/run_seed.h"

namespace fuju::chaos {
namespace {

using test_support::RedisSentinels;

constexpr int kReplicas = 2;

TEST(SentinelHouseTest, TheServicesFollowThePrimary) {
  std::mt19937_64 chance = Chance();
  const auto house =
      HouseUnderLoad::Start({.redis = RedisKind::kSentinel, .flags = {"--wait_replicas=1"}});
  ASSERT_NE(house, nullptr);
  RedisSentinels& redis = house->cluster().redis_sentinels();
  const Recovery recovery(*house);
  const int rounds = Full() ? 6 : 1;
  absl::Duration slowest;
  for (int round = 0; round < rounds; ++round) {
    house->AwaitProgress(2 + static_cast<int64_t>(chance() % 4));
    const int old = redis.Primary();
    ASSERT_GE(old, 0);
    const bool hangs = chance() % 2 == 0;
    if (hangs) {
      redis.node(old).Pause();
    } else {
      redis.node(old).Kill();
    }
    redis.AwaitNewPrimary(old);
    const absl::Time promoted = absl::Now();
    EXPECT_LE(recovery.Await(absl::Seconds(30)), absl::Seconds(5));
    slowest = std::max(slowest, absl::Now() - promoted);
    // It takes itself for a primary until the Sentinels tell it; what it would take is lost.
    if (hangs) {
      redis.node(old).Resume();
    } else {
      redis.node(old).Restart();
    }
    redis.AwaitReplicas(kReplicas);
    house->AwaitProgress(2);
  }
  house->FinishFailedOver(absl::StrFormat(
      "Sentinels: %d primaries killed or hung, recovery %.2f s at most once a replica "
      "was promoted",
      rounds, absl::ToDoubleSeconds(slowest)));
}

}  // namespace
}  // namespace fuju::chaos
