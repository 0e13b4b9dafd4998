// The table of moves of order.h, cell by cell.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fitting/order.h"
#include "unit/fitting/samples.h"

namespace fuju::fitting {
namespace {

using chassis::Versioned;
using testing::kVisit;
using testing::OrderIn;
using testing::SampleHandOver;
using testing::SampleOrderId;
using testing::VisitAt;

const std::vector<v1::OrderState> kStates = {v1::ORDER_STATE_OPEN,      v1::ORDER_STATE_SCHEDULED,
                                             v1::ORDER_STATE_COMPLETED, v1::ORDER_STATE_CANCELLED,
                                             v1::ORDER_STATE_RETURNED,  v1::ORDER_STATE_ABANDONED};

const std::vector<OrderMove> kMoves = {OrderMove::kBook,        OrderMove::kReschedule,
                                       OrderMove::kCancelVisit, OrderMove::kNoShow,
                                       OrderMove::kComplete,    OrderMove::kReturn,
                                       OrderMove::kRecall,      OrderMove::kBookingLimit};

// Each at a time at which only the state can forbid it.
OrderDecision Make(const Versioned<OrderRecord>& order, OrderMove move) {
  const std::string id = SampleOrderId();
  const OrderRules rules;
  const absl::Time later = kVisit + absl::Hours(48);
  switch (move) {
    case OrderMove::kBook:
      return BookVisit(order, id, VisitAt(later), kVisit, rules);
    case OrderMove::kReschedule:
      return MoveVisit(order, id, VisitAt(later), "改期", kVisit, rules);
    case OrderMove::kCancelVisit:
      return CancelVisit(order, id, "有事", kVisit, rules);
    case OrderMove::kNoShow:
      return ReportNoShow(order, id, "无人在家", kVisit, rules);
    case OrderMove::kComplete:
      return CompleteOrder(order, id, SampleHandOver(), kVisit, rules);
    case OrderMove::kReturn:
      return ReturnOrder(order, id, "缺货", kVisit);
    case OrderMove::kRecall:
      return RecallOrder(order, id, kVisit);
    case OrderMove::kBookingLimit:
      return ReturnUnbookedOrder(order, later + rules.booking_limit);
  }
  return chassis::NotFound("move");
}

struct Expected {
  v1::OrderState state;
  const char* fact;
};

const std::map<std::pair<v1::OrderState, OrderMove>, Expected> kTable = {
    {{v1::ORDER_STATE_OPEN, OrderMove::kBook}, {v1::ORDER_STATE_SCHEDULED, "OrderScheduled"}},
    {{v1::ORDER_STATE_OPEN, OrderMove::kReturn}, {v1::ORDER_STATE_RETURNED, "OrderReturned"}},
    {{v1::ORDER_STATE_OPEN, OrderMove::kRecall}, {v1::ORDER_STATE_CANCELLED, "OrderCancelled"}},
    {{v1::ORDER_STATE_OPEN, OrderMove::kBookingLimit}, {v1::ORDER_STATE_RETURNED, "OrderReturned"}},
    {{v1::ORDER_STATE_SCHEDULED, OrderMove::kReschedule},
     {v1::ORDER_STATE_SCHEDULED, "OrderRescheduled"}},
    {{v1::ORDER_STATE_SCHEDULED, OrderMove::kCancelVisit},
     {v1::ORDER_STATE_OPEN, "OrderUnscheduled"}},
    {{v1::ORDER_STATE_SCHEDULED, OrderMove::kNoShow}, {v1::ORDER_STATE_OPEN, "OrderUnscheduled"}},
    {{v1::ORDER_STATE_SCHEDULED, OrderMove::kComplete},
     {v1::ORDER_STATE_COMPLETED, "OrderCompleted"}},
    {{v1::ORDER_STATE_SCHEDULED, OrderMove::kReturn}, {v1::ORDER_STATE_RETURNED, "OrderReturned"}},
    {{v1::ORDER_STATE_SCHEDULED, OrderMove::kRecall},
     {v1::ORDER_STATE_CANCELLED, "OrderCancelled"}},
};

std::string CommandsOf(v1::OrderState state) {
  switch (state) {
    case v1::ORDER_STATE_OPEN:
      return "BookAppointment, ReturnOrder";
    case v1::ORDER_STATE_SCHEDULED:
      return "RescheduleAppointment, CancelAppointment, ReportNoShow, CompleteOrder, ReturnOrder";
    default:
      return "";
  }
}

void ExpectCell(v1::OrderState state, OrderMove move) {
  const Versioned<OrderRecord> order = OrderIn(state);
  ASSERT_EQ(order.state.order().state(), state);
  const OrderDecision decision = Make(order, move);
  const auto expected = kTable.find({state, move});
  EXPECT_EQ(IsLegal(state, move), expected != kTable.end());
  if (expected != kTable.end()) {
    ASSERT_TRUE(decision.ok()) << decision.status();
    ASSERT_EQ(decision->facts.size(), 1u);
    EXPECT_EQ(decision->facts[0]->GetDescriptor()->name(), expected->second.fact);
    EXPECT_EQ(decision->next.order().state(), expected->second.state);
    return;
  }
  if (move == OrderMove::kRecall || move == OrderMove::kBookingLimit) {
    ASSERT_TRUE(decision.ok()) << decision.status();
    EXPECT_FALSE(decision->changed);
    return;
  }
  EXPECT_EQ(decision.status().code(), absl::StatusCode::kFailedPrecondition) << decision.status();
  EXPECT_EQ(chassis::ReasonOf(decision.status()), "STATE_FORBIDS");
  EXPECT_EQ(chassis::MetadataOf(decision.status(), "resource"), OrderName(SampleOrderId()));
  EXPECT_EQ(chassis::MetadataOf(decision.status(), "state"), StateName(state));
  EXPECT_EQ(chassis::MetadataOf(decision.status(), "legal_moves"), CommandsOf(state));
}

TEST(OrderMovesTest, EveryStateAndMoveDoesWhatTheTableSays) {
  for (const v1::OrderState state : kStates) {
    for (const OrderMove move : kMoves) {
      SCOPED_TRACE(StateName(state) + " move " + std::to_string(static_cast<int>(move)));
      ExpectCell(state, move);
    }
  }
}

TEST(OrderMovesTest, CoverEveryState) {
  EXPECT_EQ(kStates.size(), static_cast<size_t>(v1::OrderState_descriptor()->value_count() - 1));
}

TEST(OrderMovesTest, AnUnknownOrderIsNotFound) {
  for (const OrderMove move : kMoves) {
    const OrderDecision decision = Make({}, move);
    if (move == OrderMove::kBookingLimit) {
      EXPECT_FALSE(decision->changed);
      continue;
    }
    EXPECT_EQ(decision.status().code(), absl::StatusCode::kNotFound) << static_cast<int>(move);
    EXPECT_EQ(chassis::MetadataOf(decision.status(), "resource"), OrderName(SampleOrderId()));
  }
}

}  // namespace
}  // namespace fuju::fitting
