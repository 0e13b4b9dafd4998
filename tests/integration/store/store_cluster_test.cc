#include <memory>
#include <string>
#include <vector>

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

// A client of a cluster, for stores of one service.
struct StoreClient {
  explicit StoreClient(RedisCluster& cluster)
      : client(redis::PipelinedClient::Start(
            {.topology = redis::Topology::Follow(cluster.deployment())})) {}

  std::unique_ptr<RawStore> NewStore() const {
    RedisStoreOptions options;
    options.command_timeout = kLong;
    options.sharded = true;
    return MakeRedisStore(client.get(), keys, &clock, options);
  }

  Keys keys{"moving", 16};
  test_support::FakeClock clock;
  std::unique_ptr<redis::PipelinedClient> client;
};

// A commit during a migration of its slot, while all its keys are still at the old node. It empties
// the timers and sets one again: in its midst the old node does not have that key any more, and
// would have broken the script off between the state and its fact.
TEST(StoreClusterTest, ACommitIsWholeAlsoWhileItsSlotMoves) {
  RedisCluster cluster;
  const StoreClient on(cluster);
  const Keys& keys = on.keys;
  const auto store = on.NewStore();
  SampleStore samples(store.get(), SampleKind());
  const auto update = [&samples](const char* state, Awaited<Result>& answer) {
    Command command;
    command.actor = "operator:test";
    samples.Update("1-a", std::move(command), SetTo(state), answer.Callback());
  };
  const int partition = keys.PartitionOf("1");
  ASSERT_TRUE(on.client->Call({"SET", keys.Lease(partition), "held"}, kLong).ok());
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
      ASSERT_TRUE(on.client->Call({"EXISTS", keys.Events(partition)}, kLong).ok());
    }
    EXPECT_FALSE(second.HasAnswer());
  });
  const Result committed = second.Wait();
  ASSERT_TRUE(committed.ok()) << committed.status();
  EXPECT_EQ(committed->version, 2);
  EXPECT_EQ(on.client->Call({"XLEN", keys.Events(partition)}, kLong)->integer(), 2);
  EXPECT_EQ(on.client->Call({"ZCARD", keys.Timers(partition)}, kLong)->integer(), 1);
}

// A change that has to be read first, at every moment of a migration: when the aggregate has gone
// to the new node, and what is remembered of requests has not, the answers to two commands would
// come in the wrong order.
TEST(StoreClusterTest, AReadBeforeAChangeIsWholeWhileItsSlotMoves) {
  constexpr int kAggregates = 8;
  RedisCluster cluster;
  const StoreClient on(cluster);
  const Keys& keys = on.keys;
  const auto writing = on.NewStore();
  const SampleStore writer(writing.get(), SampleKind());
  const auto update = [](const SampleStore& store, int aggregate, const std::string& request,
                         Awaited<Result>& answer) {
    Command command;
    command.actor = "operator:test";
    command.request_id = request;
    command.request_scope = "1";
    store.Update(absl::StrCat("1-", aggregate), std::move(command), SetTo("{}"), answer.Callback());
  };
  const int partition = keys.PartitionOf("1");
  ASSERT_TRUE(on.client->Call({"SET", keys.Lease(partition), "held"}, kLong).ok());
  // Requests of both generations are remembered at the old node, and made first, so that they move
  // last.
  const auto change = [](int aggregate, size_t time) {
    return absl::StrCat("change-", aggregate, "-", time);
  };
  constexpr size_t kMostTimes = 64;
  for (size_t time = 0; time < kMostTimes; ++time) {
    for (int i = 0; i < kAggregates; ++i) {
      const Keys::RequestRecord record = keys.RecordOf(partition, "1", change(i, time));
      for (const std::string& generation : {record.even, record.odd}) {
        ASSERT_TRUE(on.client->Call({"HSET", generation, "another", "request|"}, kLong).ok());
      }
    }
  }
  for (int i = 0; i < kAggregates; ++i) {
    Awaited<Result> made;
    update(writer, i, absl::StrCat("make-", i), made);
    ASSERT_TRUE(made.Wait().ok()) << made.Wait().status();
  }
  // Each remembers nothing, so each has to read.
  std::vector<std::unique_ptr<RawStore>> stores;
  std::vector<Awaited<Result>> answers;
  const int slot = redis::SlotOfKey(keys.Events(partition));
  cluster.MoveSlot(slot, (cluster.OwnerOf(slot) + 1) % RedisCluster::kPrimaries, 1, [&] {
    if (stores.size() == kMostTimes) return;
    stores.push_back(on.NewStore());
    const SampleStore store(stores.back().get(), SampleKind());
    for (int i = 0; i < kAggregates; ++i) {
      update(store, i, change(i, stores.size() - 1), answers.emplace_back());
    }
    // Redis has answered what was sent before this.
    ASSERT_TRUE(on.client->Call({"EXISTS", keys.Events(partition)}, kLong).ok());
  });
  ASSERT_GT(stores.size(), static_cast<size_t>(kAggregates));
  int64_t made = kAggregates;
  for (const Awaited<Result>& answer : answers) {
    const Result changed = answer.Wait();
    // All wait for the end of the migration, then compete.
    EXPECT_TRUE(changed.ok() || absl::IsAborted(changed.status())) << changed.status();
    if (changed.ok()) ++made;
  }
  EXPECT_GT(made, kAggregates);
  EXPECT_EQ(on.client->Call({"XLEN", keys.Events(partition)}, kLong)->integer(), made);
}

// More commits than are on their way at once wait for a node that does not answer; those of other
// partitions do not.
TEST(StoreClusterTest, NoPartitionWaitsForTheNodeOfAnother) {
  RedisCluster cluster;
  const StoreClient on(cluster);
  const Keys& keys = on.keys;
  const auto store = on.NewStore();
  SampleStore samples(store.get(), SampleKind());
  const auto node_of = [&](int route) {
    const int partition = keys.PartitionOf(absl::StrCat(route));
    return cluster.OwnerOf(redis::SlotOfKey(keys.Events(partition)));
  };
  int elsewhere = 1;
  while (node_of(elsewhere) == node_of(0)) ++elsewhere;
  const auto update = [&samples](int route, int number, Awaited<Result>& answer) {
    Command command;
    command.actor = "operator:test";
    samples.Update(absl::StrCat(route, "-", number), std::move(command), Add(1), answer.Callback());
  };
  // Known from here on, so that nothing is read.
  constexpr int kAggregates = 8;
  for (int i = 0; i < kAggregates; ++i) {
    for (const int route : {0, elsewhere}) {
      Awaited<Result> made;
      update(route, i, made);
      ASSERT_TRUE(made.Wait().ok()) << made.Wait().status();
    }
  }
  const int stuck_node = node_of(0);
  std::vector<Awaited<Result>> stuck(kAggregates);
  cluster.Pause(stuck_node);
  // One after the other comes to the I/O thread, so that each would be a round of its own.
  for (int i = 0; i < kAggregates; ++i) {
    update(0, i, stuck[i]);
    Awaited<Result> other;
    update(elsewhere, i, other);
    EXPECT_TRUE(other.Wait().ok()) << other.Wait().status();
  }
  for (const Awaited<Result>& answer : stuck) EXPECT_FALSE(answer.HasAnswer());
  cluster.Resume(stuck_node);
  for (const Awaited<Result>& answer : stuck) EXPECT_TRUE(answer.Wait().ok());
}

}  // namespace
}  // namespace fuju::chassis
