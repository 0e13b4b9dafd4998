#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "chassis/redis/pipelined_client.h"
#include "chassis/store/keys.h"
#include "integration/store/sample_aggregate.h"
#include "support/awaited.h"
#include "support/fake_clock.h"
#include "support/redis_cluster.h"

namespace fuju::chassis {
namespace {

using test_support::Awaited;
using test_support::RedisCluster;
using Result = absl::StatusOr<Committed<SampleState>>;

constexpr absl::Duration kLong = absl::Seconds(30);

// A commit during a migration of its slot, while all its keys are still at the old node. It empties
// the timers and sets one again: in its midst the old node does not have that key any more, and
// would have broken the script off between the state and its fact.
TEST(StoreClusterTest, ACommitIsWholeAlsoWhileItsSlotMoves) {
  RedisCluster cluster;
  const Keys keys("moving", 16);
  const test_support::FakeClock clock;
  const auto client =
      redis::PipelinedClient::Start({.topology = redis::Topology::Follow(cluster.deployment())});
  RedisStoreOptions options;
  options.command_timeout = kLong;
  const auto store = MakeRedisStore(client.get(), keys, &clock, options);
  SampleStore samples(store.get(), SampleKind());
  const auto update = [&samples](const char* state, Awaited<Result>& answer) {
    Command command;
    command.actor = "operator:test";
    samples.Update("1-a", std::move(command), SetTo(state), answer.Callback());
  };
  const int partition = keys.PartitionOf("1");
  ASSERT_TRUE(client->Call({"SET", keys.Lease(partition), "held"}, kLong).ok());
  Awaited<Result> first;
  update(R"({"holdings": {"money": 5}, "timers": {"due": 99}})", first);
  ASSERT_TRUE(first.Wait().ok()) << first.Wait().status();

  Awaited<Result> second;
  bool begun = false;
  const int slot = redis::SlotOfKey(keys.Events(partition));
  const int from = cluster.OwnerOf(slot);
  cluster.MoveSlot(slot, (from + 1) % RedisCluster::kPrimaries, 100, [&] {
    if (!std::exchange(begun, true)) {
      update(R"({"holdings": {"money": 5}, "timers": {"later": 100}})", second);
      // Redis has answered what was sent before this.
      ASSERT_TRUE(client->Call({"EXISTS", keys.Events(partition)}, kLong).ok());
    }
    EXPECT_FALSE(second.HasAnswer());
  });
  const Result committed = second.Wait();
  ASSERT_TRUE(committed.ok()) << committed.status();
  EXPECT_EQ(committed->version, 2);
  EXPECT_EQ(client->Call({"XLEN", keys.Events(partition)}, kLong)->integer(), 2);
  EXPECT_EQ(client->Call({"ZCARD", keys.Timers(partition)}, kLong)->integer(), 1);
}

}  // namespace
}  // namespace fuju::chassis
