#include <memory>

#include "gtest/gtest.h"

#include "chassis/store/raw_store.h"
#include "chassis/values/refusal.h"
#include "integration/store/sample_aggregate.h"
#include "integration/streams/held_answers.h"
#include "integration/streams/streams_fixture.h"
#include "integration/streams/unreliable_client.h"
#include "support/awaited.h"

namespace fuju::chassis {
namespace {

using TakeoverTest = StreamsFixture;

// A holder that can not renew its leases stops by itself; the next one gets what it had not
// finished, before anything new.
TEST_F(TakeoverTest, APartitionMovesWithItsPendingEntriesFirst) {
  UnreliableClient dying(client_.get());
  HandledLog first_log;
  HeldAnswers never;
  Publish(0, "a", 1);
  Publish(0, "a", 2);
  auto first = Start(React(never.Handler(first_log)), QuickOptions("first"), {}, &dying);
  ASSERT_TRUE(first_log.Await("a@1"));
  Eventually("both partitions are held", [&] { return first->Held().size() == 2; });
  dying.CutOff();
  Eventually("it has stopped by itself", [&] { return first->Held().empty(); });
  Publish(0, "a", 3);

  HandledLog second_log;
  const auto second = Start(Log(second_log), QuickOptions("second"));
  ASSERT_TRUE(second_log.AwaitSize(3));
  EXPECT_EQ(second_log.Lines(), (std::vector<std::string>{"a@1", "a@2", "a@3"}));
  // The late answer of the first holder does nothing.
  never.Answer("a@1", absl::InternalError("late"));
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });
  EXPECT_EQ(first_log.Lines(), (std::vector<std::string>{"a@1"}));
  EXPECT_EQ(Redis({"HLEN", keys_.Retries(0)}).integer(), 0);
}

// As after SIGSTOP: the holder does not know yet that its lease is gone.
TEST_F(TakeoverTest, TheLateCommitOfAFormerHolderIsRefused) {
  const auto store = MakeRedisStore(client_.get(), keys_, &clock_, {});
  const SampleStore samples(store.get(), SampleKind());
  const int partition = keys_.PartitionOf("r1");
  HandledLog first_log;
  HeldAnswers held;
  Publish(partition, "a", 1);
  ConsumerOptions options = QuickOptions("first");
  options.lease_ttl = absl::Seconds(30);
  UnreliableClient asleep(client_.get());
  const auto first = Start(React(held.Handler(first_log)), options, {}, &asleep);
  ASSERT_TRUE(first_log.Await("a@1"));
  asleep.CutOff();
  Redis({"DEL", keys_.Lease(0), keys_.Members()});
  Redis({"DEL", keys_.Lease(1)});

  HandledLog second_log;
  const auto second =
      Start(React([&](const Delivery& delivery, const ReactionDone& done) {
              samples.Update("r1-x", delivery.ToCommand(keys_.service()), Add(1),
                             [&, done](const absl::StatusOr<Committed<SampleState>>& committed) {
                               second_log.Add("committed");
                               done(committed.status());
                             });
            }),
            QuickOptions("second"));
  ASSERT_TRUE(second_log.Await("committed"));

  test_support::Awaited<absl::StatusOr<Committed<SampleState>>> late;
  samples.Update("r1-x", held.DeliveryOf("a@1").ToCommand(keys_.service()), Add(1),
                 late.Callback());
  EXPECT_EQ(ReasonOf(late.Wait().status()), "FENCED");
  held.Answer("a@1", late.Wait().status());
  Eventually("the former holder has given up", [&] {
    const std::vector<int> mine = first->Held();
    return std::find(mine.begin(), mine.end(), partition) == mine.end();
  });
  test_support::Awaited<absl::StatusOr<Versioned<SampleState>>> state;
  samples.Get("r1-x", absl::InfiniteFuture(), state.Callback());
  EXPECT_EQ(ValueOf(state.Wait()->state), 1);
}

