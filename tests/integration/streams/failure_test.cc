#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "integration/streams/held_answers.h"
#include "integration/streams/streams_fixture.h"

namespace fuju::chassis {
namespace {

class FailureTest : public StreamsFixture {
 protected:
  // Fails events of the subject "bad" with this status, logs each attempt.
  Reactions FailBad(HandledLog& log, absl::Status status) const {
    return React([&log, status](const Delivery& delivery, const ReactionDone& done) {
      log.Add(absl::StrCat(NameOf(delivery), "#", delivery.attempt));
      done(delivery.event->subject() == "bad" ? status : absl::OkStatus());
    });
  }
  double Events(const std::string& result) {
    return Metric("fuju_stream_events_total", {{"source", source_.service()}, {"result", result}});
  }
  std::vector<DeadLetter> DeadLetters() {
    const auto letters = ListDeadLetters(*client_, keys_, 100);
    EXPECT_TRUE(letters.ok()) << letters.status();
    return letters.value_or(std::vector<DeadLetter>());
  }
};

TEST_F(FailureTest, AfterTheLastAttemptItIsADeadLetterAndItsSubjectWaits) {
  const absl::Time before = absl::Now() - absl::Seconds(1);
  const std::string first = Publish(0, "bad", 1);
  const std::string second = Publish(0, "bad", 2);
  Publish(0, "good", 1);
  HandledLog log;
  const auto consumer = Start(FailBad(log, absl::InternalError("broken")), QuickOptions("i"));
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });
  Publish(0, "bad", 3);
  Publish(0, "good", 2);
  ASSERT_TRUE(log.Await("good@2#0"));
  Eventually("three are dead", [&] { return DeadLetters().size() == 3; });
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });

  const std::vector<DeadLetter> letters = DeadLetters();
  EXPECT_EQ(letters[0].partition, 0);
  EXPECT_EQ(letters[0].source, source_.service());
  EXPECT_EQ(letters[0].source_entry_id, first);
  EXPECT_EQ(letters[0].subject, "bad");
  EXPECT_EQ(letters[0].type, kType);
  EXPECT_EQ(letters[0].version, 1);
  EXPECT_EQ(letters[0].attempts, 3);
  EXPECT_EQ(letters[0].reason, "failed");
  EXPECT_EQ(letters[0].error, "INTERNAL: broken");
  EXPECT_GT(letters[0].first_failure, before);
  EXPECT_GE(letters[0].last_failure, letters[0].first_failure);
  EXPECT_EQ(letters[1].source_entry_id, second);
  EXPECT_EQ(letters[1].reason, "waits");
  EXPECT_EQ(letters[1].error, absl::StrCat("waits behind ", first));
  EXPECT_EQ(letters[2].version, 3);
  EXPECT_EQ(Redis({"HGET", keys_.Blocked(0), source_.service() + "|bad"}).text(), first + "|2");
  EXPECT_EQ(Redis({"HLEN", keys_.Retries(0)}).integer(), 0);
  // The event itself is kept, to be replayed.
  const redis::Reply entry = Redis({"XRANGE", keys_.DeadLetters(0), "-", "+", "COUNT", "1"})[0][1];
  fuju::event::v1::Event event;
  ASSERT_TRUE(event.ParseFromString(entry[entry.size() - 1].text()));
  EXPECT_EQ(event.id(), "bad@1");

  EXPECT_EQ(log.Count("bad@1#0") + log.Count("bad@1#1") + log.Count("bad@1#2"), 3);
  EXPECT_EQ(log.Count("bad@2#0"), 0);
  EXPECT_EQ(Events("failed"), 3);
  EXPECT_EQ(Events("dead"), 1);
  EXPECT_EQ(Events("parked"), 2);
  EXPECT_EQ(Metric("fuju_stream_dead_letters_total", {{"source", source_.service()}}), 1);
}

TEST_F(FailureTest, AParkedSubjectGoesOnWhenItIsUnblocked) {
  Publish(0, "bad", 1);
  HandledLog log;
  Reactions reactions = React([&](const Delivery& delivery, const ReactionDone& done) {
    log.Add(NameOf(delivery));
    done(delivery.event->aggregate_version() == 1 ? absl::InternalError("broken")
                                                  : absl::OkStatus());
  });
  const auto consumer = Start(std::move(reactions), QuickOptions("i"));
  Eventually("it is dead", [&] { return DeadLetters().size() == 1; });
  Redis({"HDEL", keys_.Blocked(0), source_.service() + "|bad"});
  Publish(0, "bad", 2);
  EXPECT_TRUE(log.Await("bad@2"));
}

