#include "catalogue/budget.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace fuju::catalogue {

std::string BudgetId(absl::string_view county_code, int fiscal_year) {
  return absl::StrCat(county_code, "-", fiscal_year);
}

std::string BudgetName(absl::string_view id) { return absl::StrCat("budgets/", id); }

int32_t YearOfBudget(absl::string_view id) {
  int32_t year = 0;
  const size_t dash = id.find('-');
  if (dash == absl::string_view::npos || !absl::SimpleAtoi(id.substr(dash + 1), &year)) return 0;
  return year;
}

v1::Budget ToBudget(absl::string_view id, const std::map<v1::FundSource, Balances>& books) {
  Balances sums;
  for (const auto& [fund, balances] : books) {
    for (const auto& [account, amount] : balances) sums[account] += amount;
  }
  v1::Budget budget;
  budget.set_name(BudgetName(id));
  budget.set_county_code(AreaOf(id));
  budget.set_fiscal_year(YearOfBudget(id));
  budget.set_allocated_fen(sums[v1::LEDGER_ACCOUNT_APPROPRIATED]);
  budget.set_available_fen(sums[v1::LEDGER_ACCOUNT_AVAILABLE]);
  budget.set_reserved_fen(sums[v1::LEDGER_ACCOUNT_RESERVED]);
  budget.set_payable_fen(sums[v1::LEDGER_ACCOUNT_PAYABLE]);
  budget.set_paid_fen(sums[v1::LEDGER_ACCOUNT_PAID]);
  budget.set_returned_fen(sums[v1::LEDGER_ACCOUNT_RETURNED]);
  return budget;
}

}  // namespace fuju::catalogue
