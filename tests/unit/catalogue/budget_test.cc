#include "catalogue/budget.h"

#include <gtest/gtest.h>

namespace fuju::catalogue {
namespace {

TEST(BudgetTest, IsTheSumOfItsBooks) {
  std::map<v1::FundSource, Balances> books;
  books[v1::FUND_SOURCE_NATIONAL] = {{v1::LEDGER_ACCOUNT_APPROPRIATED, 100},
                                     {v1::LEDGER_ACCOUNT_AVAILABLE, 40},
                                     {v1::LEDGER_ACCOUNT_RESERVED, 30},
                                     {v1::LEDGER_ACCOUNT_PAYABLE, 20},
                                     {v1::LEDGER_ACCOUNT_PAID, 10}};
  books[v1::FUND_SOURCE_COUNTY] = {{v1::LEDGER_ACCOUNT_APPROPRIATED, 7},
                                   {v1::LEDGER_ACCOUNT_AVAILABLE, 2},
                                   {v1::LEDGER_ACCOUNT_RETURNED, 5}};
  const v1::Budget budget = ToBudget("620102-2026", books);
  EXPECT_EQ(budget.name(), "budgets/620102-2026");
  EXPECT_EQ(budget.county_code(), "620102");
  EXPECT_EQ(budget.fiscal_year(), 2026);
  EXPECT_EQ(budget.allocated_fen(), 107);
  EXPECT_EQ(budget.available_fen(), 42);
  EXPECT_EQ(budget.reserved_fen(), 30);
  EXPECT_EQ(budget.payable_fen(), 20);
  EXPECT_EQ(budget.paid_fen(), 10);
  EXPECT_EQ(budget.returned_fen(), 5);
}

TEST(BudgetTest, HasAYearInItsId) {
  EXPECT_EQ(BudgetId("620102", 2026), "620102-2026");
  EXPECT_EQ(YearOfBudget("620102-2026"), 2026);
  EXPECT_EQ(YearOfBudget("nonsense"), 0);
}

}  // namespace
}  // namespace fuju::catalogue
