#include "applications/footprint.h"

#include "absl/strings/match.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications/moves.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using ::testing::ElementsAre;
using testing::kId;
using testing::TestCase;
using ::testing::UnorderedElementsAre;

std::vector<std::string> Names(const std::vector<chassis::IndexEntry>& entries) {
  std::vector<std::string> names;
  for (const chassis::IndexEntry& entry : entries) names.push_back(entry.index);
  return names;
}

TEST(FootprintTest, NothingIsKeptBesideNothing) {
  const chassis::Footprint footprint = FootprintOf(kId, Record());
  EXPECT_TRUE(footprint.index.empty());
  EXPECT_TRUE(footprint.timers.empty());
}

TEST(FootprintTest, StandsInThreeListsByItsCreation) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_SUBMITTED);
  const std::string person = "person:" + test_case.application().person_key().substr(0, 24);
  const chassis::Footprint footprint = FootprintOf(kId, test_case.record());
  EXPECT_THAT(Names(footprint.index),
              UnorderedElementsAre("county:620102", "county:620102:SUBMITTED", person));
  for (const chassis::IndexEntry& entry : footprint.index) {
    EXPECT_EQ(entry.member, kId);
    EXPECT_EQ(entry.score, absl::ToUnixMillis(testing::Start()));
  }
}

TEST(FootprintTest, RunsTheTimerOfTheState) {
  const std::map<ApplicationState, absl::string_view> timers = {
      {v1::APPLICATION_STATE_DRAFT, kDraftTimer},
      {v1::APPLICATION_STATE_UNDER_REVIEW, kReviewTimer},
      {v1::APPLICATION_STATE_SUPPLEMENT, kSupplementTimer},
      {v1::APPLICATION_STATE_PUBLIC_NOTICE, kNoticeTimer},
      {v1::APPLICATION_STATE_ON_HOLD, kHoldTimer},
      {v1::APPLICATION_STATE_APPEALED, kAppealTimer},
      {v1::APPLICATION_STATE_FITTED, kReceiptTimer},
      {v1::APPLICATION_STATE_PAID, kFollowUpAskTimer},
      {v1::APPLICATION_STATE_FOLLOW_UP, kFollowUpAnswerTimer},
  };
  for (const ApplicationState state : AllStates()) {
    SCOPED_TRACE(StateName(state));
    const chassis::Footprint footprint = FootprintOf(kId, TestCase::In(state).record());
    const auto timer = timers.find(state);
    if (timer == timers.end()) {
      EXPECT_TRUE(footprint.timers.empty());
      continue;
    }
    ASSERT_EQ(footprint.timers.size(), 1u);
    EXPECT_EQ(footprint.timers[0].name, timer->second);
    EXPECT_GT(footprint.timers[0].due, testing::Start());
  }
}

TEST(FootprintTest, HoldsThePersonsOpenNameFromSubmissionToTheEnd) {
  for (const ApplicationState state : AllStates()) {
    SCOPED_TRACE(StateName(state));
    const TestCase test_case = TestCase::In(state);
    const chassis::Footprint footprint = FootprintOf(kId, test_case.record());
    if (state == v1::APPLICATION_STATE_DRAFT || IsFinal(state)) {
      EXPECT_TRUE(footprint.claims.empty());
    } else {
      EXPECT_THAT(
          footprint.claims,
          ElementsAre(chassis::Claim{"open:" + test_case.application().person_key() + ":122203"}));
    }
  }
}

// Whatever an application held is given back by its end: nothing is left but its place in lists,
// and what officers did in it (desk/stage_work.h).
TEST(FootprintTest, AFinalStateKeepsItsIndexEntriesOnly) {
  for (const ApplicationState state : AllStates()) {
    if (!IsFinal(state)) continue;
    const chassis::Footprint footprint = FootprintOf(kId, TestCase::In(state).record());
    int lists = 0;
    for (const std::string& name : Names(footprint.index))
      lists += absl::StartsWith(name, "work:") ? 0 : 1;
    EXPECT_EQ(lists, 3);
    EXPECT_TRUE(footprint.timers.empty());
    EXPECT_TRUE(footprint.claims.empty());
    for (const chassis::Holding& holding : footprint.holdings) {
      EXPECT_TRUE(absl::StartsWith(holding.counter, "work:")) << holding.counter;
    }
  }
}

}  // namespace
}  // namespace fuju::applications
