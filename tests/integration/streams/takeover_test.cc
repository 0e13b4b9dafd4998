#include <memory>

#include "absl/strings/str_cat.h"
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
TEST_F(TakeoverTest, APartitionMovesWithWhatWasInHandFirst) {
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

// It may still read, and its handlers may have begun; what they commit is fenced, and nothing is
// acknowledged that another holder is responsible for.
TEST_F(TakeoverTest, AFormerHolderAcknowledgesNothing) {
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
  EXPECT_EQ(Position(0) + Position(1), "");
  EXPECT_EQ(Handed(0) + Handed(1), "");
}

// The holder is gone while one entry is not done: the next one gets that, and none of those behind
// it that are.
TEST_F(TakeoverTest, WhatIsDoneBehindAnEntryThatIsNotDoesNotComeAgain) {
  UnreliableClient dying(client_.get());
  HandledLog first_log;
  HeldAnswers answers;
  const std::string slow = Publish(0, "slow", 1);
  for (int version = 1; version <= 5; ++version) Publish(0, "a", version);
  const Reactions::Handler hold = answers.Handler(first_log);
  auto first = Start(React([&](const Delivery& delivery, const ReactionDone& done) {
                       if (delivery.event->subject() == "slow") return hold(delivery, done);
                       first_log.Add(NameOf(delivery));
                       done(absl::OkStatus());
                     }),
                     QuickOptions("first"), {}, &dying);
  ASSERT_TRUE(first_log.Await("a@5"));
  Eventually("five are told", [&] { return Pending(0) == 1; });
  EXPECT_LT(Position(0), slow);
  dying.CutOff();
  Eventually("it has stopped by itself", [&] { return first->Held().empty(); });

  HandledLog second_log;
  Publish(0, "a", 6);
  const auto second = Start(Log(second_log), QuickOptions("second"));
  ASSERT_TRUE(second_log.AwaitSize(2));
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });
  EXPECT_EQ(second_log.Lines(), (std::vector<std::string>{"slow@1", "a@6"}));
  EXPECT_EQ(Handed(0), "");
  EXPECT_EQ(Redis({"HLEN", keys_.Retries(0)}).integer(), 0);
}

// The second holder is gone, too, before it has read as far as the first one was.
TEST_F(TakeoverTest, WhatWasToldIsNotForgottenByAHolderThatHasNotReadItYet) {
  const std::string slow = Publish(0, "slow", 1);
  Publish(0, "slower", 1);
  Publish(0, "slowest", 1);
  for (int version = 1; version <= 5; ++version) Publish(0, "a", version);
  HandledLog log;
  HeldAnswers never;
  {
    UnreliableClient dying(client_.get());
    const Reactions::Handler hold = never.Handler(log);
    auto first = Start(React([&](const Delivery& delivery, const ReactionDone& done) {
                         if (delivery.event->subject() != "a") return hold(delivery, done);
                         log.Add(NameOf(delivery));
                         done(absl::OkStatus());
                       }),
                       QuickOptions("first"), {}, &dying);
    ASSERT_TRUE(log.AwaitSize(8));
    Eventually("five are told", [&] { return Pending(0) == 3; });
    dying.CutOff();
    Eventually("it has stopped by itself", [&] { return first->Held().empty(); });
  }
  HandledLog second_log;
  HeldAnswers answers;
  {
    UnreliableClient dying(client_.get());
    ConsumerOptions options = QuickOptions("second");
    // It never has more than two in hand.
    options.read_count = 1;
    auto second = Start(React(answers.Handler(second_log)), options, {}, &dying);
    ASSERT_TRUE(second_log.Await("slow@1"));
    answers.Answer("slow@1");
    Eventually("one is acknowledged", [&] { return Position(0) >= slow; });
    ASSERT_TRUE(second_log.Await("slower@1"));
    dying.CutOff();
    Eventually("it has stopped by itself", [&] { return second->Held().empty(); });
  }
  HandledLog third_log;
  const auto third = Start(Log(third_log), QuickOptions("third"));
  ASSERT_TRUE(third_log.AwaitSize(2));
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });
  // In any order: the second holder may have died of the slower one, which runs last.
  EXPECT_EQ(third_log.Lines().size(), 2u);
  EXPECT_EQ(third_log.Count("slower@1") + third_log.Count("slowest@1"), 2);
  EXPECT_EQ(Handed(0), "");
}

