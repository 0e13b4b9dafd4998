// Serial numbers are used once in the whole province.

#include <string>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/store/keys.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "integration/fitting/fitting_instance.h"

namespace fuju::fitting {
namespace {

class HandOverTest : public testing::FittingTest {
 protected:
  // Orders 1 to `count` with visits that are due. Two visits a technician and hour are taken.
  void DueVisits(int count) {
    OpenOrders(count);
    for (int number = 1; number <= count; ++number) {
      const int place = number - 1;
      const auto booked =
          fitting_.Book(OrderNameOf(number), Technician(place % 2 == 0 ? "T1" : "T2"),
                        At(2 + place / 8, 9 + 2 * (place / 2 % 4)));
      ASSERT_TRUE(booked.ok()) << booked.status();
    }
    clock_.Set(At(4, 9));
  }
  static chassis::Keys::NameRecord RecordOf(const std::string& serial_number) {
    const chassis::Keys keys("fitting", testing::kPartitions);
    const std::string name = SerialNumberName(serial_number);
    return keys.RecordOfName(keys.PartitionOf(name), name);
  }
  std::string HolderOf(const std::string& serial_number) {
    const auto record = RecordOf(serial_number);
    const std::string value = redis_.Call({"HGET", record.key, record.field}).text();
    return value.substr(0, value.find('|'));
  }
  // A hand-over by this order that was begun so long ago and got no further than the claim.
  void Begin(const std::string& order, const std::string& serial_number, absl::Duration ago) {
    const auto time = redis_.Call({"TIME"});
    const int64_t since_ms = time[0].integer() * 1000 - absl::ToInt64Milliseconds(ago);
    const auto record = RecordOf(serial_number);
    redis_.Call({"HSET", record.key, record.field, absl::StrCat(order, "|", since_ms)});
  }
};

TEST_F(HandOverTest, CompletesTheOrderAndKeepsTheNumberForever) {
  DueVisits(1);
  const auto completed = fitting_.Complete(OrderNameOf(1), "SN-1");
  ASSERT_TRUE(completed.ok()) << completed.status();
  EXPECT_EQ(completed->state(), v1::ORDER_STATE_COMPLETED);
  EXPECT_EQ(completed->hand_over().serial_number(), "SN-1");
  EXPECT_TRUE(completed->hand_over().has_time());
  EXPECT_EQ(log_.Await<v1::OrderCompleted>(1).at(0).order().name(), OrderNameOf(1));
  EXPECT_EQ(redis_.Call({"PTTL", RecordOf("SN-1").key}).integer(), -1);
  EXPECT_EQ(HolderOf("SN-1"), OrderNameOf(1));
}

TEST_F(HandOverTest, ANumberOfAnotherOrderIsRefusedWithItsHolder) {
  DueVisits(2);
  ASSERT_TRUE(fitting_.Complete(OrderNameOf(1), "SN-1").ok());
  const absl::Status taken = fitting_.Complete(OrderNameOf(2), "SN-1").status();
  EXPECT_EQ(taken.code(), absl::StatusCode::kAlreadyExists) << taken;
  EXPECT_EQ(chassis::ReasonOf(taken), "SERIAL_NUMBER_TAKEN");
  EXPECT_EQ(chassis::MetadataOf(taken, "serial_number"), "SN-1");
  EXPECT_EQ(chassis::MetadataOf(taken, "holder"), OrderNameOf(1));
  EXPECT_EQ(fitting_.OrderNamed(OrderNameOf(2)).state(), v1::ORDER_STATE_SCHEDULED);
  EXPECT_TRUE(fitting_.Complete(OrderNameOf(2), "SN-2").ok());
}

TEST_F(HandOverTest, OneOfManyOrdersGetsTheNumber) {
  constexpr int kOrders = 16;
  DueVisits(kOrders);
  const auto statuses = AtOnce(kOrders, [this](int number) {
    return fitting_.Complete(OrderNameOf(number), "SN-1").status();
  });
  int completed = 0;
  for (const absl::Status& status : statuses) {
    if (status.ok()) ++completed;
    EXPECT_TRUE(status.ok() || chassis::ReasonOf(status) == "SERIAL_NUMBER_TAKEN") << status;
  }
  EXPECT_EQ(completed, 1);
  EXPECT_EQ(log_.Await<v1::OrderCompleted>(1).size(), 1u);
}

// A hand-over that is refused must not keep the number from the right one.
TEST_F(HandOverTest, ARefusedHandOverClaimsNoNumber) {
  OpenOrders(2);
  ASSERT_TRUE(fitting_.Book(OrderNameOf(2), Technician(), At(2, 10)).ok());
  EXPECT_EQ(chassis::ReasonOf(fitting_.Complete(OrderNameOf(1), "SN-1").status()), "STATE_FORBIDS");
  EXPECT_EQ(chassis::ReasonOf(fitting_.Complete(OrderNameOf(2), "SN-1").status()), "VISIT_NOT_DUE");
  EXPECT_EQ(chassis::ReasonOf(fitting_.Complete(OrderNameOf(9), "SN-1").status()),
            "RESOURCE_NOT_FOUND");
  EXPECT_EQ(HolderOf("SN-1"), "");
  clock_.Set(At(2, 10));
  EXPECT_TRUE(fitting_.Complete(OrderNameOf(2), "SN-1").ok());
}

// A process that died between the claim and the commit.
TEST_F(HandOverTest, ANumberThatWasOnlyClaimedIsTakenOverInTime) {
  DueVisits(3);
  Begin(OrderNameOf(2), "SN-1", absl::Seconds(1));
  EXPECT_EQ(chassis::ReasonOf(fitting_.Complete(OrderNameOf(1), "SN-1").status()),
            "SERIAL_NUMBER_TAKEN");
  Begin(OrderNameOf(2), "SN-1", absl::Hours(2));
  EXPECT_TRUE(fitting_.Complete(OrderNameOf(1), "SN-1").ok());
  EXPECT_EQ(HolderOf("SN-1"), OrderNameOf(1));
  // One that ended with another number has no use for it.
  Begin(OrderNameOf(1), "SN-3", absl::Seconds(1));
  EXPECT_TRUE(fitting_.Complete(OrderNameOf(3), "SN-3").ok());
  EXPECT_EQ(HolderOf("SN-3"), OrderNameOf(3));
}

TEST_F(HandOverTest, TheRestOfTheVisitIsFreeForTheNextPerson) {
  OpenOrders(2);
  ASSERT_TRUE(fitting_.Book(OrderNameOf(1), Technician(), At(2, 10)).ok());
  clock_.Set(At(2, 10, 30));
  EXPECT_EQ(chassis::ReasonOf(fitting_.Book(OrderNameOf(2), Technician(), At(2, 11)).status()),
            "SLOT_TAKEN");
  ASSERT_TRUE(fitting_.Complete(OrderNameOf(1), "SN-1").ok());
  EXPECT_EQ(ClaimedCells(), 0u);
  const v1::Appointment visit = fitting_.OrderNamed(OrderNameOf(1)).appointments(0);
  EXPECT_EQ(chassis::ToTime(visit.report_time()), At(2, 10, 30));
  EXPECT_EQ(chassis::ToTime(visit.end_time()), At(2, 12));
  EXPECT_TRUE(fitting_.Book(OrderNameOf(2), Technician(), At(2, 11)).ok());
}

}  // namespace
}  // namespace fuju::fitting