TEST_F(FailureTest, AttemptsAndBlockedSubjectsOutliveTheHolder) {
  Publish(0, "bad", 1);
  HandledLog log;
  ConsumerOptions options = QuickOptions("first");
  options.max_attempts = 3;
  // The second attempt would come after the test.
  options.retry_min = absl::Minutes(10);
  options.retry_max = absl::Minutes(10);
  auto first = Start(FailBad(log, absl::InternalError("broken")), options);
  ASSERT_TRUE(log.Await("bad@1#0"));
  Eventually("the attempt is recorded", [&] {
    return Redis({"HLEN", keys_.Retries(0)}).integer() > 0;
  });
  first->Stop(absl::Seconds(10));
  options = QuickOptions("second");
  auto second = Start(FailBad(log, absl::InternalError("broken")), options);
  Eventually("it is dead", [&] { return DeadLetters().size() == 1; });
  EXPECT_EQ(log.Count("bad@1#0"), 1);
  EXPECT_EQ(log.Count("bad@1#1"), 1);
  EXPECT_EQ(log.Count("bad@1#2"), 1);
  second->Stop(absl::Seconds(10));
  Publish(0, "bad", 2);
  const auto third = Start(FailBad(log, absl::OkStatus()), QuickOptions("third"));
  Eventually("the next one is parked", [&] { return DeadLetters().size() == 2; });
  EXPECT_EQ(log.Count("bad@2#0"), 0);
}

TEST_F(FailureTest, TransientErrorsAreTriedAgainWithoutLimit) {
  Publish(0, "a", 1);
  HandledLog log;
  const std::vector<absl::Status> transient = {absl::UnavailableError("x"), absl::AbortedError("x"),
                                               absl::DeadlineExceededError("x")};
  Reactions reactions = React([&](const Delivery& delivery, const ReactionDone& done) {
    log.Add("try");
    done(delivery.attempt < 12 ? transient[delivery.attempt % 3] : absl::OkStatus());
  });
  const auto consumer = Start(std::move(reactions), QuickOptions("i"));
  ASSERT_TRUE(log.AwaitSize(13));
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });
  EXPECT_TRUE(DeadLetters().empty());
  EXPECT_EQ(Events("retried"), 12);
  EXPECT_EQ(Events("done"), 1);
}

TEST_F(FailureTest, AnExceptionIsAFailedAttempt) {
  Publish(0, "a", 1);
  Reactions reactions =
      React([](const Delivery&, const ReactionDone&) { throw std::runtime_error("oops"); });
  const auto consumer = Start(std::move(reactions), QuickOptions("i"));
  Eventually("it is dead", [&] { return DeadLetters().size() == 1; });
  EXPECT_EQ(DeadLetters()[0].error, "INTERNAL: exception: oops");
}

TEST_F(FailureTest, AHandlerThatNeverAnswersIsAFailedAttemptAndItsLateAnswerIsIgnored) {
  Publish(0, "a", 1);
  Publish(0, "b", 1);
  HandledLog log;
  HeldAnswers held;
  Reactions::Handler hold = held.Handler(log);
  Reactions reactions = React([&](const Delivery& delivery, const ReactionDone& done) {
    if (delivery.event->subject() == "b") return done(absl::OkStatus());
    hold(delivery, done);
  });
  ConsumerOptions options = QuickOptions("i");
  options.reaction_timeout = absl::Milliseconds(20);
  const auto consumer = Start(std::move(reactions), options);
  Eventually("it is dead", [&] { return DeadLetters().size() == 1; });
  EXPECT_EQ(DeadLetters()[0].error, "no answer within 20ms");
  EXPECT_EQ(log.Count("a@1"), 3);
  held.Answer("a@1");
  EXPECT_EQ(Events("done"), 1);
}

TEST_F(FailureTest, AnEntryThatDoesNotParseIsADeadLetterAndNothingWaitsForIt) {
  Redis({"XADD", source_.Events(0), "*", "e", "\xff\xff garbage"});
  Redis({"XADD", source_.Events(0), "*", "other", "field"});
  Publish(0, "a", 1);
  HandledLog log;
  const auto consumer = Start(Log(log), QuickOptions("i"));
  ASSERT_TRUE(log.Await("a@1"));
  Eventually("two are dead", [&] { return DeadLetters().size() == 2; });
  EXPECT_EQ(DeadLetters()[0].reason, "unreadable");
  EXPECT_EQ(Redis({"HLEN", keys_.Blocked(0)}).integer(), 0);
}

TEST_F(FailureTest, DeadLettersAreListedOldestFirstUpToTheLimit) {
  HandledLog log;
  const auto consumer = Start(FailBad(log, absl::InternalError("broken")), QuickOptions("i"));
  // Of two partitions and one millisecond neither is older.
  absl::Time last = absl::InfinitePast();
  for (int version = 1; version <= 4; ++version) {
    Eventually("a millisecond has passed",
               [last] { return absl::Now() >= last + absl::Milliseconds(2); });
    Publish(version % kPartitions, "bad", version);
    Eventually("one more is dead",
               [&] { return DeadLetters().size() == static_cast<size_t>(version); });
    last = absl::Now();
  }
  const auto letters = ListDeadLetters(*client_, keys_, 3);
  ASSERT_TRUE(letters.ok()) << letters.status();
  ASSERT_EQ(letters->size(), 3u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ((*letters)[i].version, i + 1);
}

}  // namespace
}  // namespace fuju::chassis
