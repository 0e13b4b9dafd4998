#include "catalogue/budget.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "vocabulary/money.h"

namespace fuju::catalogue {
namespace {

using BudgetRecord = storage::v1::BudgetRecord;

std::string Counter(absl::string_view budget_id, absl::string_view what) {
  return absl::StrCat("budget:", budget_id, ":", what);
}

}  // namespace

std::string BudgetId(absl::string_view county_code, int fiscal_year) {
  return absl::StrCat(county_code, "-", fiscal_year);
}

std::string BudgetName(absl::string_view id) { return absl::StrCat("budgets/", id); }

std::string CountyOf(absl::string_view id) { return std::string(id.substr(0, id.find('-'))); }

std::string AvailableCounter(absl::string_view budget_id) {
  return Counter(budget_id, "available");
}
std::string ReservedCounter(absl::string_view budget_id) { return Counter(budget_id, "reserved"); }
std::string PaidCounter(absl::string_view budget_id) { return Counter(budget_id, "paid"); }
std::string AllocatedCounter(absl::string_view budget_id) {
  return Counter(budget_id, "allocated");
}

std::vector<std::string> BudgetCounters(absl::string_view budget_id) {
  return {AllocatedCounter(budget_id), AvailableCounter(budget_id), ReservedCounter(budget_id),
          PaidCounter(budget_id)};
}

v1::Budget ToBudget(absl::string_view id, const std::vector<int64_t>& counters) {
  v1::Budget budget;
  budget.set_name(BudgetName(id));
  budget.set_county_code(CountyOf(id));
  int32_t fiscal_year = 0;
  if (absl::SimpleAtoi(id.substr(id.find('-') + 1), &fiscal_year))
    budget.set_fiscal_year(fiscal_year);
  budget.set_allocated_fen(counters[0]);
  budget.set_available_fen(counters[1]);
  budget.set_reserved_fen(counters[2]);
  budget.set_paid_fen(counters[3]);
  return budget;
}

absl::StatusOr<chassis::Decision<BudgetRecord>> AllocateBudget(
    const chassis::Versioned<BudgetRecord>& current, absl::string_view county_code, int fiscal_year,
    int64_t amount_fen) {
  const absl::StatusOr<vocabulary::Fen> sum =
      vocabulary::Add(vocabulary::Fen(current.state.allocated_fen()), vocabulary::Fen(amount_fen));
  if (!sum.ok() || sum->count() > kMostAllocatedFen) {
    return chassis::InvalidFields()
        .Field("amount_fen",
               absl::StrCat("加上已分配的金额超过上限",
                            vocabulary::FormatYuan(vocabulary::Fen(kMostAllocatedFen))),
               absl::StrCat("with what is allocated it exceeds the limit of ", kMostAllocatedFen,
                            " fen"))
        .Build();
  }
  chassis::Decision<BudgetRecord> decision;
  decision.next.set_county_code(std::string(county_code));
  decision.next.set_fiscal_year(fiscal_year);
  decision.next.set_allocated_fen(sum->count());
  v1::BudgetAllocated fact;
  fact.set_county_code(std::string(county_code));
  fact.set_fiscal_year(fiscal_year);
  fact.set_amount_fen(amount_fen);
  fact.set_allocated_fen(sum->count());
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

chassis::Footprint BudgetFootprint(absl::string_view id, const BudgetRecord& record) {
  chassis::Footprint footprint;
  if (record.county_code().empty()) return footprint;
  footprint.holdings.push_back({AvailableCounter(id), record.allocated_fen()});
  footprint.holdings.push_back({AllocatedCounter(id), record.allocated_fen()});
  // Lists run by falling score; budgets are read by rising county.
  int64_t county = 0;
  if (absl::SimpleAtoi(record.county_code(), &county)) {
    footprint.index.push_back({BudgetIndex(record.fiscal_year()), std::string(id), -county});
  }
  return footprint;
}

std::string BudgetIndex(int fiscal_year) { return absl::StrCat("budgets-", fiscal_year); }

absl::Status BudgetInsufficient(absl::string_view budget_id, int64_t left_fen) {
  return chassis::Refusal(
             absl::StatusCode::kFailedPrecondition, "BUDGET_INSUFFICIENT",
             absl::StrCat("预算", budget_id, "的可用余额为",
                          vocabulary::FormatYuan(vocabulary::Fen(left_fen)),
                          "，不足以完成此次调整"),
             absl::StrCat("budget ", budget_id, " has ", left_fen, " fen left, which is less"))
      .With("budget", BudgetName(budget_id))
      .With("left", absl::StrCat(left_fen));
}

}  // namespace fuju::catalogue
