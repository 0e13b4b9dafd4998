#include "catalogue/decision/simulation.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/values/refusal.h"

namespace fuju::catalogue {
namespace {

void Count(const v1::SubsidyDecision& before, const SimulatedAmounts& after,
           v1::SimulationCounts& counts) {
  counts.set_applications(counts.applications() + 1);
  counts.set_eligible_before(counts.eligible_before() + (before.eligible() ? 1 : 0));
  counts.set_eligible_after(counts.eligible_after() + (after.eligible ? 1 : 0));
  if (after.eligible && !before.eligible()) counts.set_newly_eligible(counts.newly_eligible() + 1);
  if (!after.eligible && before.eligible()) {
    counts.set_no_longer_eligible(counts.no_longer_eligible() + 1);
  }
  counts.set_subsidy_before_fen(counts.subsidy_before_fen() + before.subsidy_fen());
  counts.set_subsidy_after_fen(counts.subsidy_after_fen() + after.subsidy_fen);
  counts.set_self_pay_before_fen(counts.self_pay_before_fen() + before.self_pay_fen());
  counts.set_self_pay_after_fen(counts.self_pay_after_fen() + after.self_pay_fen);
}

}  // namespace

absl::Status Simulation::Add(const v1::Grant& grant, const SimulatedAmounts& after) {
  Key key{grant.county_code(), grant.decision().item_code(), grant.facts().economic_status()};
  auto cell = cells_.find(key);
  if (cell == cells_.end()) {
    if (cells_.size() >= most_cells_) {
      return chassis::Refusal(
          absl::StatusCode::kResourceExhausted, "OVERLOADED",
          absl::StrCat("结果超过", most_cells_, "行，请缩小地区"),
          absl::StrCat("more than ", most_cells_, " rows: ask for a smaller area"));
    }
    cell = cells_.emplace(std::move(key), v1::SimulationCounts()).first;
  }
  Count(grant.decision(), after, cell->second);
  Count(grant.decision(), after, total_);
  return absl::OkStatus();
}

std::vector<v1::SimulationCell> Simulation::Cells() const {
  std::vector<v1::SimulationCell> cells;
  cells.reserve(cells_.size());
  for (const auto& [key, counts] : cells_) {
    v1::SimulationCell cell;
    cell.set_county_code(std::get<0>(key));
    cell.set_item_code(std::get<1>(key));
    cell.set_economic_status(std::get<2>(key));
    *cell.mutable_counts() = counts;
    cells.push_back(std::move(cell));
  }
  return cells;
}

}  // namespace fuju::catalogue
