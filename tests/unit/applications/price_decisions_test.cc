#include "applications/price_decisions.h"

#include "absl/strings/match.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications/deadline_decisions.h"
#include "applications/review_decisions.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/transfer_events.pb.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::kPrice;
using testing::PriceRules;
using testing::TestCase;

TestCase InPriceStage() { return TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW, PriceRules()); }

Result Fix(const TestCase& test_case, int64_t price, const std::string& stage = "") {
  return DecideFixPrice(test_case.record(), price, Verdict{stage, {}, "按协议价核定"},
                        test_case.rules(), test_case.act());
}

TEST(FixPriceTest, TheCatalogueDecidesBeforeAnybodyPassesTheStage) {
  TestCase test_case = InPriceStage();
  const auto due = test_case.record().review_clock().due_time();
  ASSERT_TRUE(test_case.Take(Fix(test_case, kPrice, "price")));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_PRICING);
  const auto& fact = dynamic_cast<const v1::ApplicationPriceFixed&>(test_case.last_fact());
  EXPECT_EQ(fact.price_fen(), kPrice);
  EXPECT_EQ(fact.application().funding_request(), 2);
  EXPECT_EQ(chassis::ReasonOf(test_case.Try(Move::kApprove).status()), "STATE_FORBIDS");
  // The act is known, and counts as one of the stage.
  const v1::StageAct& act = *test_case.application().review().acts().rbegin();
  EXPECT_EQ(act.price_fen(), kPrice);
  EXPECT_EQ(act.stage(), "price");

  ASSERT_TRUE(test_case.Do(Move::kSubsidyRepriced));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_UNDER_REVIEW);
  EXPECT_EQ(test_case.application().review().stage(), "price");
  EXPECT_EQ(test_case.application().subsidy().approved_price_fen(), kPrice);
  EXPECT_EQ(test_case.application().subsidy().subsidy_fen(), kPrice);
  EXPECT_TRUE(test_case.application().subsidy().reserved());
  EXPECT_EQ(PriceOf(test_case.application()), kPrice);
  // The clock of the stage went on.
  EXPECT_EQ(test_case.record().review_clock().due_time().seconds(), due.seconds());
  EXPECT_TRUE(test_case.record().has_limit());
  EXPECT_TRUE(absl::StrContains(test_case.last_entry().text_zh(), "900.00"))
      << test_case.last_entry().text_zh();
  ASSERT_TRUE(test_case.Do(Move::kApprove));
}

TEST(FixPriceTest, IsAtMostThePriceAsked) {
  const TestCase test_case = InPriceStage();
  EXPECT_TRUE(Fix(test_case, 98000).ok());
  const absl::Status status = Fix(test_case, 98001).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.ToString(), "price_fen")) << status;
}

// Domain 1.3, stage 5: the quote is at most the catalogue's ceiling.
TEST(FixPriceTest, IsAtMostTheCeilingOfTheCatalogue) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_SUBMITTED, PriceRules());
  catalogue::v1::Grant grant = testing::ReservedGrant();
  grant.mutable_decision()->set_allowed_price_fen(91000);
  ASSERT_TRUE(test_case.Take(
      DecideSubsidyReserved(test_case.record(), grant, test_case.rules(), test_case.act())));
  const absl::Status status = Fix(test_case, 91001).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(status.ToString(), "91000 fen")) << status;
  // A price that was fixed is no ceiling for the next one.
  ASSERT_TRUE(test_case.Do(Move::kFixPrice));
  ASSERT_TRUE(test_case.Do(Move::kSubsidyRepriced));
  EXPECT_EQ(PriceOf(test_case.application()), kPrice);
  EXPECT_TRUE(Fix(test_case, 91000).ok());
  EXPECT_FALSE(Fix(test_case, 91001).ok());
}

TEST(FixPriceTest, OnlyInAStageForIt) {
  TestCase test_case = InPriceStage();
  ASSERT_TRUE(test_case.Do(Move::kApprove));
  const absl::Status status = Fix(test_case, kPrice).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(status), "STAGE_FORBIDS");
  EXPECT_EQ(chassis::ReasonOf(Fix(test_case, kPrice, "price").status()), "STAGE_MOVED");
}

TEST(FixPriceTest, OnlyByAnOfficerOfTheStage) {
  TestCase test_case = InPriceStage();
  test_case.ActAs("town_officer:t1");
  EXPECT_EQ(chassis::ReasonOf(Fix(test_case, kPrice).status()), "PERMISSION_DENIED");
}

// A higher price again, and the money that was given back is spent.
TEST(FixPriceTest, WhatTheBudgetDoesNotHoldStaysAsItWas) {
  TestCase test_case = InPriceStage();
  ASSERT_TRUE(test_case.Do(Move::kFixPrice));
  ASSERT_TRUE(test_case.Do(Move::kSubsidyRepriced));
  ASSERT_TRUE(test_case.Take(Fix(test_case, 95000)));
  ASSERT_TRUE(
      test_case.Take(DecideSubsidyRepriced(test_case.record(), testing::RepricedGrant(),
                                           /*refused=*/true, test_case.rules(), test_case.act())));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_UNDER_REVIEW);
  EXPECT_EQ(PriceOf(test_case.application()), kPrice);
  EXPECT_TRUE(dynamic_cast<const v1::ApplicationRepriced&>(test_case.last_fact()).refused());
}

TEST(FixPriceTest, AnAnswerToAnEarlierQuestionHasNoEffect) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_PRICING);
  catalogue::v1::Grant grant = testing::RepricedGrant();
  grant.set_funding_request(1);
  const Result result =
      DecideSubsidyRepriced(test_case.record(), grant, false, test_case.rules(), test_case.act());
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_FALSE(result->changed);
}

// The catalogue was away longer than the stage lasts: who is to hear of it hears as soon as it is
// back.
TEST(FixPriceTest, ALateAnswerLosesNoClock) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_PRICING);
  test_case.MoveTo(chassis::ToTime(test_case.record().review_clock().due_time()) + absl::Hours(24));
  ASSERT_TRUE(test_case.Do(Move::kSubsidyRepriced));
  ASSERT_TRUE(test_case.record().has_limit());
  EXPECT_LE(chassis::ToTime(test_case.record().limit().due_time()), test_case.now());
  EXPECT_TRUE(test_case.Take(
      DecideDeadline(test_case.record(), kReviewTimer, test_case.rules(), test_case.act())));
}

}  // namespace
}  // namespace fuju::applications
