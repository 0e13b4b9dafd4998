#include "applications/review_decisions.h"

#include "absl/strings/match.h"
#include <gtest/gtest.h>

#include "applications/deadline_decisions.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/money_events.pb.h"
#include "unit/applications/shipped_chains.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::BookWith;
using testing::Calendar;
using testing::DefaultRules;
using testing::ShippedChain;
using testing::TestCase;

TEST(DecideSubsidyReservedTest, StartsTheCountysClock) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  const v1::Application& application = test_case.application();
  EXPECT_TRUE(application.subsidy().reserved());
  EXPECT_EQ(application.subsidy().subsidy_fen(), 98000);
  EXPECT_EQ(application.holder().party(), "county_reviewer");
  EXPECT_EQ(application.holder().due_text_zh(), "3个工作日内，即2026年1月8日前");
  EXPECT_EQ(test_case.record().limit().name(), kReviewTimer);
}

TEST(DecideSubsidyReservedTest, IsAnErrorWithoutACalendar) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_SUBMITTED);
  test_case.MoveTo(absl::FromUnixSeconds(1'798'700'000));
  EXPECT_EQ(test_case.Try(Move::kSubsidyReserved).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(DecideSubsidyRefusedTest, TellsEachFailedRule) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_INELIGIBLE);
  const v1::Outcome& outcome = test_case.application().outcome();
  ASSERT_EQ(outcome.reason_codes_size(), 2);
  EXPECT_EQ(outcome.reason_codes(0), "AGE_WINDOW");
  EXPECT_EQ(outcome.reason_codes(1), "OTHER_PAYER");
  EXPECT_EQ(outcome.text_zh(), "年龄应为0至17岁；已由其他渠道支付");
  EXPECT_EQ(outcome.text_en(), "the age must be 0 to 17; another payer covers it");
  EXPECT_TRUE(absl::StrContains(test_case.last_entry().text_zh(), outcome.text_zh()));
  EXPECT_EQ(test_case.application().holder().party(), "");
}

// Nothing else changes: it goes on by itself when money arrives.
TEST(DecideSubsidyQueuedTest, TellsThatTheCaseWaits) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_SUBMITTED);
  const v1::Application before = test_case.application();
  ASSERT_TRUE(test_case.Do(Move::kSubsidyQueued));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_SUBMITTED);
  EXPECT_EQ(test_case.application().holder().party(), before.holder().party());
  EXPECT_FALSE(test_case.application().subsidy().reserved());
  EXPECT_TRUE(absl::StrContains(test_case.last_entry().text_zh(), "排队"));
  EXPECT_NE(dynamic_cast<const v1::ApplicationQueued*>(&test_case.last_fact()), nullptr);
  EXPECT_TRUE(test_case.Do(Move::kSubsidyReserved));
}

// It may be told when the case is further: then it is an old word.
TEST(DecideSubsidyQueuedTest, IsOvertakenByTheReview) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  const auto decision = test_case.Try(Move::kSubsidyQueued);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_FALSE(decision->changed);
}

TEST(DecideSubsidyRefusedTest, NoMoneyIsUnfunded) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNFUNDED);
  ASSERT_EQ(test_case.application().outcome().reason_codes_size(), 1);
  EXPECT_EQ(test_case.application().outcome().reason_codes(0), "BUDGET_INSUFFICIENT");
  EXPECT_FALSE(test_case.application().outcome().text_zh().empty());
  EXPECT_FALSE(test_case.application().subsidy().reserved());
}

TEST(DecideReturnTest, TellsAllReasonsAndUntilWhen) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  test_case.Take(DecideReturn(
      test_case.record(), Verdict{"", {"DOCUMENT_MISSING", "DOCUMENT_UNREADABLE"}, "请补户口本"},
      DefaultRules(), test_case.act()));
  const v1::Application& application = test_case.application();
  EXPECT_EQ(application.outcome().reason_codes_size(), 2);
  EXPECT_TRUE(absl::StrContains(test_case.last_entry().text_zh(), "缺少材料；材料不清晰"));
  EXPECT_TRUE(
      absl::StrContains(test_case.last_entry().text_zh(), "15个工作日内，即2026年1月26日前"));
  EXPECT_EQ(application.holder().party(), "applicant");
  EXPECT_EQ(test_case.record().limit().name(), kSupplementTimer);
}

