#include "applications/appeal_decisions.h"

#include "absl/strings/match.h"
#include <gtest/gtest.h>

#include "applications/review_decisions.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/review_events.pb.h"
#include "unit/applications/shipped_chains.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::BookWith;
using testing::DefaultRules;
using testing::ShippedChain;
using testing::TestCase;

TEST(AppealTest, IsOfferedWithTheEnd) {
  for (const ApplicationState state :
       {v1::APPLICATION_STATE_REJECTED, v1::APPLICATION_STATE_INELIGIBLE}) {
    const TestCase test_case = TestCase::In(state);
    const v1::Promise& until = test_case.application().review().appeal_until();
    EXPECT_EQ(chassis::ToTime(until.due_time()) - test_case.now(), absl::Hours(60 * 24));
    EXPECT_EQ(until.text_zh(), "2026年3月6日09:00前");
  }
  for (const ApplicationState state :
       {v1::APPLICATION_STATE_UNFUNDED, v1::APPLICATION_STATE_WITHDRAWN,
        v1::APPLICATION_STATE_EXPIRED}) {
    EXPECT_FALSE(TestCase::In(state).application().review().has_appeal_until());
  }
}

TEST(AppealTest, HasAClockAndAnOfficeOfItsOwn) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_APPEALED);
  EXPECT_NE(dynamic_cast<const v1::ApplicationAppealed*>(&test_case.last_fact()), nullptr);
  EXPECT_EQ(test_case.application().holder().party(), "prefecture_officer");
  EXPECT_EQ(test_case.application().holder().text_zh(), "市州残联");
  EXPECT_EQ(test_case.application().holder().due_text_zh(), "15个工作日内，即2026年1月26日前");
  EXPECT_FALSE(test_case.application().review().has_appeal_until());
  EXPECT_TRUE(test_case.application().has_outcome());
}

TEST(AppealTest, EndsWithItsTime) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_REJECTED);
  test_case.Advance(absl::Hours(60 * 24) - absl::Milliseconds(1));
  EXPECT_TRUE(test_case.Try(Move::kAppeal).ok());
  test_case.Advance(absl::Milliseconds(1));
  const absl::Status late = test_case.Try(Move::kAppeal).status();
  EXPECT_EQ(late.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(late), "APPEAL_CLOSED");
}

TEST(AppealTest, AChainWithoutOneOffersNone) {
  v1::Chain chain = ShippedChain("short.v1.json");
  chain.clear_appeal();
  const ChainBook chains = BookWith(chain);
  const Rules ordinary = DefaultRules();
  TestCase test_case =
      TestCase::Drafted(Rules{ordinary.limits, ordinary.calendar, chains, ordinary.intake});
  for (const Move move : {Move::kSubmit, Move::kSubsidyReserved, Move::kReject}) {
    ASSERT_TRUE(test_case.Do(move));
  }
  EXPECT_FALSE(test_case.application().review().has_appeal_until());
  EXPECT_EQ(chassis::ReasonOf(test_case.Try(Move::kAppeal).status()), "APPEAL_CLOSED");
}

TEST(AppealTest, DismissedTheDecisionStandsForGood) {
  for (const ApplicationState state :
       {v1::APPLICATION_STATE_REJECTED, v1::APPLICATION_STATE_INELIGIBLE}) {
    TestCase test_case = TestCase::In(state);
    const std::string codes = test_case.application().outcome().reason_codes(0);
    ASSERT_TRUE(test_case.Do(Move::kAppeal));
    ASSERT_TRUE(test_case.Do(Move::kDismissAppeal));
    EXPECT_EQ(test_case.state(), state);
    EXPECT_EQ(test_case.application().outcome().reason_codes(0), codes);
    EXPECT_EQ(test_case.application().review().appeal().result(), v1::APPEAL_RESULT_DISMISSED);
    EXPECT_NE(dynamic_cast<const v1::ApplicationEnded*>(&test_case.last_fact()), nullptr);
    EXPECT_FALSE(test_case.application().subsidy().reserved());
    EXPECT_EQ(chassis::ReasonOf(test_case.Try(Move::kAppeal).status()), "APPEAL_CLOSED");
  }
}

TEST(AppealTest, GrantedTheMoneyIsDecidedAnewAndTheReviewRedone) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_APPEALED);
  ASSERT_TRUE(test_case.Do(Move::kGrantAppeal));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_SUBMITTED);
  const auto* fact = dynamic_cast<const v1::ApplicationReopened*>(&test_case.last_fact());
  ASSERT_NE(fact, nullptr);
  EXPECT_EQ(fact->facts().person_key(), test_case.application().person_key());
  EXPECT_EQ(fact->facts().birth_date(), "1900-01-01");
  EXPECT_FALSE(test_case.application().has_outcome());
  EXPECT_EQ(test_case.application().review().promise().text_zh(), "3个工作日内，即2026年1月8日前");
  ASSERT_TRUE(test_case.Do(Move::kSubsidyReserved));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_UNDER_REVIEW);
  EXPECT_TRUE(test_case.application().subsidy().reserved());
  // Who rejected it does not decide again.
  EXPECT_EQ(chassis::ReasonOf(test_case.Try(Move::kApprove).status()), "OFFICER_ACTED_BEFORE");
  test_case.ActAs("county_reviewer:r2");
  ASSERT_TRUE(test_case.Do(Move::kApprove));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_APPROVED);
}

