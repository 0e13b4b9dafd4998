#include "fitting/order.h"

#include <string>

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/fitting/v1/fitting_events.pb.h"
#include "unit/fitting/samples.h"

namespace fuju::fitting {
namespace {

using chassis::ToTime;
using chassis::Versioned;
using testing::AcceptedRound;
using testing::After;
using testing::Booked;
using testing::FactOf;
using testing::kNow;
using testing::kOtherUscc;
using testing::kUscc;
using testing::kVisit;
using testing::kVisitEnd;
using testing::Missed;
using testing::OrderIn;
using testing::SampleHandOver;
using testing::SampleOrderId;
using testing::SampleTechnician;
using testing::VisitAt;
using testing::VisitBy;

constexpr absl::Duration kTick = absl::Milliseconds(1);

TEST(OrderTest, CarriesTheJobOfItsRound) {
  const OrderDecision decision = OpenOrder({}, AcceptedRound(), kNow, {});
  const v1::Order order = FactOf<v1::OrderOpened>(decision).order();
  EXPECT_EQ(order.name(), OrderName(SampleOrderId()));
  EXPECT_EQ(order.vendor(), AcceptedRound().vendor());
  EXPECT_EQ(order.vendor_name(), "演示服务商");
  EXPECT_EQ(order.application(), AcceptedRound().application());
  EXPECT_EQ(order.offer(), AcceptedRound().offer());
  EXPECT_EQ(order.county_code(), "620102");
  EXPECT_EQ(order.item_code(), "M01");
  EXPECT_EQ(order.device_division(), "122203");
  EXPECT_EQ(order.state(), v1::ORDER_STATE_OPEN);
  EXPECT_EQ(ToTime(order.booking_due_time()), kNow + OrderRules().booking_limit);
  EXPECT_EQ(order.SerializeAsString(), decision->next.order().SerializeAsString());
}

TEST(OrderTest, IsOpenedOnce) {
  for (int s = v1::ORDER_STATE_OPEN; s <= v1::ORDER_STATE_ABANDONED; ++s) {
    EXPECT_FALSE(
        OpenOrder(OrderIn(static_cast<v1::OrderState>(s)), AcceptedRound(), kNow, {})->changed);
  }
}

TEST(OrderTest, IsNotOpenedForARoundWithoutVendor) {
  fuju::dispatch::v1::Round round = AcceptedRound();
  round.clear_vendor();
  EXPECT_EQ(OpenOrder({}, round, kNow, {}).status().code(), absl::StatusCode::kInternal);
}

TEST(OrderTest, AnUnknownTechnicianIsNotFound) {
  const VisitRequest visit{.technician_id = "V/T9", .technician = {}, .start = kVisit};
  const absl::Status status =
      BookVisit(OrderIn(v1::ORDER_STATE_OPEN), SampleOrderId(), visit, kNow, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(chassis::MetadataOf(status, "resource"), "vendors/V/technicians/T9");
}

TEST(OrderTest, IsVisitedBySuitableTechniciansOfItsVendor) {
  const auto open = OrderIn(v1::ORDER_STATE_OPEN);
  const auto scheduled = OrderIn(v1::ORDER_STATE_SCHEDULED);
  v1::Technician optician = SampleTechnician("T2");
  optician.add_device_classes("2203");
  for (const VisitRequest& visit :
       {VisitBy(optician), VisitBy(SampleTechnician(), kVisit, kOtherUscc)}) {
    for (const OrderDecision& decision :
         {BookVisit(open, SampleOrderId(), visit, kNow, {}),
          MoveVisit(scheduled, SampleOrderId(), visit, "", kNow, {})}) {
      EXPECT_EQ(decision.status().code(), absl::StatusCode::kFailedPrecondition);
      EXPECT_EQ(chassis::ReasonOf(decision.status()), "VENDOR_NOT_SUITABLE");
    }
  }
  v1::Technician fitter = SampleTechnician("T3");
  fitter.add_device_classes("2203");
  fitter.add_device_classes("12");
  EXPECT_TRUE(BookVisit(open, SampleOrderId(), VisitBy(fitter), kNow, {}).ok());
}

TEST(OrderTest, IsVisitedWithinTheHorizon) {
  const auto open = OrderIn(v1::ORDER_STATE_OPEN);
  OrderRules rules;
  rules.booking_horizon = kVisit - kNow;
  EXPECT_TRUE(BookVisit(open, SampleOrderId(), VisitAt(kVisit), kNow, rules).ok());
  const absl::Status status =
      BookVisit(open, SampleOrderId(), VisitAt(kVisit), kNow - kTick, rules).status();
  EXPECT_EQ(chassis::ReasonOf(status), "SLOT_OUTSIDE_HOURS");
  // Any time of the protocol is only refused.
  EXPECT_EQ(chassis::ReasonOf(BookVisit(open, SampleOrderId(),
                                        VisitAt(absl::FromUnixSeconds(253402300799)), kNow, {})
                                  .status()),
            "SLOT_OUTSIDE_HOURS");
  EXPECT_EQ(chassis::ReasonOf(BookVisit(open, SampleOrderId(),
                                        VisitAt(absl::FromUnixSeconds(-62135596800)), kNow, {})
                                  .status()),
            "SLOT_OUTSIDE_HOURS");
}

TEST(OrderTest, BooksTheVisitInFull) {
  const v1::Order order = Booked(OrderIn(v1::ORDER_STATE_OPEN)).state.order();
  ASSERT_EQ(order.appointments_size(), 1);
  const v1::Appointment& visit = order.appointments(0);
  EXPECT_EQ(visit.sequence(), 1);
  EXPECT_EQ(visit.state(), v1::APPOINTMENT_STATE_BOOKED);
  EXPECT_EQ(visit.technician(), std::string("vendors/") + kUscc + "/technicians/T1");
  EXPECT_EQ(ToTime(visit.start_time()), kVisit);
  EXPECT_EQ(ToTime(visit.end_time()), kVisitEnd);
  EXPECT_FALSE(order.has_booking_due_time());
}

TEST(OrderTest, KeepsTheVisitsBeforeTheOneThatIsBooked) {
  const auto scheduled = OrderIn(v1::ORDER_STATE_SCHEDULED);
  const auto moved = After(
      scheduled,
      MoveVisit(scheduled, SampleOrderId(), VisitAt(kVisit + absl::Hours(3)), "改期", kNow, {}));
  const v1::Order& order = moved.state.order();
  ASSERT_EQ(order.appointments_size(), 2);
  EXPECT_EQ(order.appointments(0).state(), v1::APPOINTMENT_STATE_CANCELLED);
  EXPECT_EQ(order.appointments(0).reason(), "改期");
  EXPECT_EQ(order.appointments(1).state(), v1::APPOINTMENT_STATE_BOOKED);
  EXPECT_EQ(order.appointments(1).sequence(), 2);
}

// Whoever nobody was met at may be visited again from the door: the report ended the first visit.
TEST(OrderTest, AMissedVisitDoesNotStandInTheWayOfTheNext) {
  const auto missed = Missed(OrderIn(v1::ORDER_STATE_SCHEDULED));
  const absl::Time within = kVisit + absl::Minutes(30);
  const auto again = After(
      missed, BookVisit(missed, SampleOrderId(), VisitAt(within), kVisit + absl::Minutes(5), {}));
  EXPECT_EQ(ToTime(again.state.order().appointments(0).report_time()), kVisit);
  EXPECT_FALSE(again.state.order().appointments(1).has_report_time());
  // A visit that is moved gives its own time free.
  const auto scheduled = OrderIn(v1::ORDER_STATE_SCHEDULED);
  EXPECT_TRUE(MoveVisit(scheduled, SampleOrderId(), VisitAt(within), "", kNow, {}).ok());
}

TEST(OrderTest, IsReportedOnWhenTheVisitIsDue) {
  const auto scheduled = OrderIn(v1::ORDER_STATE_SCHEDULED);
  for (const absl::Duration early : {absl::ZeroDuration(), absl::Minutes(30)}) {
    OrderRules rules;
    rules.early_report = early;
    const absl::Time due = kVisit - early;
    const auto both = [&](absl::Time now) {
      return std::make_pair(
          ReportNoShow(scheduled, SampleOrderId(), "无人", now, rules).status(),
          CompleteOrder(scheduled, SampleOrderId(), SampleHandOver(), now, rules).status());
    };
    const auto [missed_early, completed_early] = both(due - kTick);
    for (const absl::Status& status : {missed_early, completed_early}) {
      EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
      EXPECT_EQ(chassis::ReasonOf(status), "VISIT_NOT_DUE");
      EXPECT_EQ(chassis::MetadataOf(status, "start_time"), "2026-01-06T10:00:00+08:00");
    }
    EXPECT_TRUE(both(due).first.ok());
    EXPECT_TRUE(both(due).second.ok());
    // Late is never too late.
    EXPECT_TRUE(both(kVisit + absl::Hours(1000)).first.ok());
    EXPECT_TRUE(both(kVisit + absl::Hours(1000)).second.ok());
  }
}

TEST(OrderTest, IsAbandonedAtTheLimitOfVisitsWithNobodyMet) {
  for (int limit = 1; limit <= 4; ++limit) {
    OrderRules rules;
    rules.no_show_limit = limit;
    auto order = OrderIn(v1::ORDER_STATE_OPEN);
    for (int visit = 1; visit <= limit; ++visit) {
      SCOPED_TRACE(visit);
      const absl::Time start = kVisit + absl::Hours(3 * ((visit - 1) % 2) + 24 * ((visit - 1) / 2));
      order = Missed(Booked(order, start, rules), start, rules);
      EXPECT_EQ(order.state.order().no_shows(), visit);
      EXPECT_EQ(order.state.order().appointments(visit - 1).state(), v1::APPOINTMENT_STATE_NOSHOW);
      EXPECT_EQ(order.state.order().appointments(visit - 1).reason(), "无人在家");
      EXPECT_EQ(order.state.order().state(),
                visit == limit ? v1::ORDER_STATE_ABANDONED : v1::ORDER_STATE_OPEN);
    }
    EXPECT_EQ(order.state.order().reason(), "无人在家");
  }
}

TEST(OrderTest, CancelledVisitsDoNotCountAsMissed) {
  auto order = OrderIn(v1::ORDER_STATE_SCHEDULED);
  for (int i = 0; i < 5; ++i) {
    order = After(order, CancelVisit(order, SampleOrderId(), "有事", kNow, {}));
    order = Booked(order);
  }
  EXPECT_EQ(order.state.order().no_shows(), 0);
  EXPECT_EQ(order.state.order().state(), v1::ORDER_STATE_SCHEDULED);
}

TEST(OrderTest, BookingLimitRunsAnewWheneverAVisitHasToBeBooked) {
  const OrderRules rules;
  const auto open = OrderIn(v1::ORDER_STATE_OPEN);
  const absl::Time due = kNow + rules.booking_limit;
  EXPECT_FALSE(ReturnUnbookedOrder(open, due - kTick)->changed);
  const OrderDecision returned = ReturnUnbookedOrder(open, due);
  const v1::Order order = FactOf<v1::OrderReturned>(returned).order();
  EXPECT_EQ(order.state(), v1::ORDER_STATE_RETURNED);
  EXPECT_NE(order.reason(), "");
  EXPECT_FALSE(order.has_booking_due_time());

  const auto scheduled = OrderIn(v1::ORDER_STATE_SCHEDULED);
  EXPECT_FALSE(ReturnUnbookedOrder(scheduled, due)->changed);
  const auto cancelled =
      After(scheduled, CancelVisit(scheduled, SampleOrderId(), "有事", kVisit, rules));
  for (const auto& again : {cancelled, Missed(scheduled)}) {
    EXPECT_FALSE(ReturnUnbookedOrder(again, kVisit + rules.booking_limit - kTick)->changed);
    EXPECT_TRUE(ReturnUnbookedOrder(again, kVisit + rules.booking_limit)->changed);
  }
}

TEST(OrderTest, RecallWinsBeforeTheHandOverAndLosesAfterIt) {
  const auto scheduled = OrderIn(v1::ORDER_STATE_SCHEDULED);
  const v1::Order cancelled =
      FactOf<v1::OrderCancelled>(RecallOrder(scheduled, SampleOrderId(), kVisit)).order();
  EXPECT_EQ(cancelled.state(), v1::ORDER_STATE_CANCELLED);
  EXPECT_EQ(cancelled.appointments(0).state(), v1::APPOINTMENT_STATE_CANCELLED);
  EXPECT_NE(cancelled.reason(), "");
  EXPECT_FALSE(RecallOrder(OrderIn(v1::ORDER_STATE_COMPLETED), SampleOrderId(), kVisit)->changed);
}

TEST(OrderTest, ReturningItCancelsTheVisit) {
  const v1::Order returned =
      FactOf<v1::OrderReturned>(
          ReturnOrder(OrderIn(v1::ORDER_STATE_SCHEDULED), SampleOrderId(), "缺货", kNow))
          .order();
  EXPECT_EQ(returned.appointments(0).state(), v1::APPOINTMENT_STATE_CANCELLED);
  EXPECT_EQ(returned.reason(), "缺货");
}

TEST(OrderTest, KeepsTheProofOfTheHandOverWithItsOwnTime) {
  v1::HandOver asked = SampleHandOver();
  asked.mutable_time()->set_seconds(1);
  const v1::Order order =
      FactOf<v1::OrderCompleted>(
          CompleteOrder(OrderIn(v1::ORDER_STATE_SCHEDULED), SampleOrderId(), asked, kVisit, {}))
          .order();
  EXPECT_EQ(order.appointments(0).state(), v1::APPOINTMENT_STATE_FULFILLED);
  EXPECT_EQ(ToTime(order.hand_over().time()), kVisit);
  EXPECT_EQ(order.hand_over().serial_number(), "SN-1");
  EXPECT_TRUE(order.hand_over().training_done());
}

}  // namespace
}  // namespace fuju::fitting