// An XREADGROUP of a former holder would take entries that the new holder never sees. Its handlers
// may have begun early; they can not commit.
TEST_F(TakeoverTest, AFormerHolderReadsNothing) {
  HandledLog first_log;
  ConsumerOptions options = QuickOptions("first");
  options.lease_ttl = absl::Seconds(30);
  const auto first = Start(Log(first_log), options);
  Eventually("both partitions are held", [&] { return first->Held().size() == 2; });
  // Someone else has the leases and does not read yet.
  for (int partition = 0; partition < kPartitions; ++partition) {
    Redis({"SET", keys_.Lease(partition), "other|99", "PX", "60000"});
    Publish(partition, "a", 1);
  }
  Eventually("it has noticed", [&] { return first->Held().empty(); });
  EXPECT_EQ(Pending(0) + Pending(1), 0);
  EXPECT_EQ(Position(0) + Position(1), "");
}

TEST_F(TakeoverTest, APendingEntryWithoutABodyIsCountedAndAcknowledged) {
  Redis({"XGROUP", "CREATE", source_.Events(0), keys_.service(), "0", "MKSTREAM"});
  const std::string gone = Publish(0, "a", 1);
  Publish(0, "a", 2);
  Redis({"XREADGROUP", "GROUP", keys_.service(), "dead", "STREAMS", source_.Events(0), ">"});
  Redis({"XDEL", source_.Events(0), gone});
  HandledLog log;
  const auto consumer = Start(Log(log), QuickOptions("i"));
  ASSERT_TRUE(log.Await("a@2"));
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });
  EXPECT_EQ(Metric("fuju_pending_without_body_total"), 1);
  EXPECT_EQ(log.Lines().size(), 1u);
}

// More pending entries than a page of XAUTOCLAIM, with empty pages between.
TEST_F(TakeoverTest, AllPagesOfPendingEntriesAreTakenOver) {
  Redis({"XGROUP", "CREATE", source_.Events(0), keys_.service(), "0", "MKSTREAM"});
  std::vector<std::string> ids;
  for (int version = 1; version <= 60; ++version) ids.push_back(Publish(0, "a", version));
  Redis({"XREADGROUP", "GROUP", keys_.service(), "dead", "STREAMS", source_.Events(0), ">"});
  for (int i = 5; i < 45; ++i) Redis({"XDEL", source_.Events(0), ids[i]});
  HandledLog log;
  ConsumerOptions options = QuickOptions("i");
  options.read_count = 4;
  const auto consumer = Start(Log(log), options);
  ASSERT_TRUE(log.AwaitSize(20));
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });
  EXPECT_EQ(Metric("fuju_pending_without_body_total"), 40);
  EXPECT_EQ(log.Lines().front(), "a@1");
  EXPECT_EQ(log.Lines().back(), "a@60");
}

TEST_F(TakeoverTest, IdleConsumersWithoutPendingEntriesAreDeleted) {
  Redis({"XGROUP", "CREATE", source_.Events(0), keys_.service(), "0", "MKSTREAM"});
  Publish(0, "a", 1);
  Redis({"XREADGROUP", "GROUP", keys_.service(), "dead", "STREAMS", source_.Events(0), ">"});
  Redis({"XGROUP", "CREATECONSUMER", source_.Events(0), keys_.service(), "idle"});
  HandledLog log;
  HeldAnswers held;
  ConsumerOptions options = QuickOptions("i");
  options.consumer_idle = absl::ZeroDuration();
  const auto consumer = Start(React(held.Handler(log)), options);
  ASSERT_TRUE(log.Await("a@1"));
  const auto names = [&] {
    std::string found;
    const redis::Reply consumers =
        Redis({"XINFO", "CONSUMERS", source_.Events(0), keys_.service()});
    for (const redis::Reply& info : consumers.items()) found += info[1].text() + " ";
    return found;
  };
  Eventually("only the holder is left", [&] { return names() == "i "; });
  EXPECT_EQ(Pending(0), 1);
  held.Answer("a@1");
}

}  // namespace
}  // namespace fuju::chassis
