#include "applications/service_decisions.h"

#include "absl/strings/match.h"
#include <gtest/gtest.h>

#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using dispatch::v1::ROUND_STATE_ASSIGNED;
using dispatch::v1::ROUND_STATE_MANUAL;
using dispatch::v1::ROUND_STATE_RECALLED;
using fitting::v1::ORDER_STATE_COMPLETED;
using fitting::v1::ORDER_STATE_OPEN;
using fitting::v1::ORDER_STATE_RETURNED;
using fitting::v1::ORDER_STATE_SCHEDULED;
using testing::DefaultRules;
using testing::OrderOf;
using testing::RoundOf;
using testing::TestCase;

TEST(AttemptOfTest, IsTheNumberAtTheEnd) {
  EXPECT_EQ(*AttemptOf("vendors/91620102DEM0000146/orders/620102-01JH-12"), 12);
  for (const char* name : {"", "vendors/x", "vendors/x/orders/620102-01JH-", "a-0", "a--1x"}) {
    EXPECT_FALSE(AttemptOf(name).ok()) << name;
  }
}

TEST(DispatchTest, AVendorTakesTheJob) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DISPATCHED);
  EXPECT_EQ(test_case.application().service().vendor_name(), "演示辅具1部");
  EXPECT_EQ(test_case.application().holder().party(), "vendor");
  EXPECT_TRUE(absl::StrContains(test_case.last_entry().text_zh(), "演示辅具1部"));
}

TEST(DispatchTest, TheManualQueueHoldsTheCaseAndTheStateStays) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_APPROVED);
  ASSERT_TRUE(test_case.Do(Move::kDispatchExhausted));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_APPROVED);
  EXPECT_EQ(test_case.application().holder().party(), "prefecture_dispatch_desk");
  EXPECT_EQ(test_case.application().holder().due_text_zh(), "2026年1月7日09:00前");
  // Assigned by hand: the next attempt.
  ASSERT_TRUE(test_case.Take(DecideDispatchAccepted(
      test_case.record(), RoundOf(2, ROUND_STATE_ASSIGNED), test_case.act())));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_DISPATCHED);
}

// A visit can be booked by the order's name only.
TEST(OrderTest, AnOpenedOrderIsNamedWithUntilWhenToBook) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DISPATCHED);
  EXPECT_EQ(test_case.application().service().order(), "");
  ASSERT_TRUE(test_case.Do(Move::kOrderOpened));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_DISPATCHED);
  EXPECT_EQ(test_case.application().service().order(), OrderOf(1, ORDER_STATE_OPEN).name());
  EXPECT_EQ(test_case.application().holder().due_text_zh(), "2026年1月8日09:00前");
  EXPECT_TRUE(absl::StrContains(test_case.last_entry().text_zh(), "2026年1月8日09:00前"));
  EXPECT_FALSE(test_case.Do(Move::kOrderOpened));
}

TEST(OrderTest, AVisitIsBookedMovedAndMissed) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DISPATCHED);
  ASSERT_TRUE(test_case.Do(Move::kOrderScheduled));
  EXPECT_EQ(test_case.last_entry().text_zh(), "已预约上门时间：2026年1月6日10:00。");
  EXPECT_EQ(test_case.application().holder().due_text_zh(), "2026年1月6日10:00");
  fitting::v1::Order moved = OrderOf(1, ORDER_STATE_SCHEDULED);
  *moved.mutable_appointments(0)->mutable_start_time() =
      chassis::ToTimestamp(testing::Start() + absl::Hours(48));
  ASSERT_TRUE(test_case.Take(DecideOrderScheduled(test_case.record(), moved, test_case.act())));
  EXPECT_EQ(test_case.last_entry().text_zh(), "上门时间改为：2026年1月7日09:00。");
  ASSERT_TRUE(test_case.Do(Move::kOrderUnscheduled));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_DISPATCHED);
  EXPECT_TRUE(absl::StrContains(test_case.last_entry().text_zh(), "未遇到人（第1次）"));
  EXPECT_EQ(test_case.application().service().no_shows(), 1);
  EXPECT_FALSE(test_case.application().service().has_visit_time());
}

TEST(OrderTest, AReturnedOrderGoesBackToDispatch) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_SCHEDULED);
  ASSERT_TRUE(test_case.Do(Move::kOrderReturned));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_APPROVED);
  EXPECT_FALSE(test_case.application().has_service());
  EXPECT_EQ(test_case.application().holder().party(), "dispatch");
}

