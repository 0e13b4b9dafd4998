#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"

#include "catalogue/ledger/account.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// A county's budget of one fiscal year is a view over its books of all funds (ledger/account.h);
// there is no record of it. Its id is "<county>-<year>".

std::string BudgetId(absl::string_view county_code, int fiscal_year);
// "budgets/<id>".
std::string BudgetName(absl::string_view id);
// The year in an id; 0 if there is none.
int32_t YearOfBudget(absl::string_view id);

// The public resource: the sum over the funds.
v1::Budget ToBudget(absl::string_view id, const std::map<v1::FundSource, Balances>& books);

}  // namespace fuju::catalogue
