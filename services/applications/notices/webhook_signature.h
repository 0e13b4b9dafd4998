#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace fuju::applications {

// Header that carries WebhookSignature.
inline constexpr char kSignatureHeader[] = "Fuju-Signature";

// "t=<seconds since 1970>,v1=<HMAC-SHA256 of "<t>.<body>" under the secret, lower-case hex>": shows
// the receiver who sent the body, and when, so that an old one can not be played back. Pure.
std::string WebhookSignature(absl::string_view secret, absl::Time now, absl::string_view body);

// The newest secret of a secret file: its first line that is not empty. Those below it are older
// ones, which only the receiver still accepts. INVALID_ARGUMENT if it is shorter than 16 bytes.
absl::StatusOr<std::string> NewestSecret(absl::string_view file);

}  // namespace fuju::applications
