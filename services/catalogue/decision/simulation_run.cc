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
  for (const v1::Grant& grant : grants) {
    const v1::SubsidyDecision& decision = grant.decision();
    const std::shared_ptr<const Catalogue> catalogue = catalogues_->For(grant.county_code(), day_);
    SimulatedAmounts after;
    after.self_pay_fen = PriceOf(decision).count();
    const Catalogue::Terms* terms =
        catalogue == nullptr ? nullptr : catalogue->FindTerms(decision.item_code());
    if (terms != nullptr) {
      const PreparedPolicy& policy =
          catalogue->prepared_policy() != nullptr ? *catalogue->prepared_policy() : *defaults_;
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
