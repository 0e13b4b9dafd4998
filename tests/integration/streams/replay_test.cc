#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "integration/streams/dead_letter_fixture.h"
#include "integration/streams/held_answers.h"

namespace fuju::chassis {
namespace {

using ::testing::ElementsAre;
using ReplayTest = DeadLetterFixture;

TEST_F(ReplayTest, TheLetterIsHandledThenWhatWaitedThenWhatIsNewOnceEach) {
  HandledLog log;
  Break({"bad@1"});
  const auto consumer = Start(FailBroken(log), QuickOptions("i"));
  const OpenDeadLetter letter = MakeDead("bad", 4);
  Publish(0, "good", 1);
  ASSERT_TRUE(log.Await("good@1"));

  Break({});
  EXPECT_EQ(Replay(letter, "r1"), 3);
  Publish(0, "bad", 5);
  ASSERT_TRUE(log.Await("bad@5"));
  Eventually("all is quiet", [&] { return AllQuiet(); });
  EXPECT_THAT(log.Lines(), ElementsAre("good@1", "bad@1", "bad@2", "bad@3", "bad@4", "bad@5"));
  EXPECT_TRUE(Entries().empty());
  // Its subject is as any other again.
  Publish(0, "bad", 6);
  EXPECT_TRUE(log.Await("bad@6"));
}

TEST_F(ReplayTest, TheFactStandsInTheServicesOwnEvents) {
  HandledLog log;
  Break({"bad@1"});
  const auto consumer = Start(FailBroken(log), QuickOptions("i"));
  const OpenDeadLetter letter = MakeDead("bad", 1);
  Replay(letter, "r1");
  const std::vector<fuju::event::v1::Event> facts = Facts();
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].type(), "fuju.admin.v1.DeadLetterReplayed");
  EXPECT_EQ(facts[0].source(), keys_.service());
  EXPECT_EQ(facts[0].subject(), "deadLetters/" + letter.letter.entry_id);
  EXPECT_EQ(facts[0].id(), facts[0].subject() + "@1");
  EXPECT_EQ(facts[0].aggregate_version(), 1);
  EXPECT_EQ(facts[0].actor(), "operator:a01");
  EXPECT_EQ(facts[0].correlation_id(), "cases/1");
  EXPECT_EQ(facts[0].causation_id(), "bad@1");
  EXPECT_TRUE(facts[0].has_time());
}

TEST_F(ReplayTest, WhatComesDuringTheReplayWaitsBehindIt) {
  HandledLog log;
  Break({"bad@1"});
  auto consumer = Start(FailBroken(log), QuickOptions("i"));
  const OpenDeadLetter letter = MakeDead("bad", 2);
  consumer->Stop(absl::Seconds(10));

  HeldAnswers held;
  consumer = Start(React(held.Handler(log)), QuickOptions("i"));
  Replay(letter, "r1");
  ASSERT_TRUE(log.Await("bad@1"));
  Publish(0, "bad", 3);
  Publish(0, "good", 1);
  ASSERT_TRUE(log.Await("good@1"));
  EXPECT_THAT(log.Lines(), ElementsAre("bad@1", "good@1"));
  held.Answer("good@1");
  for (const char* const name : {"bad@1", "bad@2", "bad@3"}) {
    ASSERT_TRUE(log.Await(name));
    held.Answer(name);
  }
  Eventually("all is quiet", [&] { return AllQuiet(); });
  EXPECT_THAT(log.Lines(), ElementsAre("bad@1", "good@1", "bad@2", "bad@3"));
}

TEST_F(ReplayTest, OneThatFailsAgainIsADeadLetterAgainWithItsAttempts) {
  HandledLog log;
  Break({"bad@1"});
  const auto consumer = Start(FailBroken(log), QuickOptions("i"));
  const OpenDeadLetter first = MakeDead("bad", 3);
  EXPECT_EQ(first.letter.attempts, 3);
  EXPECT_EQ(Replay(first, "r1"), 2);
  OpenDeadLetter second;
  Eventually("it is dead again", [&] {
    const std::vector<OpenDeadLetter> letters = Letters();
    if (letters.empty()) return false;
    second = letters[0];
    return true;
  });
  EXPECT_NE(second.letter.entry_id, first.letter.entry_id);
  EXPECT_EQ(second.letter.source_entry_id, first.letter.source_entry_id);
  EXPECT_EQ(second.letter.attempts, 6);
  EXPECT_EQ(second.letter.replays, 1);
  EXPECT_EQ(second.letter.reason, "failed");
  EXPECT_EQ(second.letter.error, "INTERNAL: broken");
  EXPECT_EQ(second.letter.first_failure, first.letter.first_failure);
  EXPECT_GE(second.letter.last_failure, first.letter.last_failure);
  EXPECT_EQ(second.waiting, 2);
  EXPECT_TRUE(log.Lines().empty());

  // One of those that waited fails now: the letter is another one, the last waits on.
  Break({"bad@2"});
  EXPECT_EQ(Replay(second, "r2"), 2);
  OpenDeadLetter third;
  Eventually("the next one is dead", [&] {
    const std::vector<OpenDeadLetter> letters = Letters();
    if (letters.empty() || letters[0].letter.version != 2) return false;
    third = letters[0];
    return true;
  });
  EXPECT_EQ(third.letter.attempts, 3);
  EXPECT_EQ(third.letter.replays, 0);
  EXPECT_EQ(third.waiting, 1);
  Break({});
  EXPECT_EQ(Replay(third, "r3"), 1);
  ASSERT_TRUE(log.Await("bad@3"));
  Eventually("all is quiet", [&] { return AllQuiet(); });
  EXPECT_THAT(log.Lines(), ElementsAre("bad@1", "bad@2", "bad@3"));
  EXPECT_EQ(Facts().size(), 3u);
}

