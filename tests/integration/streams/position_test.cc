#include <map>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "integration/streams/held_answers.h"
#include "integration/streams/streams_fixture.h"

namespace fuju::chassis {
namespace {

class PositionTest : public StreamsFixture {
 protected:
  void DestroyGroup() {
    ASSERT_EQ(Redis({"XGROUP", "DESTROY", source_.Events(0), keys_.service()}).integer(), 1);
  }
  // Every version from 1 to `last` of the subject was handled, and never one before an earlier one.
  static void ExpectNoGap(const std::vector<std::string>& lines, const std::string& subject,
                          int last) {
    int seen = 0;
    for (const std::string& line : lines) {
      if (line == absl::StrCat(subject, "@", seen + 1)) ++seen;
    }
    EXPECT_EQ(seen, last) << subject;
  }
};

TEST_F(PositionTest, ANewGroupStartsAtTheBeginningOfTheStream) {
  Publish(0, "a", 1);
  HandledLog log;
  const auto consumer = Start(Log(log), QuickOptions("i"));
  EXPECT_TRUE(log.Await("a@1"));
  EXPECT_EQ(Metric("fuju_group_recreated_total"), 0);
}

TEST_F(PositionTest, AGroupDestroyedWhileTheConsumerRunsLeavesNoGap) {
  HandledLog log;
  const auto consumer = Start(Log(log), QuickOptions("i"));
  int version = 0;
  Publish(0, "a", ++version);
  ASSERT_TRUE(log.Await("a@1"));
  DestroyGroup();
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 20; ++i) Publish(0, "a", ++version);
    // Whether or not it has been made again meanwhile.
    Redis({"XGROUP", "DESTROY", source_.Events(0), keys_.service()});
    for (int i = 0; i < 20; ++i) Publish(0, "a", ++version);
  }
  ASSERT_TRUE(log.Await(absl::StrCat("a@", version)));
  ExpectNoGap(log.Lines(), "a", version);
  EXPECT_GE(Metric("fuju_group_recreated_total"), 1);
}

TEST_F(PositionTest, AGroupDestroyedWhileNobodyReadsContinuesAtItsPosition) {
  HandledLog log;
  Publish(0, "a", 1);
  Publish(0, "a", 2);
  auto first = Start(Log(log), QuickOptions("first"));
  ASSERT_TRUE(log.AwaitSize(2));
  first->Stop(absl::Seconds(10));
  DestroyGroup();
  Publish(0, "a", 3);
  const auto second = Start(Log(log), QuickOptions("second"));
  ASSERT_TRUE(log.Await("a@3"));
  EXPECT_EQ(log.Lines(), (std::vector<std::string>{"a@1", "a@2", "a@3"}));
  EXPECT_EQ(Metric("fuju_group_recreated_total"), 1);
}

// What was in flight when the group was lost comes again, but not while it is still in hand.
TEST_F(PositionTest, WhatIsInHandIsNotStartedTwiceWhenTheGroupIsMadeAgain) {
  Publish(0, "slow", 1);
  HandledLog log;
  HeldAnswers held;
  Reactions::Handler hold = held.Handler(log);
  Reactions reactions = React([&](const Delivery& delivery, const ReactionDone& done) {
    if (delivery.event->subject() == "slow") return hold(delivery, done);
    log.Add(NameOf(delivery));
    done(absl::OkStatus());
  });
  const auto consumer = Start(std::move(reactions), QuickOptions("i"));
  ASSERT_TRUE(log.Await("slow@1"));
  DestroyGroup();
  Publish(0, "quick", 1);
  // It is handled, found not to be acknowledged, and read once more, with the slow one.
  Eventually("all is read again", [&] { return log.Count("quick@1") == 2; });
  held.Answer("slow@1");
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });
  EXPECT_EQ(log.Count("slow@1"), 1);
}

// A dead letter behind the position is delivered again, but is not put to the dead letters twice.
TEST_F(PositionTest, DeadLettersAreNotRepeatedWhenTheGroupIsMadeAgain) {
  HandledLog log;
  HeldAnswers held;
  Reactions::Handler hold = held.Handler(log);
  Reactions reactions = React([&](const Delivery& delivery, const ReactionDone& done) {
    if (delivery.event->subject() == "slow") return hold(delivery, done);
    log.Add(NameOf(delivery));
    done(delivery.event->subject() == "bad" ? absl::InternalError("broken") : absl::OkStatus());
  });
  Publish(0, "slow", 1);
  Publish(0, "bad", 1);
  Publish(0, "bad", 2);
  const auto dead = [&] { return Redis({"XLEN", keys_.DeadLetters(0)}).integer(); };
  {
    auto first = Start(reactions, QuickOptions("first"));
    ASSERT_TRUE(log.Await("slow@1"));
    Eventually("two are dead", [&] { return dead() == 2; });
    first->Stop(absl::ZeroDuration());
  }
  DestroyGroup();
  HandledLog second_log;
  const auto second = Start(Log(second_log), QuickOptions("second"));
  Publish(0, "a", 1);
  ASSERT_TRUE(second_log.Await("a@1"));
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });
  EXPECT_EQ(second_log.Lines(), (std::vector<std::string>{"slow@1", "a@1"}));
  EXPECT_EQ(dead(), 2);
}

