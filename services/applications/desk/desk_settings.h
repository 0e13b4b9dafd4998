#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "applications/desk/claim_decisions.h"

namespace fuju::applications {

// What the flags of the desk say, checked. The flags stand in desk_settings.cc.
struct DeskSettings {
  ClaimPolicy claims;
  // Of the catalogue service; empty: it is not asked.
  std::string catalogue_address;
  absl::Duration catalogue_timeout = absl::Milliseconds(800);
};

// INVALID_ARGUMENT names all that is wrong at once.
absl::StatusOr<DeskSettings> ReadDeskSettings();

}  // namespace fuju::applications
