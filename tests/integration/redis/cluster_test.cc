#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "chassis/redis/blocking_connection.h"
#include "chassis/redis/pipelined_client.h"
#include "chassis/values/refusal.h"
#include "support/awaited.h"
#include "support/redis_cluster.h"

namespace fuju::chassis::redis {
namespace {

using test_support::Awaited;
using test_support::RedisCluster;
using Answer = absl::StatusOr<Reply>;

constexpr absl::Duration kLong = absl::Seconds(30);

// Two keys of one slot; both are written, so both must be there or none.
const Script& PairScript() {
  static const Script* const kScript = new Script(
      "redis.call('SET', KEYS[1], ARGV[1]) redis.call('SET', KEYS[2], ARGV[1]) return ARGV[1]");
  return *kScript;
}

// One cluster for all tests: each leaves it whole. Its slots may be elsewhere afterwards.
class ClusterTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_ = std::make_unique<RedisCluster>(); }
  static void TearDownTestSuite() { cluster_.reset(); }

  void SetUp() override { Follow(cluster_->deployment()); }

  void Follow(const Deployment& deployment) {
    client_.reset();
    topology_.reset();
    moved_ = asked_ = try_again_ = 0;
    TopologyEvents events;
    events.redirected = [this](Redirection redirection) {
      switch (redirection) {
        case Redirection::kMoved:
          ++moved_;
          break;
        case Redirection::kAsk:
          ++asked_;
          break;
        case Redirection::kTryAgain:
          ++try_again_;
      }
    };
    topology_ = Topology::Follow(deployment, std::move(events));
    client_ = PipelinedClient::Start({.topology = topology_});
  }

  // A primary that does not have the slot.
  static int Another(int slot) {
    const int owner = cluster_->OwnerOf(slot);
    for (int probe = 0; probe < kSlots; probe += kSlots / 16) {
      const int other = cluster_->OwnerOf(probe);
      if (other >= 0 && other != owner) return other;
    }
    return -1;
  }

  static std::unique_ptr<RedisCluster> cluster_;
  std::atomic<int> moved_ = 0;
  std::atomic<int> asked_ = 0;
  std::atomic<int> try_again_ = 0;
  std::shared_ptr<Topology> topology_;
  std::unique_ptr<PipelinedClient> client_;
};

std::unique_ptr<RedisCluster> ClusterTest::cluster_;

TEST_F(ClusterTest, CommandsGoToTheNodeThatHasTheirSlot) {
  // The first waits for the layout.
  ASSERT_TRUE(client_->Call({"SET", "routed", "0"}, kLong).ok());
  constexpr int kKeys = 3000;
  std::vector<Awaited<Answer>> answers(kKeys);
  std::set<int> owners;
  for (int i = 0; i < kKeys; ++i) {
    client_->Send({"SET", absl::StrCat("routed:", i), absl::StrCat(i)}, kLong,
                  answers[i].Callback());
  }
  for (int i = 0; i < kKeys; ++i) ASSERT_EQ(answers[i].Wait()->text(), "OK");
  EXPECT_EQ(moved_, 0) << "every one was sent to the right node at once";
  for (int i = 0; i < 30; ++i) {
    const std::string key = absl::StrCat("routed:", i);
    owners.insert(cluster_->OwnerOf(SlotOfKey(key)));
    EXPECT_EQ(client_->Call({"GET", key}, kLong)->text(), absl::StrCat(i));
  }
  EXPECT_EQ(owners.size(), 3u);
}

TEST_F(ClusterTest, AScriptGoesWhereItsKeysAre) {
  for (int i = 0; i < 20; ++i) {
    const std::string tag = absl::StrCat("{script", i, "}");
    const Answer answer = client_->CallScript(PairScript(), {tag + "a", tag + "b"}, {"x"}, kLong);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->text(), "x");
  }
  // Not for us to repair: keys of one call have one tag.
  const Answer crossing = client_->CallScript(PairScript(), {"{1}a", "{2}b"}, {"x"}, kLong);
  EXPECT_TRUE(crossing->is_error());
}