TEST_F(ReplayTest, AfterADiscardTheSubjectGoesOnWithoutTheLetter) {
  HandledLog log;
  Break({"bad@1", "alone@1"});
  const auto consumer = Start(FailBroken(log), QuickOptions("i"));
  const OpenDeadLetter letter = MakeDead("bad", 3);
  const OpenDeadLetter alone = MakeDead("alone", 1);
  EXPECT_EQ(Discard(letter, "r1"), 2);
  EXPECT_EQ(Discard(alone, "r2"), 0);
  Publish(0, "bad", 4);
  Publish(0, "alone", 2);
  ASSERT_TRUE(log.Await("bad@4"));
  ASSERT_TRUE(log.Await("alone@2"));
  Eventually("all is quiet", [&] { return AllQuiet(); });
  EXPECT_EQ(log.Count("bad@1") + log.Count("alone@1"), 0);
  EXPECT_EQ(log.Count("bad@2") + log.Count("bad@3") + log.Count("bad@4"), 3);
  EXPECT_TRUE(Entries().empty());
  EXPECT_EQ(Facts().size(), 2u);
}

TEST_F(ReplayTest, ARepeatGetsTheFirstAnswerAndDoesNothing) {
  HandledLog log;
  Break({"bad@1", "other@1"});
  const auto consumer = Start(FailBroken(log), QuickOptions("i"));
  const OpenDeadLetter letter = MakeDead("bad", 2);
  const OpenDeadLetter other = MakeDead("other", 1);
  EXPECT_EQ(Replay(letter, "r1"), 1);
  Eventually("it is dead again", [&] { return Letters().size() == 2; });
  const auto again = Desk().Replay(PlaceOf(letter), Request("r1"), EndingOf(letter));
  ASSERT_TRUE(again.ok() && again->has_value()) << again.status();
  EXPECT_TRUE((*again)->repeated);
  EXPECT_EQ((*again)->waiting, 1);
  EXPECT_EQ(Facts().size(), 1u);

  EXPECT_EQ(Discard(other, "d1"), 0);
  const auto discarded = Desk().Discard(PlaceOf(other), Request("d1"), EndingOf(other), "");
  ASSERT_TRUE(discarded.ok() && discarded->has_value()) << discarded.status();
  EXPECT_EQ((*discarded)->answer, "answer");
  EXPECT_EQ(ReasonOf(Desk().Replay(PlaceOf(letter), Request("r1", "g"), EndingOf(letter)).status()),
            "REQUEST_ID_REUSED");
  EXPECT_EQ(Facts().size(), 2u);
}

TEST_F(ReplayTest, WithoutItsReplicasItIsNotAnsweredAndTheRepeatIsSafe) {
  HandledLog log;
  Break({"bad@1"});
  const auto consumer = Start(FailBroken(log), QuickOptions("i"));
  const OpenDeadLetter letter = MakeDead("bad", 1);
  DeadLetterDesk careful(
      client_.get(), keys_, &clock_,
      DeadLetterDeskOptions{.wait_replicas = 1, .command_timeout = absl::Milliseconds(100)});
  const auto unsure = careful.Replay(PlaceOf(letter), Request("r1"), EndingOf(letter));
  EXPECT_EQ(ReasonOf(unsure.status()), "STORE_UNAVAILABLE");
  const auto repeated = Desk().Replay(PlaceOf(letter), Request("r1"), EndingOf(letter));
  ASSERT_TRUE(repeated.ok() && repeated->has_value()) << repeated.status();
  EXPECT_EQ(Facts().size(), 1u);
}

TEST_F(ReplayTest, WhatIsGoneStaysGoneForItsRequest) {
  OpenDeadLetter never;
  never.letter.entry_id = "5-0";
  const auto ended = Desk().Replay(PlaceOf(never), Request("r1"), EndingOf(never));
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_FALSE(ended->has_value());
  // A letter of that name comes later: the request was about none.
  Redis({"XADD", keys_.DeadLetters(0), "5-0", "source", source_.service(), "entry", "1-0",
         "subject", "", "reason", "failed", "e", ""});
  const auto repeated = Desk().Replay(PlaceOf(never), Request("r1"), EndingOf(never));
  ASSERT_TRUE(repeated.ok()) << repeated.status();
  EXPECT_FALSE(repeated->has_value());
  EXPECT_TRUE(Facts().empty());
}