// A restore of an older copy, on a machine whose clock is behind, in all its shapes: what comes
// next would have ids that the group has passed.
class LostEndTest : public PositionTest {
 protected:
  void SetUp() override {
    for (int version = 1; version <= 3; ++version) {
      if (version == 2) older_ = Redis({"DUMP", source_.Events(0)}).text();
      ids_.push_back(Publish(0, "a", version));
    }
    first_ = Start(Log(log_), QuickOptions("first"));
    ASSERT_TRUE(log_.Await("a@3"));
    Eventually("all are acknowledged", [&] { return Position(0) == ids_.back(); });
  }
  // The entry right behind the first one, as XADD would choose it there by a clock that is behind.
  redis::Reply AddBehindTheFirst() {
    fuju::event::v1::Event event;
    event.set_type(kType);
    event.set_subject("skipped");
    event.set_aggregate_version(1);
    return Redis({"XADD", source_.Events(0), ids_.front() + "1", "e", event.SerializeAsString()});
  }
  void ExpectThatItGoesOn() {
    EXPECT_TRUE(AddBehindTheFirst().is_error());
    Publish(0, "a", 4);
    EXPECT_TRUE(log_.Await("a@4"));
    Eventually("nothing is pending", [&] { return Pending(0) == 0; });
    EXPECT_EQ(Metric("fuju_stream_end_lost_total"), 1);
  }
  std::string older_;
  std::vector<std::string> ids_;
  HandledLog log_;
  std::unique_ptr<Consumer> first_;
};

TEST_F(LostEndTest, AnOlderCopyOfTheStreamWithItsGroupGoesOnBehindThePosition) {
  first_->Stop(absl::Seconds(10));
  Redis({"RESTORE", source_.Events(0), "0", older_, "REPLACE"});
  const auto second = Start(Log(log_), QuickOptions("second"));
  Eventually("it is noticed", [&] { return Metric("fuju_stream_end_lost_total") == 1; });
  ExpectThatItGoesOn();
}

TEST_F(LostEndTest, AStreamThatIsGoneGoesOnBehindThePosition) {
  first_->Stop(absl::Seconds(10));
  Redis({"DEL", source_.Events(0)});
  const auto second = Start(Log(log_), QuickOptions("second"));
  Eventually("it is noticed", [&] { return Metric("fuju_stream_end_lost_total") == 1; });
  ExpectThatItGoesOn();
  EXPECT_EQ(Metric("fuju_group_recreated_total"), 1);
}

// An older copy of everything but the lease is put under a running consumer, that does not lose its
// connection: what it has acknowledged since is not handled any more, and has to be again.
TEST_F(PositionTest, AnOlderPositionUnderARunningConsumerIsReadFrom) {
  HandledLog log;
  const auto consumer = Start(Log(log), QuickOptions("i"));
  const std::string first = Publish(0, "a", 1);
  Eventually("the first is acknowledged", [&] { return Position(0) == first; });
  Publish(0, "a", 2);
  const std::string third = Publish(0, "a", 3);
  Eventually("all are acknowledged", [&] { return Position(0) == third; });
  Redis({"XGROUP", "SETID", source_.Events(0), keys_.service(), first});
  Redis({"HSET", source_.Positions(0), keys_.service(), first});
  const std::string last = Publish(0, "a", 4);
  Eventually("it is there again", [&] { return Position(0) == last; });
  EXPECT_EQ(log.Count("a@1"), 1);
  EXPECT_EQ(log.Count("a@2"), 2);
  EXPECT_EQ(log.Count("a@3"), 2);
}

// Nothing but the group says how far it was.
TEST_F(LostEndTest, AStreamThatWasCutUnderAnIdleConsumerIsNoticed) {
  Redis({"XDEL", source_.Events(0), ids_[1], ids_[2]});
  Redis({"HDEL", source_.Positions(0), keys_.service()});
  Redis({"XSETID", source_.Events(0), ids_[0]});
  Eventually("it is noticed", [&] { return Metric("fuju_stream_end_lost_total") == 1; });
  ExpectThatItGoesOn();
  EXPECT_EQ(Metric("fuju_stream_entries_removed_total"), 2);
}

TEST_F(LostEndTest, EntriesAddedBeforeAnybodyNoticedAreRead) {
  first_->Stop(absl::Seconds(10));
  Redis({"DEL", source_.Events(0)});
  Publish(0, "b", 1);
  const auto second = Start(Log(log_), QuickOptions("second"));
  EXPECT_TRUE(log_.Await("b@1"));
}

TEST_F(PositionTest, EntriesRemovedBeforeTheyWereHandledAreCounted) {
  const std::string id = Publish(0, "a", 1);
  Publish(0, "a", 2);
  Redis({"XDEL", source_.Events(0), id});
  HandledLog log;
  const auto consumer = Start(Log(log), QuickOptions("i"));
  ASSERT_TRUE(log.Await("a@2"));
  EXPECT_EQ(Metric("fuju_stream_entries_removed_total"), 1);
  EXPECT_EQ(Metric("fuju_stream_end_lost_total"), 0);
}

}  // namespace
}  // namespace fuju::chassis
