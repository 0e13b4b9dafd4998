#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fuju::applications {

// Where a watch of one application goes on: opaque, URL-safe, bound to the application's name.
// Pure.
std::string MakeResumeToken(absl::string_view application_name, int sequence);

// The sequence of the last timeline entry that the watcher has; 0 for an empty token.
// INVALID_ARGUMENT, RESUME_TOKEN_INVALID if it is malformed or of another application.
absl::StatusOr<int> SequenceOf(absl::string_view token, absl::string_view application_name);

// The refusal of such a token.
absl::Status InvalidResumeToken();

}  // namespace fuju::applications
