#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "chassis/values/refusal.h"

namespace fuju::applications {

// Paths of an applicant's fields begin with it.
inline constexpr absl::string_view kApplicantPath = "application.applicant.";

// Adds a violation at `path` with the two halves of a message of the vocabulary.
void AddComplaint(chassis::Refusal& refusal, absl::string_view path, const absl::Status& why);

// Adds a violation below the applicant.
void AddApplicantComplaint(chassis::Refusal& refusal, absl::string_view field, absl::string_view zh,
                           absl::string_view en);

}  // namespace fuju::applications
