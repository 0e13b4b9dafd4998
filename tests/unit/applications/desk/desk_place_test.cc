#include "applications/desk/desk_place.h"

#include <gtest/gtest.h>

#include "chassis/values/timestamps.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::TestCase;

TEST(DeskPlaceTest, AnOfficeIsThatOfTheRole) {
  const struct {
    const char* county;
    const char* role;
    const char* office;
  } cases[] = {
      {"620102", "county_reviewer", "620102"},    {"620102", "town_officer", "620102"},
      {"620102", "prefecture_officer", "620100"}, {"620102", "province_officer", "620000"},
      {"620171", "prefecture_officer", "620100"}, {"620201", "county_approver", "620201"},
      {"620201", "prefecture_officer", "620200"}, {"620102", "", "620102"},
  };
  for (const auto& c : cases) EXPECT_EQ(OfficeOf(c.county, c.role), c.office) << c.role;
}

TEST(DeskPlaceTest, ACaseHasAPlaceExactlyWhileItWaitsForAnOfficer) {
  for (int i = v1::ApplicationState_MIN + 1; i <= v1::ApplicationState_MAX; ++i) {
    // The numbers have gaps.
    if (!v1::ApplicationState_IsValid(i)) continue;
    const auto state = static_cast<ApplicationState>(i);
    const TestCase test_case = TestCase::In(state);
    EXPECT_EQ(test_case.record().has_desk_place(), WaitsForOfficer(state)) << StateName(state);
  }
}

TEST(DeskPlaceTest, ADecisionGivesANewPlaceWithoutAClaim) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  ASSERT_TRUE(test_case.Do(Move::kClaim));
  test_case.Advance(absl::Minutes(10));
  ASSERT_TRUE(test_case.Do(Move::kHold));
  EXPECT_FALSE(test_case.record().desk_place().has_claim());
  EXPECT_EQ(WaitingSince(test_case.record()), test_case.now());
}

TEST(DeskPlaceTest, ALimitThatPassesLeavesTheClaim) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  const absl::Time since = WaitingSince(test_case.record());
  ASSERT_TRUE(test_case.Do(Move::kClaim));
  ASSERT_TRUE(test_case.Do(Move::kReviewOverdue));
  EXPECT_TRUE(test_case.record().desk_place().has_claim());
  EXPECT_EQ(WaitingSince(test_case.record()), since);
}

TEST(DeskPlaceTest, AFurtherObjectionLeavesTheClaim) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_PUBLIC_NOTICE);
  ASSERT_TRUE(test_case.Do(Move::kObject));
  ASSERT_TRUE(test_case.Do(Move::kClaim));
  ASSERT_TRUE(test_case.Do(Move::kObject));
  EXPECT_TRUE(test_case.record().desk_place().has_claim());
}

TEST(DeskPlaceTest, ACaseFromBeforeThereWasAQueueGetsItsPlaceWithAnyChange) {
  Record record = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW).record();
  record.clear_desk_place();
  const absl::Time now = testing::Start() + absl::Hours(90);
  UpdateDeskPlace(v1::APPLICATION_STATE_UNDER_REVIEW, Move::kReviewOverdue, now, record);
  EXPECT_EQ(WaitingSince(record), now);
}

TEST(DeskPlaceTest, AClaimRunsUntilItsEnd) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  EXPECT_EQ(RunningClaim(test_case.record(), test_case.now()), nullptr);
  ASSERT_TRUE(test_case.Do(Move::kClaim));
  const absl::Time end = test_case.now() + absl::Minutes(30);
  EXPECT_NE(RunningClaim(test_case.record(), end - absl::Milliseconds(1)), nullptr);
  EXPECT_EQ(RunningClaim(test_case.record(), end), nullptr);
}

}  // namespace
}  // namespace fuju::applications
