#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "fuju/admin/v1/dead_letter_events.pb.h"
#include "integration/admin/admin_fixture.h"

namespace fuju::chassis {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

// Three subjects with a dead letter each, of which "a" has two events that wait.
class ReplayRequestTest : public AdminFixture {
 protected:
  ReplayRequestTest() {
    Break({"a@1", "b@1", "c@1"});
    consumer_ = Start(FailBroken(log_), QuickOptions("i"));
    for (const char* const subject : {"a", "b", "c"}) {
      names_.push_back(NameOfLetter(MakeDead(subject, subject[0] == 'a' ? 3 : 1)));
    }
  }
  static std::vector<std::string> SubjectsOf(const admin::v1::ReplayDeadLettersResponse& response,
                                             admin::v1::ReplayOutcome outcome) {
    std::vector<std::string> subjects;
    for (const auto& letter : response.dead_letters()) {
      EXPECT_EQ(letter.outcome(), outcome) << letter.subject();
      subjects.push_back(letter.subject());
    }
    return subjects;
  }

  HandledLog log_;
  std::unique_ptr<Consumer> consumer_;
  std::vector<std::string> names_;
};

TEST_F(ReplayRequestTest, ADryRunTellsWhatWouldBeReplayedAndChangesNothing) {
  consumer_->Stop(absl::Seconds(10));
  const auto before = Everything();
  admin::v1::ReplayDeadLettersRequest request = ReplaySource("r1");
  request.set_validate_only(true);
  request.set_max_count(2);
  const auto told = Replay(request);
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_THAT(SubjectsOf(*told, admin::v1::REPLAY_OUTCOME_WOULD_BE_REPLAYED),
              ElementsAre("a", "b"));
  EXPECT_EQ(told->dead_letters(0).waiting_count(), 2);
  EXPECT_EQ(told->remaining_count(), 1);
  EXPECT_EQ(Everything(), before);
  // The request id is free.
  request.set_validate_only(false);
  EXPECT_TRUE(Replay(request).ok());
}

TEST_F(ReplayRequestTest, AfterTheRepairAllAreHandledInOrderAndRecorded) {
  Break({});
  const auto replayed = Replay(ReplaySource("r1"));
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  EXPECT_THAT(SubjectsOf(*replayed, admin::v1::REPLAY_OUTCOME_REPLAYED),
              ElementsAre("a", "b", "c"));
  EXPECT_EQ(replayed->dead_letters(0).waiting_count(), 2);
  EXPECT_EQ(replayed->remaining_count(), 0);
  ASSERT_TRUE(log_.AwaitSize(5));
  Eventually("all is quiet", [&] { return AllQuiet(); });
  EXPECT_THAT(log_.Lines(), UnorderedElementsAre("a@1", "a@2", "a@3", "b@1", "c@1"));
  const std::vector<event::v1::Event> facts = Facts();
  ASSERT_EQ(facts.size(), 3u);
  for (size_t i = 0; i < facts.size(); ++i) {
    EXPECT_EQ(facts[i].subject(), names_[i]);
    admin::v1::DeadLetterReplayed fact;
    ASSERT_TRUE(facts[i].data().UnpackTo(&fact));
    EXPECT_EQ(fact.operator_reason(), "repaired");
    EXPECT_EQ(fact.dead_letter().name(), names_[i]);
    EXPECT_EQ(fact.dead_letter().source(), source_.service());
    EXPECT_EQ(fact.dead_letter().attempts(), 3);
  }
}

TEST_F(ReplayRequestTest, NoMoreThanTheCapAlsoWhenItIsRepeated) {
  Break({});
  admin::v1::ReplayDeadLettersRequest request = ReplaySource("r1");
  request.set_max_count(2);
  const auto first = Replay(request);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(SubjectsOf(*first, admin::v1::REPLAY_OUTCOME_REPLAYED), ElementsAre("a", "b"));
  EXPECT_EQ(first->remaining_count(), 1);
  const auto repeated = Replay(request);
  ASSERT_TRUE(repeated.ok()) << repeated.status();
  EXPECT_EQ(repeated->SerializeAsString(), first->SerializeAsString());
  ASSERT_TRUE(log_.AwaitSize(4));
  Eventually("all of a and b is done", [&] {
    return Redis({"XLEN", keys_.Replays(0)}).integer() == 0;
  });
  EXPECT_EQ(log_.Count("c@1"), 0);
  EXPECT_EQ(Letters().size(), 1u);
  EXPECT_EQ(Facts().size(), 2u);

  request.set_max_count(3);
  EXPECT_EQ(ReasonOf(Replay(request).status()), "REQUEST_ID_REUSED");
}

TEST_F(ReplayRequestTest, LettersAreChosenByNameAndBySubject) {
  Break({});
  admin::v1::ReplayDeadLettersRequest request;
  request.add_names(names_[2]);
  request.add_names(names_[1]);
  request.add_names(names_[2]);
  request.set_request_id("r1");
  const auto named = Replay(request);
  ASSERT_TRUE(named.ok()) << named.status();
  EXPECT_THAT(SubjectsOf(*named, admin::v1::REPLAY_OUTCOME_REPLAYED), ElementsAre("b", "c"));
  request.clear_names();
  request.set_subject("a");
  request.set_request_id("r2");
  const auto matching = Replay(request);
  ASSERT_TRUE(matching.ok()) << matching.status();
  EXPECT_THAT(SubjectsOf(*matching, admin::v1::REPLAY_OUTCOME_REPLAYED), ElementsAre("a"));
  EXPECT_TRUE(log_.AwaitSize(5));
}

TEST_F(ReplayRequestTest, NothingIsReplayedWhenOneNameIsWrong) {
  admin::v1::ReplayDeadLettersRequest request;
  request.add_names(names_[0]);
  request.add_names("deadLetters/none");
  request.set_request_id("r1");
  EXPECT_EQ(ReasonOf(Replay(request).status()), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(Letters().size(), 3u);
  EXPECT_TRUE(Facts().empty());
}

TEST_F(ReplayRequestTest, AnEmptyAnswerIsRememberedToo) {
  admin::v1::ReplayDeadLettersRequest request;
  request.set_subject("d");
  request.set_request_id("r1");
  const auto first = Replay(request);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->dead_letters_size(), 0);
  Break({"d@1"});
  MakeDead("d", 1);
  const auto repeated = Replay(request);
  ASSERT_TRUE(repeated.ok()) << repeated.status();
  EXPECT_EQ(repeated->dead_letters_size(), 0);
}

TEST_F(ReplayRequestTest, ALetterOfASourceThatIsNotReadCanOnlyBeDiscarded) {
  Redis({"XADD", keys_.DeadLetters(1), "5-0", "source", "former", "entry", "1-0", "subject", "x",
         "reason", "failed", "e", ""});
  admin::v1::ReplayDeadLettersRequest request;
  request.set_source("former");
  request.set_request_id("r1");
  const absl::Status refused = Replay(request).status();
  EXPECT_EQ(ReasonOf(refused), "STATE_FORBIDS");
  EXPECT_EQ(MetadataOf(refused, "legal_moves"), "discard");
  EXPECT_TRUE(DiscardByName("deadLetters/" + keys_.service() + "-p01-5-0", "d1").ok());
}

}  // namespace
}  // namespace fuju::chassis
