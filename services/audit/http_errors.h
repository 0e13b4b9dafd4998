#pragma once

#include <string>

#include "absl/status/status.h"

namespace fuju::audit {

// The HTTP status code that says the same as a status.
int HttpCodeOf(const absl::Status& status);

// {"code": "INVALID_ARGUMENT", "reason", "message", "fields": [{"field", "description"}]}: what
// gRPC callers get, as JSON; fields only if there are any. Texts of our own defects are not told.
std::string ErrorJson(const absl::Status& status);

}  // namespace fuju::audit
