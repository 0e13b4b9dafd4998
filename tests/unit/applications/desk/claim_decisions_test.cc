#include "applications/desk/claim_decisions.h"

#include <gtest/gtest.h>

#include "applications/desk/desk_place.h"
#include "applications/officer_check.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/review_desk_events.pb.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using chassis::MetadataOf;
using chassis::ReasonOf;
using testing::TestCase;

constexpr char kOther[] = "county_reviewer:r2";
constexpr char kSupervisor[] = "county_approver:boss";

TestCase Claimed() {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  EXPECT_TRUE(test_case.Do(Move::kClaim));
  return test_case;
}

absl::Status ClaimAs(TestCase& test_case, const std::string& actor) {
  test_case.ActAs(actor);
  const Result result = test_case.Try(Move::kClaim);
  if (result.ok()) test_case.Take(result);
  return result.status();
}

TEST(ClaimTest, LastsForTheConfiguredTimeAndIsAFact) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  const Result result = DecideClaim(test_case.record(), "", ClaimPolicy{absl::Minutes(7), {}},
                                    test_case.rules(), test_case.act());
  ASSERT_TRUE(result.ok()) << result.status();
  const auto& fact = dynamic_cast<const v1::CaseClaimed&>(*result->facts.at(0));
  EXPECT_EQ(fact.claim().officer(), "county_reviewer:r1");
  EXPECT_EQ(chassis::ToTime(fact.claim().begin_time()), test_case.now());
  EXPECT_EQ(chassis::ToTime(fact.claim().end_time()), test_case.now() + absl::Minutes(7));
  EXPECT_FALSE(fact.renewed());
  EXPECT_FALSE(fact.application().has_applicant());
}

// A claim is no business of the citizen's.
TEST(ClaimTest, LeavesTheCitizensViewAsItWas) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  const std::string before = AnswerView(test_case.record(), "").SerializeAsString();
  test_case.Advance(absl::Minutes(1));
  ASSERT_TRUE(test_case.Do(Move::kClaim));
  EXPECT_EQ(AnswerView(test_case.record(), "").SerializeAsString(), before);
  ASSERT_TRUE(test_case.Do(Move::kRelease));
  EXPECT_EQ(AnswerView(test_case.record(), "").SerializeAsString(), before);
}

TEST(ClaimTest, IsRenewedByItsOfficer) {
  TestCase test_case = Claimed();
  const absl::Time begin = test_case.now();
  test_case.Advance(absl::Minutes(20));
  ASSERT_TRUE(test_case.Do(Move::kClaim));
  const auto& fact = dynamic_cast<const v1::CaseClaimed&>(test_case.last_fact());
  EXPECT_TRUE(fact.renewed());
  EXPECT_EQ(chassis::ToTime(fact.claim().begin_time()), begin);
  EXPECT_EQ(chassis::ToTime(fact.claim().end_time()), begin + absl::Minutes(50));
}

TEST(ClaimTest, KeepsEveryDecisionOfOthersAway) {
  TestCase test_case = Claimed();
  test_case.ActAs(kOther);
  for (const Move move :
       {Move::kApprove, Move::kReject, Move::kReturn, Move::kHold, Move::kClaim, Move::kRelease}) {
    const absl::Status status = test_case.Try(move).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << InfoOf(move).name;
    EXPECT_EQ(ReasonOf(status), "CASE_CLAIMED") << InfoOf(move).name;
    EXPECT_EQ(MetadataOf(status, "officer"), "county_reviewer:r1");
    EXPECT_EQ(MetadataOf(status, "end_time"), "2026-01-05T01:30:00+00:00");
  }
  // The applicant goes on as before.
  EXPECT_TRUE(test_case.Try(Move::kWithdraw).ok());
}

