#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "integration/fitting/fitting_instance.h"
#include "support/violations.h"

namespace fuju::fitting {
namespace {

using Slots = std::vector<std::string>;
using Stub = v1::FittingService::Stub;

class SearchTest : public testing::FittingTest {
 protected:
  static v1::FindSlotsRequest Between(absl::Time earliest, absl::Time latest) {
    v1::FindSlotsRequest request;
    request.set_order(OrderNameOf(1));
    *request.mutable_earliest_time() = chassis::ToTimestamp(earliest);
    *request.mutable_latest_time() = chassis::ToTimestamp(latest);
    return request;
  }
};

// Times are hours from Monday 00:00; Tuesday 09:00 is 33.
TEST_F(SearchTest, FindsWhatIsFreeOfAllSuitableTechniciansEarliestFirst) {
  ASSERT_TRUE(fitting_.Register("OPTICIAN", {"2203"}).ok());
  OpenOrders(2);
  EXPECT_EQ(fitting_.FreeSlots(Between(At(2, 0), At(2, 12))),
            (Slots{"T1 33", "T2 33", "T1 33.5", "T2 33.5", "T1 34", "T2 34"}));
  ASSERT_TRUE(fitting_.Book(OrderNameOf(2), Technician("T2"), At(2, 11)).ok());
  EXPECT_EQ(fitting_.FreeSlots(Between(At(2, 0), At(2, 12))),
            (Slots{"T1 33", "T2 33", "T1 33.5", "T1 34"}));
  // A visit that began before the range reaches into it.
  EXPECT_EQ(fitting_.FreeSlots(Between(At(2, 12), At(2, 15))),
            (Slots{"T1 36", "T1 36.5", "T1 37", "T2 37"}));
  ASSERT_TRUE(fitting_.CancelVisit(OrderNameOf(2)).ok());
  EXPECT_EQ(fitting_.FreeSlots(Between(At(2, 0), At(2, 12))).size(), 6u);
}

TEST_F(SearchTest, FindsAsManyAsAskedFor) {
  OpenOrders(1);
  v1::FindSlotsRequest request = Between(At(2, 0), At(5, 0));
  request.set_page_size(3);
  EXPECT_EQ(fitting_.FreeSlots(request), (Slots{"T1 33", "T2 33", "T1 33.5"}));
}

TEST_F(SearchTest, StartsNowAndLooksTwoWeeksAhead) {
  OpenOrders(1);
  v1::FindSlotsRequest request;
  request.set_order(OrderNameOf(1));
  // It is Monday 09:00; what starts now can not be booked any more.
  EXPECT_EQ(fitting_.FreeSlots(request).front(), "T1 9.5");
  *request.mutable_earliest_time() = chassis::ToTimestamp(At(14, 0));
  // Monday and the two weeks after.
  EXPECT_EQ(fitting_.FreeSlots(request).front(), "T1 345");
  request.set_page_size(1);
  EXPECT_EQ(fitting_.FreeSlots(request).size(), 1u);
}

TEST_F(SearchTest, OffersNothingThatLiesTooFarAhead) {
  OpenOrders(1);
  const absl::Time horizon = clock_.Now() + OrderRules().booking_horizon;
  const Slots slots =
      fitting_.FreeSlots(Between(horizon - absl::Hours(72), horizon + absl::Hours(72)));
  ASSERT_FALSE(slots.empty());
  EXPECT_EQ(slots.back(), "T2 1449") << "09:00 after sixty days";
  EXPECT_TRUE(fitting_.Book(OrderNameOf(1), Technician("T2"), horizon).ok());
  EXPECT_TRUE(
      fitting_.FreeSlots(Between(horizon + absl::Hours(3), horizon + absl::Hours(72))).empty());
}

TEST_F(SearchTest, RefusesRangesThatAreNone) {
  OpenOrders(1);
  for (const v1::FindSlotsRequest& request :
       {Between(At(3, 0), At(2, 0)), Between(At(2, 0), At(2, 0)), Between(At(2, 0), At(17, 0)),
        Between(At(-5, 0), At(1, 9))}) {
    const absl::Status status = fitting_.Call(&Stub::FindSlots, request).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_EQ(test_support::PathsOf(status), "latest_time");
  }
}

TEST_F(SearchTest, AnUnknownOrderIsNotFound) {
  v1::FindSlotsRequest request;
  request.set_order(OrderNameOf(9));
  const absl::Status status = fitting_.Call(&Stub::FindSlots, request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(chassis::MetadataOf(status, "resource"), OrderNameOf(9));
}

TEST_F(SearchTest, WhatIsFoundCanBeBooked) {
  OpenOrders(8);
  for (int number = 1; number <= 8; ++number) {
    v1::FindSlotsRequest request;
    request.set_order(OrderNameOf(number));
    request.set_page_size(1);
    const auto found = fitting_.Call(&Stub::FindSlots, request);
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(found->slots_size(), 1);
    const auto booked = fitting_.Book(OrderNameOf(number), found->slots(0).technician(),
                                      chassis::ToTime(found->slots(0).start_time()));
    EXPECT_TRUE(booked.ok()) << booked.status();
  }
}

}  // namespace
}  // namespace fuju::fitting