// Domain 1.3: the review's clock stands still while the applicant supplements.
TEST(ReviewClockTest, PausesDuringTheSupplementAndRunsOn) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);  // Monday, due Thursday
  test_case.Advance(absl::Hours(24));                                     // Tuesday: two days left
  test_case.Do(Move::kReturn);
  test_case.Advance(absl::Hours(7 * 24));  // Tuesday of the next week
  test_case.Do(Move::kSupplement);
  EXPECT_EQ(test_case.application().holder().due_text_zh(), "2个工作日内，即2026年1月15日前");
  EXPECT_EQ(test_case.record().limit().name(), kReviewTimer);
  EXPECT_EQ(chassis::ToTime(test_case.record().limit().due_time()),
            chassis::ToTime(test_case.application().holder().due_time()));
  EXPECT_FALSE(test_case.application().has_outcome());
}

TEST(ReviewClockTest, PausesALimitInTime) {
  Limits limits;
  limits.review = *Limit::Parse("20s");
  limits.supplement = *Limit::Parse("10s");
  const ChainBook chains = BookWith(ShippedChain("short.v1.json"), limits);
  TestCase test_case = TestCase::Drafted(Rules{limits, Calendar(), chains, DefaultRules().intake});
  test_case.Do(Move::kSubmit);
  test_case.Do(Move::kSubsidyReserved);
  test_case.Advance(absl::Milliseconds(5500));
  test_case.Do(Move::kReturn);
  test_case.Advance(absl::Seconds(8));
  test_case.Do(Move::kSupplement);
  EXPECT_EQ(chassis::ToTime(test_case.record().limit().due_time()) - test_case.now(),
            absl::Milliseconds(14500));
}

// Told once a case, however often it is returned afterwards.
TEST(ReviewClockTest, IsMissedOnce) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  test_case.MoveTo(chassis::ToTime(test_case.record().limit().due_time()));
  ASSERT_TRUE(test_case.Do(Move::kReviewOverdue));
  const auto* fact = dynamic_cast<const v1::ApplicationDeadlineMissed*>(&test_case.last_fact());
  ASSERT_NE(fact, nullptr);
  EXPECT_EQ(fact->limit(), "review");
  EXPECT_EQ(fact->stage(), "review");
  EXPECT_EQ(fact->level(), v1::ESCALATION_LEVEL_PREFECTURE);
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_UNDER_REVIEW);
  EXPECT_FALSE(test_case.record().has_limit());
  EXPECT_TRUE(absl::StrContains(test_case.application().holder().text_zh(), "督办"));
  test_case.Do(Move::kReturn);
  test_case.Do(Move::kSupplement);
  EXPECT_FALSE(test_case.record().has_limit());
  EXPECT_TRUE(test_case.application().holder().has_due_time());
  EXPECT_TRUE(test_case.Do(Move::kApprove));
}

TEST(DecideRejectTest, EndsWithReasonsAndReleasesTheMoney) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_REJECTED);
  EXPECT_EQ(test_case.application().outcome().reason_codes_size(), 2);
  EXPECT_FALSE(test_case.application().subsidy().reserved());
  EXPECT_NE(dynamic_cast<const v1::ApplicationEnded*>(&test_case.last_fact()), nullptr);
}

TEST(DecideWithdrawTest, IsFinalAtOnceUpToTheReview) {
  for (const ApplicationState state :
       {v1::APPLICATION_STATE_DRAFT, v1::APPLICATION_STATE_SUBMITTED,
        v1::APPLICATION_STATE_UNDER_REVIEW, v1::APPLICATION_STATE_SUPPLEMENT,
        v1::APPLICATION_STATE_PUBLIC_NOTICE, v1::APPLICATION_STATE_ON_HOLD}) {
    TestCase test_case = TestCase::In(state);
    ASSERT_TRUE(test_case.Do(Move::kWithdraw));
    EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_WITHDRAWN);
    EXPECT_NE(dynamic_cast<const v1::ApplicationEnded*>(&test_case.last_fact()), nullptr);
    EXPECT_EQ(test_case.application().outcome().reason_codes(0), "WITHDRAWN_BY_APPLICANT");
  }
}

TEST(DecideWithdrawTest, AsksTheVendorSideFirstAfterTheApproval) {
  for (const ApplicationState state :
       {v1::APPLICATION_STATE_APPROVED, v1::APPLICATION_STATE_DISPATCHED,
        v1::APPLICATION_STATE_SCHEDULED}) {
    TestCase test_case = TestCase::In(state);
    ASSERT_TRUE(test_case.Do(Move::kWithdraw));
    EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_WITHDRAWING);
    EXPECT_NE(dynamic_cast<const v1::WithdrawalRequested*>(&test_case.last_fact()), nullptr);
    EXPECT_TRUE(test_case.application().subsidy().reserved());
  }
}

}  // namespace
}  // namespace fuju::applications
