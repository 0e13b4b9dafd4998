#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "chassis/values/decision.h"
#include "fuju/catalogue/storage/v1/catalogue_records.pb.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// A county's budget of one fiscal year. Its id is "<county>-<year>". The record holds what was
// allocated; what of it is free, reserved and paid stands in bounded counters, to which the budget
// and the grants of the county contribute by their footprints. Hence allocated = available +
// reserved + paid at every moment, and no grant waits for another one's version.

// Never more than this in one budget: counters pass through Lua, whose numbers are exact to 2^53.
inline constexpr int64_t kMostAllocatedFen = 1'000'000'000'000'000;

std::string BudgetId(absl::string_view county_code, int fiscal_year);
// "budgets/<id>".
std::string BudgetName(absl::string_view id);
// The county in an id such as "620102-2026" or "620102-<ULID>"; the whole text if it has no dash.
// It is the route of budgets and of grants, so that both lie in the partition of the county's
// counters.
std::string CountyOf(absl::string_view id);

// Names of the counters of a budget; what they count is in fen.
std::string AvailableCounter(absl::string_view budget_id);
std::string ReservedCounter(absl::string_view budget_id);
std::string PaidCounter(absl::string_view budget_id);
std::string AllocatedCounter(absl::string_view budget_id);
// All four in the order that ToBudget takes their amounts.
std::vector<std::string> BudgetCounters(absl::string_view budget_id);

// The public resource, from counters that one read answered.
v1::Budget ToBudget(absl::string_view id, const std::vector<int64_t>& counters);

// Adds to the allocation, or takes back with a negative amount; that no more than what is free is
// taken back is the counter's floor. INVALID_ARGUMENT beyond kMostAllocatedFen. Pure.
absl::StatusOr<chassis::Decision<storage::v1::BudgetRecord>> AllocateBudget(
    const chassis::Versioned<storage::v1::BudgetRecord>& current, absl::string_view county_code,
    int fiscal_year, int64_t amount_fen);

// Holdings, and the place in the index of the fiscal year, by rising county.
chassis::Footprint BudgetFootprint(absl::string_view id, const storage::v1::BudgetRecord& record);
std::string BudgetIndex(int fiscal_year);

// FAILED_PRECONDITION, BUDGET_INSUFFICIENT, naming what is left.
absl::Status BudgetInsufficient(absl::string_view budget_id, int64_t left_fen);

}  // namespace fuju::catalogue
