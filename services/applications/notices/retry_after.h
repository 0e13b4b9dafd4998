#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace fuju::applications {

// The header Retry-After (RFC 9110, 10.2.3): seconds, or a date of HTTP. Nothing if it is neither;
// zero for a date that has passed. Pure.
std::optional<absl::Duration> ParseRetryAfter(absl::string_view header, absl::Time now);

}  // namespace fuju::applications
