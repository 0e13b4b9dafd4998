#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "applications/desk/catalogue_source.h"
#include "applications/wiring.h"
#include "fuju/applications/v1/review_desk.pb.h"

namespace fuju::applications {

// Reads the evidence of a case: the case first, then its parts from all sources at once, of which
// none can stop the others. What the catalogue does not answer by `asking.deadline` is missing.
// `catalogue` and `wiring` outlive the call. `done` is called once. NOT_FOUND; STORE_UNAVAILABLE if
// the case itself can not be read.
void ReadEvidence(const Wiring& wiring, CatalogueSource* catalogue, const std::string& name,
                  absl::Time deadline, CatalogueSource::Asking asking,
                  std::function<void(absl::StatusOr<v1::CaseEvidence>)> done);

}  // namespace fuju::applications
