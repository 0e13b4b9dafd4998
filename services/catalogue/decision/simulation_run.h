#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"

#include "catalogue/decision/prepared_policy.h"
#include "catalogue/decision/simulation.h"
#include "catalogue/versions/catalogue_set.h"
#include "fuju/catalogue/v1/decisions_service.pb.h"

namespace fuju::catalogue {

// Tries versions on pages of stored decisions. Not thread-safe.
class SimulationRun {
 public:
  // `defaults` outlives this: the policy of a version that has none.
  explicit SimulationRun(const PreparedPolicy* defaults);

  // The versions, each county's on that day, once, before the first page.
  void Try(std::shared_ptr<const CatalogueSet> catalogues, absl::CivilDay day) {
    catalogues_ = std::move(catalogues);
    day_ = day;
  }

  // A grant whose snapshot no decision can be made of is left out. RESOURCE_EXHAUSTED if the result
  // gets too large.
  absl::Status Add(const std::vector<v1::Grant>& grants);

  const v1::SimulationCounts& total() const { return simulation_.total(); }
  // All cells, in as many messages as they need, with the last progress in the last one.
  std::vector<v1::SimulateCatalogueResponse> Results(const v1::RunProgress& progress) const;

 private:
  const PreparedPolicy* const defaults_;
  std::shared_ptr<const CatalogueSet> catalogues_;
  absl::CivilDay day_;
  Simulation simulation_;
};

}  // namespace fuju::catalogue
