#include "catalogue/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"

namespace fuju::catalogue {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

using BudgetRecord = storage::v1::BudgetRecord;

TEST(BudgetTest, AddsToTheAllocation) {
  auto decision = AllocateBudget({}, "620102", 2026, 500);
  ASSERT_TRUE(decision.ok());
  chassis::Versioned<BudgetRecord> current{decision->next, 1};
  decision = AllocateBudget(current, "620102", 2026, -200);
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->next.allocated_fen(), 300);
  ASSERT_EQ(decision->facts.size(), 1u);
  const auto* fact = dynamic_cast<const v1::BudgetAllocated*>(decision->facts[0].get());
  ASSERT_NE(fact, nullptr);
  EXPECT_EQ(fact->county_code(), "620102");
  EXPECT_EQ(fact->fiscal_year(), 2026);
  EXPECT_EQ(fact->amount_fen(), -200);
  EXPECT_EQ(fact->allocated_fen(), 300);
}

TEST(BudgetTest, HasALimitThatCountersCanHold) {
  chassis::Versioned<BudgetRecord> current;
  current.version = 1;
  current.state.set_allocated_fen(kMostAllocatedFen - 1);
  EXPECT_TRUE(AllocateBudget(current, "620102", 2026, 1).ok());
  const auto refused = AllocateBudget(current, "620102", 2026, 2);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(refused.status()), "FIELD_INVALID");
}

TEST(BudgetTest, HoldsWhatIsAllocated) {
  BudgetRecord record;
  record.set_county_code("620102");
  record.set_fiscal_year(2026);
  record.set_allocated_fen(300);
  const chassis::Footprint footprint = BudgetFootprint("620102-2026", record);
  EXPECT_THAT(footprint.holdings,
              UnorderedElementsAre(chassis::Holding{"budget:620102-2026:available", 300},
                                   chassis::Holding{"budget:620102-2026:allocated", 300}));
  EXPECT_THAT(footprint.index,
              ElementsAre(chassis::IndexEntry{"budgets-2026", "620102-2026", -620102}));
  EXPECT_TRUE(BudgetFootprint("620102-2026", BudgetRecord()).holdings.empty());
}

TEST(BudgetTest, BecomesAResource) {
  EXPECT_THAT(BudgetCounters("620102-2026"),
              ElementsAre("budget:620102-2026:allocated", "budget:620102-2026:available",
                          "budget:620102-2026:reserved", "budget:620102-2026:paid"));
  const v1::Budget budget = ToBudget("620102-2026", {10, 5, 3, 2});
  EXPECT_EQ(budget.name(), "budgets/620102-2026");
  EXPECT_EQ(budget.county_code(), "620102");
  EXPECT_EQ(budget.fiscal_year(), 2026);
  EXPECT_EQ(budget.allocated_fen(), 10);
  EXPECT_EQ(budget.available_fen(), 5);
  EXPECT_EQ(budget.reserved_fen(), 3);
  EXPECT_EQ(budget.paid_fen(), 2);
}

TEST(BudgetTest, IsRoutedByItsCounty) {
  EXPECT_EQ(CountyOf("620102-2026"), "620102");
  EXPECT_EQ(CountyOf("620102-01HZX3M9Q2V7N8K4T6R5W1Y0AB"), "620102");
  EXPECT_EQ(CountyOf("nonsense"), "nonsense");
}

TEST(BudgetTest, SaysWhatIsLeft) {
  const absl::Status status = BudgetInsufficient("620102-2026", 1234);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(status), "BUDGET_INSUFFICIENT");
  EXPECT_EQ(chassis::MetadataOf(status, "left"), "1234");
}

}  // namespace
}  // namespace fuju::catalogue
