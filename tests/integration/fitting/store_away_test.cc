#include <string>

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "integration/fitting/fitting_instance.h"

namespace fuju::fitting {
namespace {

using Stub = v1::FittingService::Stub;

class StoreAwayTest : public testing::FittingTest {};

// While Redis is away callers are told to repeat; afterwards everything goes on without a restart:
// the same request id, reactions and timers.
TEST_F(StoreAwayTest, CallsAreUnavailableAndEverythingGoesOnAfterwards) {
  OpenOrders(1);
  v1::BookAppointmentRequest booking;
  booking.set_name(OrderNameOf(1));
  booking.set_technician(Technician());
  *booking.mutable_start_time() = chassis::ToTimestamp(At(2, 10));
  booking.set_request_id("the-same");

  redis_.Kill();
  const absl::Status away =
      fitting_.Call(&Stub::BookAppointment, booking, "vendor:v", absl::Seconds(5)).status();
  EXPECT_EQ(away.code(), absl::StatusCode::kUnavailable) << away;
  EXPECT_EQ(chassis::ReasonOf(away), "STORE_UNAVAILABLE");

  redis_.Restart();
  absl::StatusOr<v1::Order> booked = away;
  testing::Eventually("Redis is back", [&] {
    booked = fitting_.Call(&Stub::BookAppointment, booking, "vendor:v");
    return !absl::IsUnavailable(booked.status());
  });
  ASSERT_TRUE(booked.ok()) << booked.status();
  log_.Await<v1::OrderScheduled>(1);
  Accept(2);
  log_.Await<v1::OrderOpened>(2);
  clock_.Advance(OrderRules().booking_limit);
  EXPECT_EQ(log_.Await<v1::OrderReturned>(1).at(0).order().name(), OrderNameOf(2));
}

}  // namespace
}  // namespace fuju::fitting