TEST_F(ClusterTest, OneSeedThatLivesIsEnough) {
  Deployment deployment = cluster_->deployment();
  const Address living = deployment.seeds[4];
  deployment.seeds = {{.host = "127.0.0.1", .port = 1}, {.host = "127.0.0.1", .port = 2}, living};
  Follow(deployment);
  EXPECT_TRUE(client_->Call({"SET", "seeded", "1"}, kLong).ok());
  EXPECT_EQ(topology_->nodes().size(), 6u);
}

TEST_F(ClusterTest, WithoutANodeCallsEndInTimeAndSaySo) {
  Follow({.kind = Deployment::Kind::kCluster, .seeds = {{.host = "127.0.0.1", .port = 1}}});
  const Answer answer = client_->Call({"GET", "k"}, absl::Milliseconds(200));
  EXPECT_TRUE(absl::IsUnavailable(answer.status())) << answer.status();
  EXPECT_EQ(ReasonOf(answer.status()), "STORE_UNAVAILABLE");
  Awaited<Answer> waiting;
  client_->Send({"GET", "k"}, kLong, waiting.Callback());
  client_.reset();
  ASSERT_TRUE(waiting.HasAnswer()) << "a client that stops answers everything";
  EXPECT_TRUE(absl::IsUnavailable(waiting.Wait().status()));
}

TEST_F(ClusterTest, FollowsASlotThatHasMoved) {
  const int slot = SlotOfKey("{moved}");
  ASSERT_TRUE(client_->Call({"SET", "{moved}k", "1"}, kLong).ok());
  cluster_->MoveSlot(slot, Another(slot));
  EXPECT_EQ(client_->Call({"GET", "{moved}k"}, kLong)->text(), "1");
  const int told = moved_;
  EXPECT_EQ(client_->Call({"GET", "{moved}k"}, kLong)->text(), "1");
  EXPECT_EQ(moved_, told) << "it was learned the first time";
}

// While keys of a slot are on their way, single keys are asked for where they are; a script runs
// only when all its keys are in one place, and waits until then.
TEST_F(ClusterTest, DuringAMigrationNothingIsRefusedAndScriptsStayWhole) {
  const int slot = SlotOfKey("{way}");
  constexpr int kKeys = 40;
  for (int i = 0; i < kKeys; ++i) {
    ASSERT_TRUE(client_->Call({"SET", absl::StrCat("{way}", i), absl::StrCat(i)}, kLong).ok());
  }
  std::vector<Awaited<Answer>> pairs;
  int rounds = 0;
  cluster_->MoveSlot(slot, Another(slot), 5, [&] {
    for (int i = 0; i < kKeys; ++i) {
      const Answer value = client_->Call({"GET", absl::StrCat("{way}", i)}, kLong);
      ASSERT_TRUE(value.ok()) << value.status();
      ASSERT_EQ(value->text(), absl::StrCat(i));
    }
    // One key that is there and one that is new: neither node takes it now.
    pairs.emplace_back();
    client_->Eval(PairScript(), {"{way}0", absl::StrCat("{way}new", rounds++)}, {"0"}, kLong,
                  pairs.back().Callback());
    const Answer hasty =
        client_->CallScript(PairScript(), {"{way}0", "{way}never"}, {"0"}, absl::Milliseconds(50));
    EXPECT_TRUE(absl::IsUnavailable(hasty.status())) << hasty.status();
  });
  for (const auto& pair : pairs) {
    const Answer answer = pair.Wait();
    ASSERT_TRUE(answer.ok()) << answer.status();
  }
  EXPECT_EQ(client_->Call({"EXISTS", "{way}never"}, kLong)->integer(), 0) << "was not applied";
  for (int i = 0; i < rounds; ++i) {
    EXPECT_EQ(client_->Call({"GET", absl::StrCat("{way}new", i)}, kLong)->text(), "0");
  }
  EXPECT_GT(asked_, 0);
  EXPECT_GT(try_again_, 0);
}

