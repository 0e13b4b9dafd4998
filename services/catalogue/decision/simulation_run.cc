#include "catalogue/decision/simulation_run.h"

#include "catalogue/decision/subsidy_decision.h"

namespace fuju::catalogue {
namespace {

// About 100 bytes each: more rows than a province has counties, items and groups in a year.
constexpr size_t kMostCells = 100000;
constexpr size_t kCellsOfAMessage = 1000;

}  // namespace

SimulationRun::SimulationRun(const PreparedPolicy* defaults)
    : defaults_(defaults), simulation_(kMostCells) {}

absl::Status SimulationRun::Add(const std::vector<v1::Grant>& grants) {
  const PreparedPolicy& policy =
      catalogue_->policy() != nullptr ? *catalogue_->policy() : *defaults_;
  for (const v1::Grant& grant : grants) {
    const v1::SubsidyDecision& decision = grant.decision();
    SimulatedAmounts after;
    after.self_pay_fen = PriceOf(decision).count();
    if (const Catalogue::Terms* terms = catalogue_->FindTerms(decision.item_code());
        terms != nullptr) {
      // A decision on an office that is none has failed for that, and would again.
      const bool county_known = !HasFailed(decision, kRuleResidenceCounty);
      const absl::StatusOr<Verdict> verdict =
          JudgeGrant(grant, county_known, terms->item, policy, terms->top_ups);
      if (!verdict.ok()) continue;
      after.eligible = verdict->eligible;
      after.subsidy_fen = verdict->subsidy.count();
      after.self_pay_fen = verdict->self_pay.count();
    }
    if (absl::Status status = simulation_.Add(grant, after); !status.ok()) return status;
  }
  return absl::OkStatus();
}

std::vector<v1::SimulateCatalogueResponse> SimulationRun::Results(
    const v1::RunProgress& progress) const {
  std::vector<v1::SimulateCatalogueResponse> messages(1);
  for (v1::SimulationCell& cell : simulation_.Cells()) {
    if (messages.back().cells_size() == static_cast<int>(kCellsOfAMessage)) messages.emplace_back();
    *messages.back().add_cells() = std::move(cell);
  }
  *messages.back().mutable_progress() = progress;
  for (v1::SimulateCatalogueResponse& message : messages) *message.mutable_total() = total();
  return messages;
}

}  // namespace fuju::catalogue
