#include "catalogue/decision/beneficiary.h"

#include <gtest/gtest.h>

#include "examples.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/entitlement_events.pb.h"

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

v1::Delivery Held(const std::string& application, int64_t subsidy_fen) {
  v1::SubsidyDecision decision;
  decision.set_item_code("M01");
  decision.set_device_division("122203");
  decision.set_subsidy_fen(subsidy_fen);
  decision.set_decision_date("2026-03-02");
  return EntitlementOf(application, decision, "child-mobility");
}

TEST(BeneficiaryTest, HoldsWhatAnOpenGrantMayBecome) {
  const auto held = HoldEntitlement({}, "key", Held("applications/a", 40000));
  ASSERT_TRUE(held.ok());
  ASSERT_EQ(held->next.open_size(), 1);
  EXPECT_EQ(held->next.open(0).share_group(), "child-mobility");
  ASSERT_EQ(held->facts.size(), 1u);
  EXPECT_NE(dynamic_cast<const v1::EntitlementHeld*>(held->facts[0].get()), nullptr);

  chassis::Versioned<BeneficiaryRecord> current{held->next, 1};
  EXPECT_FALSE(HoldEntitlement(current, "key", Held("applications/a", 40000))->changed);
  // Another amount takes its place, and keeps the allowance that it does not name itself.
  v1::Delivery repriced = Held("applications/a", 30000);
  repriced.clear_share_group();
  const auto changed = HoldEntitlement(current, "key", repriced);
  ASSERT_EQ(changed->next.open_size(), 1);
  EXPECT_EQ(changed->next.open(0).subsidy_fen(), 30000);
  EXPECT_EQ(changed->next.open(0).share_group(), "child-mobility");

  EXPECT_EQ(HistoryFor(current.state, "applications/b").size(), 1u);
  EXPECT_TRUE(HistoryFor(current.state, "applications/a").empty()) << "its own does not count";
}

TEST(BeneficiaryTest, DropsItOnce) {
  chassis::Versioned<BeneficiaryRecord> current;
  EXPECT_FALSE(DropEntitlement(current, "key", "applications/a")->changed);
  current = {HoldEntitlement({}, "key", Held("applications/a", 40000))->next, 1};
  const auto dropped = DropEntitlement(current, "key", "applications/a");
  EXPECT_EQ(dropped->next.open_size(), 0);
  EXPECT_NE(dynamic_cast<const v1::EntitlementDropped*>(dropped->facts[0].get()), nullptr);
}

TEST(BeneficiaryTest, AnAcceptanceTurnsItIntoADelivery) {
  v1::Delivery delivery = DeliveryOn("2026-03-20");
  const std::string application = delivery.application();
  const chassis::Versioned<BeneficiaryRecord> current{
      HoldEntitlement({}, "key", Held(application, 40000))->next, 1};
  const auto recorded = RecordDelivery(current, "key", delivery);
  ASSERT_TRUE(recorded.ok());
  EXPECT_EQ(recorded->next.open_size(), 0);
  ASSERT_EQ(recorded->next.deliveries_size(), 1);
  EXPECT_EQ(recorded->next.deliveries(0).share_group(), "child-mobility");
  // A late repeat does not hold it again.
  EXPECT_FALSE(HoldEntitlement({recorded->next, 2}, "key", Held(application, 40000))->changed);
}

TEST(BeneficiaryTest, AGrantHoldsUntilItIsRefusedOrGivenBack) {
  for (int state = v1::GrantState_MIN; state <= v1::GrantState_MAX; ++state) {
    v1::Grant grant;
    grant.set_state(static_cast<v1::GrantState>(state));
    EXPECT_EQ(HoldsEntitlement(grant), state != v1::GRANT_STATE_UNSPECIFIED &&
                                           state != v1::GRANT_STATE_REFUSED &&
                                           state != v1::GRANT_STATE_RELEASED);
  }
}

TEST(BeneficiaryTest, RefusesADayThatDoesNotExist) {
  EXPECT_EQ(RecordDelivery({}, "key", DeliveryOn("2026-02-30")).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace fuju::catalogue
