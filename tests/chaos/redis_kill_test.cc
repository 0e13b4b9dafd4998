// Item 2: Redis is killed and starts again on its append-only file; groups that a restore has lost.

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include "chaos/fault_plan.h"
#include "chaos/house_under_load.h"
#include "chaos/recovery.h"
#include "chaos/run_seed.h"
#include "chassis/store/keys.h"

namespace fuju::chaos {
namespace {

TEST(RedisKillTest, EveryAcknowledgedWriteIsThereAndServicesComeBackByThemselves) {
  std::mt19937_64 chance = Chance();
  const auto house = HouseUnderLoad::Start({.instances = 1});
  ASSERT_NE(house, nullptr);
  const Recovery recovery(*house);
  absl::Duration slowest;
  const int kills = Full() ? 20 : 3;
  for (int i = 0; i < kills; ++i) {
    LetPass(DrawDuration(chance, absl::Milliseconds(300), absl::Seconds(2)));
    // Now and then in the middle of a rewrite of the file.
    if (chance() % 3 == 0) house->cluster().redis().Call({"BGREWRITEAOF"});
    house->cluster().redis().Kill();
    LetPass(DrawDuration(chance, absl::ZeroDuration(), absl::Seconds(2)));
    house->cluster().redis().Restart();
    const absl::Duration took = recovery.Await(absl::Seconds(30));
    EXPECT_LE(took, absl::Seconds(5)) << "after kill " << i + 1;
    slowest = std::max(slowest, took);
  }
  house->Finish(absl::StrFormat("Redis killed %d times, slowest recovery %.2f s", kills,
                                absl::ToDoubleSeconds(slowest)));
}

// As after a restore that lost them: each is made again where it was, and nothing is skipped.
TEST(RedisKillTest, LostGroupsGoOnWhereTheyWere) {
  std::mt19937_64 chance = Chance();
  const auto house = HouseUnderLoad::Start({.instances = 1});
  ASSERT_NE(house, nullptr);
  test_support::RedisServer& redis = house->cluster().redis();
  const std::vector<std::string> streams = EventStreams();
  int64_t destroyed = 0;
  const int rounds = Full() ? 20 : 4;
  for (int round = 0; round < rounds; ++round) {
    LetPass(DrawDuration(chance, absl::Milliseconds(200), absl::Seconds(1)));
    const bool killed = chance() % 2 == 0;
    if (killed) {
      redis.Kill();
      redis.Restart();
    }
    for (int i = 0; i < 12; ++i) {
      const std::string& stream = streams[chance() % streams.size()];
      const std::string& group =
          test_support::ServiceNames()[chance() % test_support::ServiceNames().size()];
      // One that has acknowledged nothing yet begins at the beginning, as a new one: not reported.
      if (redis.Call({"HGET", chassis::Keys::PositionsOfStream(stream), group}).is_nil()) continue;
      const chassis::redis::Reply gone = redis.Call({"XGROUP", "DESTROY", stream, group});
      if (!gone.is_error()) destroyed += gone.integer();
    }
  }
  EXPECT_GT(destroyed, 0);
  house->AwaitProgress(10);
  // A partition where nothing happens looks after its group every two seconds.
  double remade = 0;
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (remade < static_cast<double>(destroyed) && absl::Now() < end) {
    LetPass(absl::Milliseconds(100));
    remade = 0;
    for (const std::string& name : house->cluster().Instances()) {
      remade += ReadMetric(house->cluster(), name, "fuju_group_recreated_total").value_or(0);
    }
  }
  EXPECT_GE(remade, destroyed) << "not every lost group was reported";
  house->Finish(absl::StrFormat("%d groups lost, %.0f made again and counted", destroyed, remade));
}

}  // namespace
}  // namespace fuju::chaos
