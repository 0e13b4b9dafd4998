#pragma once

#include <string>

#include "absl/status/status.h"

namespace fuju::applications {

// Refusals of commits that met a name which another aggregate holds, in the words of this service.
// Pure.

// OPEN_APPLICATION_EXISTS, ALREADY_EXISTS: `holder` is the other application's name.
absl::Status OpenApplicationExists(const std::string& holder);

// What the store says of a held name, as OPEN_APPLICATION_EXISTS or OFFICER_RELATED
// (officer_check.h); any other status as it is.
absl::Status ToClaimRefusal(const absl::Status& status);

}  // namespace fuju::applications