// More that are not done than are named: what is behind them comes again.
TEST_F(TakeoverTest, NothingIsSkippedWhenMuchIsInHand) {
  UnreliableClient dying(client_.get());
  HandledLog first_log;
  HeldAnswers never;
  constexpr int kSlow = 100;
  for (int i = 0; i < kSlow; ++i) {
    Publish(0, absl::StrCat("slow", i), 1);
    Publish(0, absl::StrCat("quick", i), 1);
  }
  const Reactions::Handler hold = never.Handler(first_log);
  auto first = Start(React([&](const Delivery& delivery, const ReactionDone& done) {
                       if (delivery.event->subject().starts_with("slow")) {
                         return hold(delivery, done);
                       }
                       first_log.Add(NameOf(delivery));
                       done(absl::OkStatus());
                     }),
                     QuickOptions("first"), {}, &dying);
  ASSERT_TRUE(first_log.AwaitSize(size_t{2} * kSlow));
  Eventually("some are told", [&] { return Pending(0) < 2 * kSlow; });
  dying.CutOff();
  Eventually("it has stopped by itself", [&] { return first->Held().empty(); });
  HandledLog second_log;
  const auto second = Start(Log(second_log), QuickOptions("second"));
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });
  for (int i = 0; i < kSlow; ++i) EXPECT_EQ(second_log.Count(absl::StrCat("slow", i, "@1")), 1);
}

// So that what it did not begin is not suspected (FormerHoldingTest).
TEST_F(TakeoverTest, AHolderThatLeavesInGoodOrderSaysSo) {
  Publish(0, "a", 1);
  HandledLog log;
  auto first = Start(Log(log), QuickOptions("first"));
  ASSERT_TRUE(log.Await("a@1"));
  first->Stop(absl::Seconds(10));
  const std::string left = source_.service() + "|left";
  EXPECT_EQ(Redis({"HGET", keys_.Handed(0), left}).text(), "1");
  Publish(0, "a", 2);
  auto second = Start(Log(log), QuickOptions("second"));
  ASSERT_TRUE(log.Await("a@2"));
  // Only the next one is told: if that one dies, the word counts no more.
  EXPECT_EQ(Redis({"HEXISTS", keys_.Handed(0), left}).integer(), 0);
}

TEST_F(TakeoverTest, AnEntryInHandThatIsGoneIsCounted) {
  UnreliableClient dying(client_.get());
  HandledLog first_log;
  HeldAnswers answers;
  const std::string gone = Publish(0, "a", 1);
  Publish(0, "b", 1);
  auto first = Start(React(answers.Handler(first_log)), QuickOptions("first"), {}, &dying);
  ASSERT_TRUE(first_log.AwaitSize(2));
  answers.Answer("b@1");
  Eventually("one is told", [&] { return Pending(0) == 1; });
  dying.CutOff();
  Eventually("it has stopped by itself", [&] { return first->Held().empty(); });
  Redis({"XDEL", source_.Events(0), gone});
  HandledLog log;
  const auto second = Start(Log(log), QuickOptions("second"));
  Publish(0, "b", 2);
  ASSERT_TRUE(log.Await("b@2"));
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });
  EXPECT_EQ(Metric("fuju_pending_without_body_total"), 1);
  EXPECT_EQ(log.Lines(), (std::vector<std::string>{"b@2"}));
}

// Builds before adr/0026 kept what was in hand in the group's pending list.
TEST_F(TakeoverTest, WhatAnOlderBuildHadInHandComesAgain) {
  Redis({"XGROUP", "CREATE", source_.Events(0), keys_.service(), "0", "MKSTREAM"});
  std::vector<std::string> ids;
  for (int version = 1; version <= 5; ++version) ids.push_back(Publish(0, "a", version));
  Redis({"XREADGROUP", "GROUP", keys_.service(), "dead", "COUNT", "4", "STREAMS", source_.Events(0),
         ">"});
  Redis({"XACK", source_.Events(0), keys_.service(), ids[0], ids[2]});
  Redis({"HSET", source_.Positions(0), keys_.service(), ids[0]});
  HandledLog log;
  const auto consumer = Start(Log(log), QuickOptions("i"));
  ASSERT_TRUE(log.Await("a@5"));
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });
  EXPECT_EQ(log.Lines(), (std::vector<std::string>{"a@2", "a@3", "a@4", "a@5"}));
  EXPECT_EQ(Redis({"XPENDING", source_.Events(0), keys_.service()})[0].integer(), 0);
  EXPECT_EQ(Position(0), ids.back());
}

}  // namespace
}  // namespace fuju::chassis
