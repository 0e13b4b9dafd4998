#pragma once

#include <string>

#include "absl/status/status.h"
#include <google/protobuf/field_mask.pb.h>

#include "applications/application.h"
#include "vocabulary/person_key.h"

namespace fuju::applications {

// Makes a draft of the fields that the caller may set; the rest of `draft` is ignored.
// INVALID_ARGUMENT, CERTIFICATE_MISMATCH if the certificate is another person's.
Result DecideCreate(const std::string& id, const v1::Application& draft,
                    const vocabulary::PersonKeyer& keyer, const Act& act);

// The paths that an update may name: "applicant", "request" and what is below them.
// INVALID_ARGUMENT names each other one. The county is part of the name and never changes.
absl::Status CheckUpdateMask(const google::protobuf::FieldMask& mask);

// Sets the masked fields of a draft to the values in `patch`. No effect if they have them already.
// The mask has passed CheckUpdateMask. Errors as DecideCreate.
Result DecideUpdate(const Record& record, const v1::Application& patch,
                    const google::protobuf::FieldMask& mask, const vocabulary::PersonKeyer& keyer,
                    const Act& act);

// The province-wide name that a person's open application for a device division holds
// (domain.md 7, invariant 2): "open:<person key>:<division>".
std::string OpenClaimOf(const v1::Application& application);

// Hands a draft in. Its open claim must have been taken for this very record.
Result DecideSubmit(const Record& record, const Act& act);

}  // namespace fuju::applications