TEST(OrderTest, TheHandOverAsksForTheReceipt) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_FITTED);
  EXPECT_EQ(test_case.application().service().serial_number(), testing::kSerial);
  EXPECT_TRUE(test_case.application().service().has_visit_time());
  EXPECT_EQ(test_case.application().holder().party(), "applicant");
  EXPECT_EQ(test_case.record().limit().name(), kReceiptTimer);
}

// The first order is faster than the fact that the vendor accepted.
TEST(OrderOfArrivalTest, AnOrderMayComeBeforeItsAcceptance) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_APPROVED);
  ASSERT_TRUE(test_case.Do(Move::kOrderScheduled));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_SCHEDULED);
  EXPECT_FALSE(test_case.Do(Move::kDispatchAccepted));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_SCHEDULED);
}

TEST(OrderOfArrivalTest, ALateAcceptanceOfAReturnedOrderHasNoEffect) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_APPROVED);
  ASSERT_TRUE(test_case.Do(Move::kOrderReturned));
  EXPECT_FALSE(test_case.Do(Move::kDispatchAccepted));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_APPROVED);
}

TEST(OrderOfArrivalTest, AnOlderAttemptNeverMovesTheCaseBack) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_APPROVED);
  ASSERT_TRUE(test_case.Take(DecideOrderScheduled(
      test_case.record(), OrderOf(2, ORDER_STATE_SCHEDULED), test_case.act())));
  for (const Move move : {Move::kDispatchAccepted, Move::kDispatchExhausted, Move::kOrderOpened,
                          Move::kOrderScheduled, Move::kOrderUnscheduled, Move::kOrderReturned,
                          Move::kOrderAbandoned, Move::kOrderCompleted}) {
    EXPECT_FALSE(test_case.Do(move)) << InfoOf(move).name;
  }
  EXPECT_EQ(test_case.application().service().vendor_name(), "演示辅具2部");
}

TEST(WithdrawalTest, EndsWhenNoVendorHasTheJob) {
  for (const Move move : {Move::kDispatchCancelled, Move::kOrderCancelled, Move::kOrderAbandoned,
                          Move::kDispatchFailed}) {
    SCOPED_TRACE(std::string(InfoOf(move).name));
    TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DISPATCHED);
    test_case.Do(Move::kWithdraw);
    ASSERT_TRUE(test_case.Do(move));
    EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_WITHDRAWN);
    EXPECT_EQ(test_case.application().outcome().reason_codes(0), "WITHDRAWN_BY_APPLICANT");
    EXPECT_EQ(test_case.record().outcome_note(), testing::kNote);
    EXPECT_FALSE(test_case.application().subsidy().reserved());
  }
}

TEST(WithdrawalTest, AHandOverThatCameFirstWins) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_SCHEDULED);
  test_case.Do(Move::kWithdraw);
  ASSERT_TRUE(test_case.Take(DecideDispatchRecalled(
      test_case.record(), RoundOf(1, ROUND_STATE_RECALLED), test_case.rules(), test_case.act())));
  ASSERT_TRUE(test_case.Do(Move::kOrderCompleted));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_FITTED);
  EXPECT_TRUE(absl::StrContains(test_case.last_entry().text_zh(), "未能生效"));
  EXPECT_FALSE(test_case.application().has_outcome());
  EXPECT_TRUE(test_case.application().subsidy().reserved());
}

// The vendor gave the order back while the recall was on its way: nobody else would end the case.
TEST(WithdrawalTest, ARecallOfAReturnedOrderEndsIt) {
  for (const bool returned_first : {true, false}) {
    TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DISPATCHED);
    test_case.Do(Move::kWithdraw);
    ASSERT_TRUE(test_case.Do(returned_first ? Move::kOrderReturned : Move::kDispatchRecalled));
    EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_WITHDRAWING);
    ASSERT_TRUE(test_case.Do(returned_first ? Move::kDispatchRecalled : Move::kOrderReturned));
    EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_WITHDRAWN);
  }
}

TEST(WithdrawalTest, AReturnedOrderAloneDoesNotEndIt) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DISPATCHED);
  test_case.Do(Move::kWithdraw);
  ASSERT_TRUE(test_case.Do(Move::kOrderReturned));
  // Another vendor was asked before the withdrawal arrived, and has the job.
  ASSERT_TRUE(test_case.Take(DecideDispatchRecalled(
      test_case.record(), RoundOf(2, ROUND_STATE_RECALLED), test_case.rules(), test_case.act())));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_WITHDRAWING);
  ASSERT_TRUE(test_case.Take(DecideOrderCompleted(
      test_case.record(), OrderOf(2, ORDER_STATE_COMPLETED), DefaultRules(), test_case.act())));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_FITTED);
}

}  // namespace
}  // namespace fuju::applications