TEST(ClaimTest, KeepsTheAppealsOfOthersAway) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_APPEALED);
  test_case.ActAs("prefecture_officer:p1");
  const Result claimed = DecideClaim(test_case.record(), std::string(kAppealStage), ClaimPolicy(),
                                     test_case.rules(), {test_case.now(), "prefecture_officer:p2"});
  ASSERT_TRUE(claimed.ok()) << claimed.status();
  test_case.Take(claimed);
  EXPECT_EQ(ReasonOf(test_case.Try(Move::kDismissAppeal).status()), "CASE_CLAIMED");
  EXPECT_EQ(ReasonOf(test_case.Try(Move::kGrantAppeal).status()), "CASE_CLAIMED");
}

TEST(ClaimTest, IsTakenOverOnceItHasEnded) {
  TestCase test_case = Claimed();
  test_case.Advance(absl::Minutes(30) - absl::Milliseconds(1));
  EXPECT_EQ(ReasonOf(ClaimAs(test_case, kOther)), "CASE_CLAIMED");
  test_case.Advance(absl::Milliseconds(1));
  ASSERT_TRUE(ClaimAs(test_case, kOther).ok());
  const auto& fact = dynamic_cast<const v1::CaseClaimed&>(test_case.last_fact());
  EXPECT_EQ(fact.claim().officer(), kOther);
  EXPECT_EQ(fact.former_officer(), "county_reviewer:r1");
  EXPECT_EQ(chassis::ToTime(fact.claim().begin_time()), test_case.now());
}

TEST(ClaimTest, OnceEndedKeepsNobodyFromDeciding) {
  TestCase test_case = Claimed();
  test_case.Advance(absl::Minutes(30));
  test_case.ActAs(kOther);
  EXPECT_TRUE(test_case.Try(Move::kApprove).ok());
}

TEST(ClaimTest, IsForThoseWhoMayDecide) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  EXPECT_EQ(ReasonOf(ClaimAs(test_case, kSupervisor)), "PERMISSION_DENIED");
  const absl::Status moved = DecideClaim(test_case.record(), "approval", ClaimPolicy(),
                                         test_case.rules(), {test_case.now(), kOther})
                                 .status();
  EXPECT_EQ(ReasonOf(moved), "STAGE_MOVED");
  EXPECT_EQ(moved.code(), absl::StatusCode::kAborted);
}

TEST(ClaimTest, IsByThePersonWhateverTheRole) {
  const TestCase test_case = Claimed();
  const auto check = [&](const char* actor) {
    return CheckUnclaimed(test_case.record(), {test_case.now(), actor});
  };
  EXPECT_TRUE(check("county_approver:r1").ok());
  EXPECT_EQ(ReasonOf(check("county_reviewer:r11")), "CASE_CLAIMED");
}

TEST(ReleaseTest, OfTheOwnClaimIsAFact) {
  TestCase test_case = Claimed();
  ASSERT_TRUE(test_case.Do(Move::kRelease));
  const auto& fact = dynamic_cast<const v1::CaseReleased&>(test_case.last_fact());
  EXPECT_EQ(fact.claim().officer(), "county_reviewer:r1");
  EXPECT_TRUE(ClaimAs(test_case, kOther).ok());
}

TEST(ReleaseTest, OfAnothersClaimIsASupervisors) {
  TestCase test_case = Claimed();
  test_case.ActAs(kSupervisor);
  ASSERT_TRUE(test_case.Do(Move::kRelease));
  EXPECT_FALSE(test_case.record().desk_place().has_claim());
}

TEST(ReleaseTest, HasNoEffectWhereNobodyHasTheCase) {
  const Result unclaimed = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW).Try(Move::kRelease);
  ASSERT_TRUE(unclaimed.ok()) << unclaimed.status();
  EXPECT_FALSE(unclaimed->changed);
  TestCase ended = Claimed();
  ended.Advance(absl::Hours(1));
  ended.ActAs(kOther);
  const Result others = ended.Try(Move::kRelease);
  ASSERT_TRUE(others.ok()) << others.status();
  EXPECT_FALSE(others->changed);
}

}  // namespace
}  // namespace fuju::applications
