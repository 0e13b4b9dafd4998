// Orders from the accepted offer to their end, by facts and timers.

#include <string>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "integration/fitting/fitting_instance.h"

namespace fuju::fitting {
namespace {

class LifeTest : public testing::FittingTest {};

TEST_F(LifeTest, AnAcceptedOfferOpensOneOrder) {
  Accept(1);
  dispatch_.RepeatLast();
  // The next fact of the same round is handled after the repeated one.
  Recall(1);
  log_.Await<v1::OrderCancelled>(1);
  const auto opened = log_.Await<v1::OrderOpened>(1);
  ASSERT_EQ(opened.size(), 1u);
  EXPECT_EQ(opened[0].order().name(), OrderNameOf(1));
  EXPECT_EQ(opened[0].order().offer(), Round(1).offer());
  EXPECT_EQ(opened[0].order().application(), Round(1).application());
  // All facts of the case carry the application.
  for (const event::v1::Event& event : log_.All()) {
    if (event.subject() == OrderNameOf(1)) {
      EXPECT_EQ(event.correlation_id(), Round(1).application()) << event.type();
    }
  }
}

TEST_F(LifeTest, EveryAttemptIsAnOrderOfItsOwn) {
  OpenOrders(1);
  ASSERT_TRUE(fitting_.Return(OrderNameOf(1)).ok());
  Accept(1, 2);
  EXPECT_EQ(log_.Await<v1::OrderOpened>(2)[1].order().name(), OrderNameOf(1, 2));
  EXPECT_EQ(fitting_.OrderNamed(OrderNameOf(1)).state(), v1::ORDER_STATE_RETURNED);
  EXPECT_EQ(fitting_.OrderNamed(OrderNameOf(1, 2)).state(), v1::ORDER_STATE_OPEN);
}

TEST_F(LifeTest, ARecallCancelsTheOrderAndFreesItsTime) {
  OpenOrders(2);
  ASSERT_TRUE(fitting_.Book(OrderNameOf(1), Technician(), At(2, 10)).ok());
  Recall(1);
  const v1::Order cancelled = log_.Await<v1::OrderCancelled>(1).at(0).order();
  EXPECT_EQ(cancelled.name(), OrderNameOf(1));
  EXPECT_EQ(cancelled.appointments(0).state(), v1::APPOINTMENT_STATE_CANCELLED);
  EXPECT_EQ(ClaimedCells(), 0u);
  EXPECT_TRUE(fitting_.Book(OrderNameOf(2), Technician(), At(2, 10)).ok());
}

TEST_F(LifeTest, ARecallAfterTheHandOverHasNoEffect) {
  OpenOrders(1);
  ASSERT_TRUE(fitting_.Book(OrderNameOf(1), Technician(), At(2, 10)).ok());
  clock_.Set(At(2, 10));
  const auto completed = fitting_.Complete(OrderNameOf(1), "SN-1");
  ASSERT_TRUE(completed.ok()) << completed.status();
  Recall(1);
  // Another order of the same round is opened only after the recall has been handled.
  Accept(1, 2);
  log_.Await<v1::OrderOpened>(2);
  EXPECT_EQ(fitting_.OrderNamed(OrderNameOf(1)).SerializeAsString(),
            completed->SerializeAsString());
  EXPECT_EQ(log_.Count<v1::OrderCancelled>(), 0u);
}

TEST_F(LifeTest, AnOrderWithoutVisitReturnsAtTheLimit) {
  OpenOrders(2);
  ASSERT_TRUE(fitting_.Book(OrderNameOf(2), Technician(), At(2, 10)).ok());
  const absl::Duration limit = OrderRules().booking_limit;
  clock_.Advance(limit);
  const v1::Order returned = log_.Await<v1::OrderReturned>(1).at(0).order();
  EXPECT_EQ(returned.name(), OrderNameOf(1));
  EXPECT_NE(returned.reason(), "");
  // The booked one runs on; without its visit the limit begins again.
  EXPECT_EQ(fitting_.OrderNamed(OrderNameOf(2)).state(), v1::ORDER_STATE_SCHEDULED);
  ASSERT_TRUE(fitting_.CancelVisit(OrderNameOf(2)).ok());
  clock_.Advance(limit);
  EXPECT_EQ(log_.Await<v1::OrderReturned>(2).at(1).order().name(), OrderNameOf(2));
}

TEST_F(LifeTest, VisitsWithNobodyMetEndInAbandonment) {
  OpenOrders(1);
  ASSERT_TRUE(fitting_.Book(OrderNameOf(1), Technician(), At(2, 10)).ok());
  const absl::Status early = fitting_.NoShow(OrderNameOf(1)).status();
  EXPECT_EQ(early.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(early), "VISIT_NOT_DUE");
  clock_.Set(At(2, 10, 20));
  auto order = fitting_.NoShow(OrderNameOf(1));
  ASSERT_TRUE(order.ok()) << order.status();
  EXPECT_EQ(order->state(), v1::ORDER_STATE_OPEN);
  EXPECT_EQ(order->no_shows(), 1);

  EXPECT_EQ(ClaimedCells(), 0u);
  ASSERT_TRUE(fitting_.Book(OrderNameOf(1), Technician(), At(2, 15)).ok());
  clock_.Set(At(2, 15));
  order = fitting_.NoShow(OrderNameOf(1));
  ASSERT_TRUE(order.ok()) << order.status();
  EXPECT_EQ(order->state(), v1::ORDER_STATE_ABANDONED);
  const v1::Order abandoned = log_.Await<v1::OrderAbandoned>(1).at(0).order();
  EXPECT_EQ(abandoned.no_shows(), 2);
  EXPECT_EQ(abandoned.reason(), "无人在家");
  EXPECT_EQ(ClaimedCells(), 0u);
}

TEST_F(LifeTest, AReturnedOrderIsFinal) {
  OpenOrders(1);
  ASSERT_TRUE(fitting_.Book(OrderNameOf(1), Technician(), At(2, 10)).ok());
  ASSERT_TRUE(fitting_.Return(OrderNameOf(1)).ok());
  EXPECT_EQ(log_.Await<v1::OrderReturned>(1).at(0).order().reason(), "缺货");
  EXPECT_EQ(ClaimedCells(), 0u);
  const absl::Status again = fitting_.Book(OrderNameOf(1), Technician(), At(2, 10)).status();
  EXPECT_EQ(again.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(again), "STATE_FORBIDS");
  EXPECT_EQ(chassis::MetadataOf(again, "state"), "RETURNED");
}

}  // namespace
}  // namespace fuju::fitting
