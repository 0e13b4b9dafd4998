#pragma once

#include "absl/strings/string_view.h"
#include <google/protobuf/message.h>

#include "catalogue/versions/violations.h"

namespace fuju::catalogue {

// Reads protobuf's JSON into an empty message, and names everything that is wrong at once: unknown
// and repeated names, wrong types, unknown enum values, null. What is right is read nevertheless,
// so that its meaning can be checked too. `root` comes before every place ("policy" makes
// "policy.fundOrder[1]"), and is the place of a text that is no JSON object. Only messages of
// texts, whole numbers, truth values, enums and messages of these. Pure.
void ReadStrictJson(absl::string_view json, absl::string_view root,
                    google::protobuf::Message& message, Violations& violations);

// The inverse: indented, with every field in the order of its number, also those that are 0.
std::string WriteJson(const google::protobuf::Message& message);

}  // namespace fuju::catalogue
