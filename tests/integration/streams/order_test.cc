#include <map>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "integration/streams/held_answers.h"
#include "integration/streams/streams_fixture.h"

namespace fuju::chassis {
namespace {

using OrderTest = StreamsFixture;

TEST_F(OrderTest, OneSubjectInOrderDifferentOnesAtOnce) {
  Publish(0, "a", 1);
  Publish(0, "a", 2);
  Publish(0, "b", 1);
  Publish(1, "c", 1);
  HandledLog log;
  HeldAnswers answers;
  const auto consumer = Start(React(answers.Handler(log)), QuickOptions("i"));
  // None has been answered, so all these run at once.
  ASSERT_TRUE(log.Await("a@1") && log.Await("b@1") && log.Await("c@1"));
  EXPECT_EQ(log.Count("a@2"), 0);
  answers.Answer("b@1");
  Publish(0, "b", 2);
  ASSERT_TRUE(log.Await("b@2"));
  EXPECT_EQ(log.Count("a@2"), 0);
  answers.Answer("a@1");
  ASSERT_TRUE(log.Await("a@2"));
  for (const char* name : {"a@2", "b@2", "c@1"}) answers.Answer(name);
  Eventually("nothing is pending", [&] { return Pending(0) == 0 && Pending(1) == 0; });
  consumer->Stop(absl::Seconds(10));
}

TEST_F(OrderTest, ManyEventsKeepTheOrderOfEachSubject) {
  constexpr size_t kSubjects = 17;
  constexpr size_t kVersions = 40;
  for (size_t version = 1; version <= kVersions; ++version) {
    for (size_t subject = 0; subject < kSubjects; ++subject) {
      Publish(static_cast<int>(subject % kPartitions), absl::StrCat("s", subject),
              static_cast<int64_t>(version));
    }
  }
  HandledLog log;
  // Half of the answers come later, from another thread.
  Reactions reactions = React([&](const Delivery& delivery, const ReactionDone& done) {
    log.Add(NameOf(delivery));
    if (delivery.event->aggregate_version() % 2 == 0) return done(absl::OkStatus());
    client_->Schedule(absl::Milliseconds(1), [done] { done(absl::OkStatus()); });
  });
  ConsumerOptions options = QuickOptions("i");
  options.read_count = 16;
  const auto consumer = Start(std::move(reactions), options);
  ASSERT_TRUE(log.AwaitSize(kSubjects * kVersions));
  Eventually("nothing is pending", [&] { return Pending(0) == 0 && Pending(1) == 0; });
  consumer->Stop(absl::Seconds(10));

  std::map<std::string, int> last;
  for (const std::string& line : log.Lines()) {
    const std::string subject = line.substr(0, line.find('@'));
    EXPECT_EQ(line, absl::StrCat(subject, "@", ++last[subject]));
  }
  EXPECT_EQ(Metric("fuju_stream_events_total", {{"source", source_.service()}, {"result", "done"}}),
            kSubjects * kVersions);
}

TEST_F(OrderTest, TypesOfNoInterestAreAcknowledged) {
  Publish(0, "a", 1);
  Reactions reactions;
  reactions.Add(source_.service(), "test.Other", [](const Delivery&, const ReactionDone& done) {
    ADD_FAILURE() << "not its type";
    done(absl::OkStatus());
  });
  const auto consumer = Start(std::move(reactions), QuickOptions("i"));
  Eventually("the entry is acknowledged", [&] { return !Position(0).empty(); });
  EXPECT_EQ(Pending(0), 0);
  EXPECT_EQ(
      Metric("fuju_stream_events_total", {{"source", source_.service()}, {"result", "ignored"}}),
      1);
}

// A subject that has to be tried again and again, with more waiting behind it than is read at once,
// does not keep the others from going on.
TEST_F(OrderTest, ASubjectThatWaitsForARetryDoesNotStopTheOthers) {
  HandledLog log;
  Reactions reactions = React([&](const Delivery& delivery, const ReactionDone& done) {
    if (delivery.event->subject() == "stuck") return done(absl::UnavailableError("not now"));
    log.Add(NameOf(delivery));
    done(absl::OkStatus());
  });
  ConsumerOptions options = QuickOptions("i");
  options.read_count = 4;
  options.retry_min = absl::Milliseconds(50);
  options.retry_max = absl::Milliseconds(50);
  for (int version = 1; version <= 40; ++version) Publish(0, "stuck", version);
  Publish(0, "free", 1);
  const auto consumer = Start(std::move(reactions), options);
  EXPECT_TRUE(log.Await("free@1"));
}

// The position is what a lost group starts after: it stays before the first entry that is not done.
TEST_F(OrderTest, ThePositionStaysBeforeWhatIsNotDone) {
  Publish(0, "a", 1);
  const std::string slow = Publish(0, "slow", 1);
  Publish(0, "b", 1);
  HandledLog log;
  HeldAnswers answers;
  const auto consumer = Start(React(answers.Handler(log)), QuickOptions("i"));
  ASSERT_TRUE(log.AwaitSize(3));
  answers.Answer("b@1");
  answers.Answer("a@1");
  Eventually("two are acknowledged", [&] { return Pending(0) == 1; });
  EXPECT_LT(Position(0), slow);
  answers.Answer("slow@1");
  Eventually("all are acknowledged", [&] { return Pending(0) == 0; });
  EXPECT_GT(Position(0), slow);
}

}  // namespace
}  // namespace fuju::chassis
