// Visits and cells under competition: two visits of one technician never overlap.

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fitting/calendar.h"
#include "integration/fitting/fitting_instance.h"

namespace fuju::fitting {
namespace {

constexpr size_t kCellsOfAVisit = 8;

class BookingTest : public testing::FittingTest {
 protected:
  void ExpectTaken(const absl::Status& status) {
    EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists) << status;
    EXPECT_EQ(chassis::ReasonOf(status), "SLOT_TAKEN") << status;
  }
};

TEST_F(BookingTest, OneOfFiftyOrdersGetsTheSlot) {
  constexpr int kOrders = 50;
  OpenOrders(kOrders);
  const auto statuses = AtOnce(kOrders, [this](int number) {
    return fitting_.Book(OrderNameOf(number), Technician(), At(2, 10)).status();
  });
  int winner = 0;
  for (int number = 1; number <= kOrders; ++number) {
    const absl::Status& status = statuses[static_cast<size_t>(number - 1)];
    if (status.ok()) {
      EXPECT_EQ(winner, 0) << "two orders have the slot: " << winner << " and " << number;
      winner = number;
    } else {
      ExpectTaken(status);
      EXPECT_EQ(fitting_.OrderNamed(OrderNameOf(number)).state(), v1::ORDER_STATE_OPEN);
    }
  }
  ASSERT_NE(winner, 0);
  EXPECT_EQ(fitting_.OrderNamed(OrderNameOf(winner)).state(), v1::ORDER_STATE_SCHEDULED);
  EXPECT_EQ(log_.Await<v1::OrderScheduled>(1).size(), 1u);
  EXPECT_EQ(ClaimedCells(), kCellsOfAVisit);
}

TEST_F(BookingTest, AVisitThatOverlapsAnotherInPartIsRefused) {
  OpenOrders(2);
  ASSERT_TRUE(fitting_.Book(OrderNameOf(1), Technician(), At(2, 12)).ok());
  for (const absl::Time start : {At(2, 10, 30), At(2, 11), At(2, 12), At(2, 13, 30)}) {
    ExpectTaken(fitting_.Book(OrderNameOf(2), Technician(), start).status());
  }
  // Touching is not overlapping; another technician is another calendar.
  ASSERT_TRUE(fitting_.Book(OrderNameOf(2), Technician(), At(2, 10)).ok());
  ASSERT_TRUE(fitting_.Move(OrderNameOf(2), Technician(), At(2, 14)).ok());
  ASSERT_TRUE(fitting_.Move(OrderNameOf(2), Technician("T2"), At(2, 12)).ok());
  EXPECT_EQ(ClaimedCells(), 2 * kCellsOfAVisit);
}

TEST_F(BookingTest, MovingAVisitFreesItsCellsInTheSameStep) {
  OpenOrders(3);
  ASSERT_TRUE(fitting_.Book(OrderNameOf(1), Technician(), At(2, 10)).ok());
  ASSERT_TRUE(fitting_.Book(OrderNameOf(2), Technician(), At(2, 14)).ok());
  // A move that fails leaves the visit where it is.
  ExpectTaken(fitting_.Move(OrderNameOf(1), Technician(), At(2, 14)).status());
  ExpectTaken(fitting_.Book(OrderNameOf(3), Technician(), At(2, 10)).status());
  EXPECT_EQ(ClaimedCells(), 2 * kCellsOfAVisit);

  const auto moved = fitting_.Move(OrderNameOf(1), Technician(), At(2, 16));
  ASSERT_TRUE(moved.ok()) << moved.status();
  ASSERT_EQ(moved->appointments_size(), 2);
  EXPECT_EQ(moved->appointments(0).state(), v1::APPOINTMENT_STATE_CANCELLED);
  EXPECT_EQ(moved->appointments(1).state(), v1::APPOINTMENT_STATE_BOOKED);
  EXPECT_EQ(log_.Await<v1::OrderRescheduled>(1).at(0).order().name(), OrderNameOf(1));
  ASSERT_TRUE(fitting_.Book(OrderNameOf(3), Technician(), At(2, 10)).ok());
  // Over its own cells it may slide.
  ASSERT_TRUE(fitting_.Move(OrderNameOf(3), Technician(), At(2, 10, 30)).ok());
  EXPECT_EQ(ClaimedCells(), 3 * kCellsOfAVisit);
}

TEST_F(BookingTest, ACancelledVisitFreesItsCells) {
  OpenOrders(2);
  ASSERT_TRUE(fitting_.Book(OrderNameOf(1), Technician(), At(2, 10)).ok());
  const auto cancelled = fitting_.CancelVisit(OrderNameOf(1));
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(cancelled->state(), v1::ORDER_STATE_OPEN);
  EXPECT_EQ(cancelled->appointments(0).reason(), "有事");
  EXPECT_TRUE(cancelled->has_booking_due_time());
  log_.Await<v1::OrderUnscheduled>(1);
  EXPECT_EQ(ClaimedCells(), 0u);
  EXPECT_TRUE(fitting_.Book(OrderNameOf(2), Technician(), At(2, 10)).ok());
}

// Everybody moves about in two crowded days; in the end the cells in Redis are those of the visits.
TEST_F(BookingTest, ManyMovesAtOnceNeverOverlap) {
  constexpr int kOrders = 6;
  constexpr int kMoves = 15;
  OpenOrders(kOrders);
  for (int number = 1; number <= kOrders; ++number) {
    const int place = number - 1;
    ASSERT_TRUE(
        fitting_.Book(OrderNameOf(number), Technician(), At(2 + place / 4, 9 + 2 * (place % 4)))
            .ok());
  }
  const auto statuses = AtOnce(kOrders, [this](int number) {
    for (int move = 0; move < kMoves; ++move) {
      const int step = (number * 7 + move * 5) % 30;
      const absl::Status status =
          fitting_.Move(OrderNameOf(number), Technician(), At(2 + step / 15, 9, 30 * (step % 15)))
              .status();
      if (!status.ok() && chassis::ReasonOf(status) != "SLOT_TAKEN") return status;
    }
    return absl::OkStatus();
  });
  for (const absl::Status& status : statuses) EXPECT_TRUE(status.ok()) << status;
  std::vector<Interval> visits;
  for (int number = 1; number <= kOrders; ++number) {
    const v1::Order order = fitting_.OrderNamed(OrderNameOf(number));
    const v1::Appointment& visit = order.appointments(order.appointments_size() - 1);
    ASSERT_EQ(visit.state(), v1::APPOINTMENT_STATE_BOOKED);
    visits.push_back({chassis::ToTime(visit.start_time()), chassis::ToTime(visit.end_time())});
  }
  std::sort(visits.begin(), visits.end());
  for (size_t i = 1; i < visits.size(); ++i) EXPECT_LE(visits[i - 1].end, visits[i].start);
  EXPECT_EQ(ClaimedCells(), kOrders * kCellsOfAVisit);
}

TEST_F(BookingTest, OnlySuitableTechniciansAtPossibleTimesAreBooked) {
  OpenOrders(1);
  ASSERT_TRUE(fitting_.Register("OPTICIAN", {"2203"}).ok());
  const auto reason = [this](const std::string& technician, absl::Time start) {
    return chassis::ReasonOf(fitting_.Book(OrderNameOf(1), technician, start).status());
  };
  EXPECT_EQ(reason(Technician("OPTICIAN"), At(2, 10)), "VENDOR_NOT_SUITABLE");
  EXPECT_EQ(reason(Technician("NOBODY"), At(2, 10)), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(reason(Technician(), At(2, 10, 10)), "SLOT_OUTSIDE_HOURS");
  EXPECT_EQ(reason(Technician(), At(2, 8)), "SLOT_OUTSIDE_HOURS");
  EXPECT_EQ(reason(Technician(), At(6, 10)), "SLOT_OUTSIDE_HOURS");
  EXPECT_EQ(reason(Technician(), At(1, 9)), "SLOT_OUTSIDE_HOURS");
  EXPECT_EQ(reason(Technician(), At(1 + 7 * 10, 10)), "SLOT_OUTSIDE_HOURS");
  EXPECT_EQ(ClaimedCells(), 0u);
}

}  // namespace
}  // namespace fuju::fitting
