#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "chassis/values/decision.h"
#include "fuju/catalogue/storage/v1/catalogue_records.pb.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// What a person received; the id and the route are the person key, so the history of a person is
// one read wherever the person applied.

// "beneficiaries/<person key>".
std::string BeneficiaryName(absl::string_view person_key);

// Records an accepted device. The same application is recorded once. INVALID_ARGUMENT for an
// acceptance date that is none. Pure.
absl::StatusOr<chassis::Decision<storage::v1::BeneficiaryRecord>> RecordDelivery(
    const chassis::Versioned<storage::v1::BeneficiaryRecord>& current, absl::string_view person_key,
    const v1::Delivery& delivery);

}  // namespace fuju::catalogue