TEST_F(ReplayTest, TheFirstPlanOfARequestCounts) {
  DeadLetterDesk desk = Desk();
  EXPECT_EQ(desk.AgreeOnPlan(Request("r1"), "").value(), "");
  EXPECT_EQ(desk.AgreeOnPlan(Request("r1"), "a, b").value(), "a, b");
  EXPECT_EQ(desk.AgreeOnPlan(Request("r1"), "c").value(), "a, b");
  EXPECT_EQ(desk.AgreeOnPlan(Request("r1"), "").value(), "a, b");
  EXPECT_EQ(ReasonOf(desk.AgreeOnPlan(Request("r1", "g"), "c").status()), "REQUEST_ID_REUSED");
  EXPECT_GT(Redis({"PTTL", keys_.Request(keys_.PartitionOf("r1"), "test", "r1")}).integer(), 0);
}

// The one that replays and the one that holds the partition need not be alive at the same time.
TEST_F(ReplayTest, TheNextHolderFindsWhatIsToBeReplayed) {
  HandledLog log;
  Break({"bad@1"});
  auto consumer = Start(FailBroken(log), QuickOptions("first"));
  const OpenDeadLetter letter = MakeDead("bad", 3);
  consumer->Stop(absl::Seconds(10));
  Break({});
  Replay(letter, "r1");
  Publish(0, "bad", 4);
  consumer = Start(FailBroken(log), QuickOptions("second"));
  ASSERT_TRUE(log.Await("bad@4"));
  Eventually("all is quiet", [&] { return AllQuiet(); });
  EXPECT_THAT(log.Lines(), ElementsAre("bad@1", "bad@2", "bad@3", "bad@4"));
}

// Also when far more is replayed than is taken in hand.
TEST_F(ReplayTest, OtherSubjectsDoNotWaitForALongReplay) {
  constexpr int kLast = 1100;
  HandledLog log;
  Break({"bad@1"});
  auto consumer = Start(FailBroken(log), QuickOptions("i"));
  const OpenDeadLetter letter = MakeDead("bad", kLast);
  consumer->Stop(absl::Seconds(10));

  HeldAnswers held;
  const Reactions::Handler hold = held.Handler(log);
  consumer = Start(React([&](const Delivery& delivery, const ReactionDone& done) {
                     if (NameOf(delivery) == "bad@1") return hold(delivery, done);
                     log.Add(NameOf(delivery));
                     done(absl::OkStatus());
                   }),
                   QuickOptions("i"));
  EXPECT_EQ(Replay(letter, "r1"), kLast - 1);
  ASSERT_TRUE(log.Await("bad@1"));
  for (int version = 1; version <= 300; ++version) Publish(0, "good", version);
  ASSERT_TRUE(log.Await("good@300"));
  held.Answer("bad@1");
  ASSERT_TRUE(log.Await(absl::StrCat("bad@", kLast)));
  Eventually("all is quiet", [&] { return AllQuiet(); });
  std::vector<std::string> bad;
  for (const std::string& line : log.Lines()) {
    if (line.starts_with("bad@")) bad.push_back(line);
  }
  ASSERT_EQ(bad.size(), static_cast<size_t>(kLast));
  for (int version = 1; version <= kLast; ++version) {
    EXPECT_EQ(bad[version - 1], absl::StrCat("bad@", version));
  }
}

TEST_F(ReplayTest, WhatCouldNotBeReadIsTriedAgain) {
  Redis({"XADD", source_.Events(0), "*", "e", "\xff\xff garbage"});
  Redis({"XADD", source_.Events(0), "*", "other", "field"});
  HandledLog log;
  const auto consumer = Start(Log(log), QuickOptions("i"));
  Eventually("two are dead", [&] { return Letters().size() == 2; });
  const std::vector<OpenDeadLetter> letters = Letters();
  EXPECT_EQ(Replay(letters[0], "r1"), 0);
  EXPECT_EQ(Replay(letters[1], "r2"), 0);
  Eventually("both are dead again", [&] {
    const std::vector<OpenDeadLetter> now = Letters();
    return now.size() == 2 && now[0].letter.replays == 1 && now[1].letter.replays == 1;
  });
  for (const OpenDeadLetter& open : Letters()) EXPECT_EQ(open.letter.reason, "unreadable");
  EXPECT_EQ(Discard(Letters()[0], "d1"), 0);
  EXPECT_EQ(Discard(Letters()[0], "d2"), 0);
  EXPECT_TRUE(Entries().empty());
}

}  // namespace
}  // namespace fuju::chassis