// The money went to somebody else meanwhile.
TEST(AppealTest, GrantedWithoutMoneyTheCaseEndsUnfunded) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_APPEALED);
  ASSERT_TRUE(test_case.Do(Move::kGrantAppeal));
  ASSERT_TRUE(test_case.Take(DecideSubsidyRefused(test_case.record(), testing::RefusedGrant(true),
                                                  test_case.rules(), test_case.act())));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_UNFUNDED);
  EXPECT_NE(dynamic_cast<const v1::ApplicationEnded*>(&test_case.last_fact()), nullptr);
}

TEST(AppealTest, ACaseThatIsRejectedAgainHasHadItsAppeal) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_APPEALED);
  ASSERT_TRUE(test_case.Do(Move::kGrantAppeal));
  ASSERT_TRUE(test_case.Do(Move::kSubsidyReserved));
  test_case.ActAs("county_reviewer:r2");
  ASSERT_TRUE(test_case.Do(Move::kReject));
  EXPECT_FALSE(test_case.application().review().has_appeal_until());
  EXPECT_EQ(chassis::ReasonOf(test_case.Try(Move::kAppeal).status()), "APPEAL_CLOSED");
}

TEST(AppealTest, GoesBackToTheStageThatTheChainNames) {
  v1::Chain chain = ShippedChain("full.v1.json");
  chain.mutable_appeal()->set_redo_stage("price");
  const ChainBook chains = BookWith(chain);
  const Rules ordinary = DefaultRules();
  TestCase test_case =
      TestCase::Drafted(Rules{ordinary.limits, ordinary.calendar, chains, ordinary.intake});
  test_case.Do(Move::kSubmit);
  test_case.Do(Move::kSubsidyReserved);
  test_case.ActAs("town_officer:t1");
  ASSERT_TRUE(test_case.Do(Move::kReject));
  ASSERT_TRUE(test_case.Do(Move::kAppeal));
  ASSERT_TRUE(test_case.Do(Move::kGrantAppeal));
  // 3 for the price, 3 for the approval, 5 for the notice.
  EXPECT_EQ(test_case.application().review().promise().text_zh(),
            "11个工作日内，即2026年1月20日前");
  ASSERT_TRUE(test_case.Do(Move::kSubsidyReserved));
  EXPECT_EQ(test_case.application().review().stage(), "price");

  // After an ineligibility nobody has looked at it yet.
  TestCase ineligible =
      TestCase::Drafted(Rules{ordinary.limits, ordinary.calendar, chains, ordinary.intake});
  for (const Move move : {Move::kSubmit, Move::kSubsidyRefused, Move::kAppeal, Move::kGrantAppeal,
                          Move::kSubsidyReserved}) {
    ASSERT_TRUE(ineligible.Do(move));
  }
  EXPECT_EQ(ineligible.application().review().stage(), "form_check");
}

TEST(AppealTest, IsDecidedByAnOfficerWhoDecidedNothingElse) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_APPEALED);
  const struct {
    const char* actor;
    const char* reason;
  } kRefused[] = {{"county_reviewer:r9", "PERMISSION_DENIED"},
                  {"applicant:a1", "PERMISSION_DENIED"},
                  // Rejected it as a county reviewer.
                  {"prefecture_officer:r1", "OFFICER_ACTED_BEFORE"}};
  for (const auto& refused : kRefused) {
    SCOPED_TRACE(refused.actor);
    const Act act = {test_case.now(), refused.actor};
    for (const absl::Status& status :
         {DecideGrantAppeal(test_case.record(), "x", test_case.rules(), act).status(),
          DecideDismissAppeal(test_case.record(), "x", test_case.rules(), act).status()}) {
      EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
      EXPECT_EQ(chassis::ReasonOf(status), refused.reason);
    }
  }
}

TEST(AppealTest, IsToldOnceWhenItIsLateAndCanStillBeDecided) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_APPEALED);
  ASSERT_TRUE(test_case.Do(Move::kAppealOverdue));
  EXPECT_FALSE(test_case.record().has_limit());
  EXPECT_TRUE(absl::StrContains(test_case.last_entry().text_zh(), "省残联"));
  EXPECT_TRUE(test_case.Do(Move::kDismissAppeal));
}

}  // namespace
}  // namespace fuju::applications