TEST_F(ClusterTest, ABlockedReaderGoesWhereItsStreamGoes) {
  const std::string stream = "{reader}s";
  const int slot = SlotOfKey(stream);
  ASSERT_TRUE(client_->Call({"XADD", stream, "1-0", "f", "v"}, kLong).ok());
  BlockingConnection reader(topology_, stream);
  std::atomic<bool> waits = false;
  std::optional<std::string> read;
  std::thread thread([&] {
    const absl::Time deadline = absl::Now() + kLong;
    while (!read.has_value() && absl::Now() < deadline) {
      waits = true;
      const Answer reply =
          reader.Call({"XREAD", "BLOCK", "5000", "STREAMS", stream, "1-0"}, absl::Seconds(5));
      if (reply.ok() && reply->is_array()) read = (*reply)[0][1][0][0].text();
    }
  });
  while (!waits) absl::SleepFor(absl::Milliseconds(1));
  cluster_->MoveSlot(slot, Another(slot));
  ASSERT_TRUE(client_->Call({"XADD", stream, "2-0", "f", "v"}, kLong).ok());
  thread.join();
  EXPECT_EQ(read.value_or("nothing"), "2-0");
}

// Writes go on while a primary dies; each is answered once, and what a replica had confirmed is
// there afterwards.
TEST_F(ClusterTest, AfterAFailoverWhatWasConfirmedIsThere) {
  cluster_->AwaitSettled(1);
  const int slot = SlotOfKey("{over}");
  const int old = cluster_->OwnerOf(slot);
  const Script write("return redis.call('SET', KEYS[1], ARGV[1])");
  std::atomic<bool> enough = false;
  std::atomic<int> confirmed = 0;
  std::set<int> kept;
  int lost = 0;
  std::thread writer([&] {
    for (int i = 0; !enough; ++i) {
      Awaited<Answer> answer;
      client_->EvalAndWait(write, {absl::StrCat("{over}", i)}, {absl::StrCat(i)}, 1,
                           absl::Seconds(2), answer.Callback());
      if (answer.Wait().ok()) {
        kept.insert(i);
        ++confirmed;
      } else {
        ++lost;
      }
    }
  });
  const auto await = [&](int more) {
    const int goal = confirmed + more;
    const absl::Time deadline = absl::Now() + kLong;
    while (confirmed < goal && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(1));
    EXPECT_GE(confirmed, goal);
  };
  await(200);
  cluster_->Kill(old);
  const int next = cluster_->AwaitNewOwner(slot, old);
  EXPECT_NE(next, old);
  cluster_->Start(old);  // as a replica of the new one, so that a replica can confirm again
  await(200);
  enough = true;
  writer.join();
  EXPECT_GT(lost, 0);
  for (const int i : kept) {
    ASSERT_EQ(client_->Call({"GET", absl::StrCat("{over}", i)}, kLong)->text(), absl::StrCat(i))
        << "was confirmed";
  }
  cluster_->AwaitSettled(1);
}

// A primary that hangs is replaced; when it runs on, it is not asked any more.
TEST_F(ClusterTest, APrimaryThatHangsIsLeft) {
  cluster_->AwaitSettled(1);
  const int slot = SlotOfKey("{hang}");
  const int old = cluster_->OwnerOf(slot);
  ASSERT_TRUE(client_->Call({"SET", "{hang}k", "before"}, kLong).ok());
  cluster_->Pause(old);
  cluster_->AwaitNewOwner(slot, old);
  const absl::Time deadline = absl::Now() + kLong;
  Answer answer = absl::UnknownError("");
  while (!answer.ok() && absl::Now() < deadline) {
    answer = client_->Call({"SET", "{hang}k", "after"}, absl::Seconds(1));
  }
  EXPECT_TRUE(answer.ok()) << answer.status();
  cluster_->Resume(old);
  EXPECT_EQ(client_->Call({"GET", "{hang}k"}, kLong)->text(), "after");
  cluster_->AwaitSettled(1);
  EXPECT_EQ(client_->Call({"GET", "{hang}k"}, kLong)->text(), "after");
}

}  // namespace
}  // namespace fuju::chassis::redis
