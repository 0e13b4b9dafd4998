#include "catalogue/beneficiary.h"

#include <gtest/gtest.h>

#include "examples.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"

namespace fuju::catalogue {
namespace {

using BeneficiaryRecord = storage::v1::BeneficiaryRecord;

TEST(BeneficiaryTest, RecordsADelivery) {
  const auto decision = RecordDelivery({}, "key", DeliveryOn("2026-03-02"));
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->next.person_key(), "key");
  ASSERT_EQ(decision->next.deliveries_size(), 1);
  ASSERT_EQ(decision->facts.size(), 1u);
  const auto* fact = dynamic_cast<const v1::DeliveryRecorded*>(decision->facts[0].get());
  ASSERT_NE(fact, nullptr);
  EXPECT_EQ(fact->person_key(), "key");
  EXPECT_EQ(fact->delivery().acceptance_date(), "2026-03-02");
}

TEST(BeneficiaryTest, RecordsAnApplicationOnce) {
  chassis::Versioned<BeneficiaryRecord> current;
  current.version = 1;
  *current.state.add_deliveries() = DeliveryOn("2026-03-02");
  const auto again = RecordDelivery(current, "key", DeliveryOn("2026-03-02"));
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again->changed);
  const auto other = RecordDelivery(current, "key", DeliveryOn("2026-03-03"));
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(other->next.deliveries_size(), 2);
}

TEST(BeneficiaryTest, RefusesADayThatDoesNotExist) {
  EXPECT_EQ(RecordDelivery({}, "key", DeliveryOn("2026-02-30")).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace fuju::catalogue
