#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "applications/intake/intake_service.h"
#include "applications/needs/wiring.h"

namespace fuju::applications {

// A need as it is stored.
struct StoredNeed {
  std::string id;
  chassis::Versioned<NeedRecord> need;
};

// Reads the needs of one person, at most 200, in no order. Thread-safe; `needs` lives until `done`
// is called. Errors of the store.
void ReadNeedsOfPerson(const NeedStore& needs, const std::string& person_key, absl::Time deadline,
                       std::function<void(absl::StatusOr<std::vector<StoredNeed>>)> done);

// What surveys found about a person, for drafts that are filled in; `needs` outlives it.
FindSurveyed SurveyFinder(const NeedStore& needs);

}  // namespace fuju::applications
