#include "applications/closing_decisions.h"

#include "absl/strings/match.h"
#include <gtest/gtest.h>

#include "applications/deadline_decisions.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/money_events.pb.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::TestCase;

TEST(DecideConfirmReceiptTest, GivesTheDayFromWhichTheIntervalCounts) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_FITTED);
  test_case.MoveTo(absl::FromUnixSeconds(1'767'715'200));  // 2026-01-07 00:00 in Lanzhou
  ASSERT_TRUE(test_case.Do(Move::kConfirmReceipt));
  const auto* fact = dynamic_cast<const v1::ApplicationAccepted*>(&test_case.last_fact());
  ASSERT_NE(fact, nullptr);
  EXPECT_EQ(fact->acceptance_date(), "2026-01-07");
  EXPECT_EQ(fact->application().service().vendor(), testing::kVendor);
}

// Domain invariant 1: no payment without proof of the acceptance.
TEST(DecideConfirmReceiptTest, RefusesAnotherSerialNumber) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_FITTED);
  EXPECT_EQ(
      DecideConfirmReceipt(test_case.record(), "SN-2026/002", test_case.act()).status().code(),
      absl::StatusCode::kInvalidArgument);
}

TEST(DecideSubsidySettledTest, TheFollowUpCountsFromTheAcceptance) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_ACCEPTED);
  const absl::Time accepted = test_case.now();
  test_case.Advance(absl::Hours(5 * 24));
  ASSERT_TRUE(test_case.Do(Move::kSubsidySettled));
  EXPECT_EQ(test_case.record().limit().name(), kFollowUpAskTimer);
  EXPECT_EQ(chassis::ToTime(test_case.record().limit().due_time()),
            accepted + absl::Hours(30 * 24));
  EXPECT_TRUE(test_case.application().subsidy().settled());
  EXPECT_FALSE(test_case.application().subsidy().reserved());
}

TEST(DecideSubsidySettledTest, TellsWhatBecomesOfALowerInvoice) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_ACCEPTED);
  catalogue::v1::Grant grant = testing::ReservedGrant();
  grant.mutable_decision()->set_approved_price_fen(60000);
  grant.mutable_decision()->set_subsidy_fen(59000);
  grant.mutable_decision()->set_self_pay_fen(1000);
  ASSERT_TRUE(test_case.Take(
      DecideSubsidySettled(test_case.record(), grant, test_case.rules(), test_case.act())));
  EXPECT_EQ(test_case.application().subsidy().subsidy_fen(), 59000);
  const auto& timeline = test_case.application().timeline();
  const std::string& told = timeline[timeline.size() - 2].text_zh();
  for (const char* amount : {"600.00", "590.00", "10.00"}) {
    EXPECT_TRUE(absl::StrContains(told, amount)) << told;
  }
}

TEST(DecideSubsidySettledTest, ALatePaymentAsksAtOnce) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_ACCEPTED);
  test_case.Advance(absl::Hours(40 * 24));
  ASSERT_TRUE(test_case.Do(Move::kSubsidySettled));
  EXPECT_EQ(chassis::ToTime(test_case.record().limit().due_time()), test_case.now());
}

TEST(DecideSubsidyPaidTest, IsToldWheneverTheTreasuryPays) {
  for (const ApplicationState state : {v1::APPLICATION_STATE_PAID, v1::APPLICATION_STATE_FOLLOW_UP,
                                       v1::APPLICATION_STATE_CLOSED}) {
    TestCase test_case = TestCase::In(state);
    const bool had_limit = test_case.record().has_limit();
    ASSERT_TRUE(test_case.Do(Move::kSubsidyPaid)) << StateName(state);
    EXPECT_EQ(test_case.state(), state);
    EXPECT_EQ(test_case.record().has_limit(), had_limit) << "the follow-up stays planned";
    EXPECT_NE(dynamic_cast<const v1::ApplicationVendorPaid*>(&test_case.last_fact()), nullptr);
  }
}

TEST(DecideAnswerFollowUpTest, ClosesTheCase) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_CLOSED);
  const v1::FollowUp& answer = test_case.application().follow_up();
  EXPECT_EQ(answer.satisfaction(), 5);
  EXPECT_TRUE(answer.in_use());
  EXPECT_TRUE(answer.has_answer_time());
  EXPECT_NE(dynamic_cast<const v1::ApplicationClosed*>(&test_case.last_fact()), nullptr);
}

}  // namespace
}  // namespace fuju::applications
