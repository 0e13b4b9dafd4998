#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "chassis/values/decision.h"
#include "fuju/catalogue/storage/v1/catalogue_records.pb.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// What a person received, and what the person's open grants hold of limits such as a year's total
// (services/adr/0023). The id and the route are the person key, so the history of a person is one
// read wherever the person applied, and two applications in two counties can not both get the last
// of an allowance. All functions are pure.

// "beneficiaries/<person key>".
std::string BeneficiaryName(absl::string_view person_key);

// What a decision about the application looks at: what was accepted, and what other applications
// hold.
std::vector<v1::Delivery> HistoryFor(const storage::v1::BeneficiaryRecord& record,
                                     absl::string_view application);

// What the grant of a decision holds while it is open: a delivery without an acceptance.
// `share_group` is that of its item.
v1::Delivery EntitlementOf(absl::string_view application, const v1::SubsidyDecision& decision,
                           absl::string_view share_group);

// True while the grant can still become a delivery.
bool HoldsEntitlement(const v1::Grant& grant);

// Holds it for its application, instead of what that held before, whose allowance it keeps if it
// names none. Unchanged if it holds exactly that, or has accepted the device.
absl::StatusOr<chassis::Decision<storage::v1::BeneficiaryRecord>> HoldEntitlement(
    const chassis::Versioned<storage::v1::BeneficiaryRecord>& current, absl::string_view person_key,
    const v1::Delivery& entitlement);

// Gives up what the application holds. Unchanged if that is nothing.
absl::StatusOr<chassis::Decision<storage::v1::BeneficiaryRecord>> DropEntitlement(
    const chassis::Versioned<storage::v1::BeneficiaryRecord>& current, absl::string_view person_key,
    absl::string_view application);

// Records an accepted device, which ends what its application held, and draws on the same
// allowance. The same application is recorded once. INVALID_ARGUMENT for an acceptance date that is
// none.
absl::StatusOr<chassis::Decision<storage::v1::BeneficiaryRecord>> RecordDelivery(
    const chassis::Versioned<storage::v1::BeneficiaryRecord>& current, absl::string_view person_key,
    const v1::Delivery& delivery);

}  // namespace fuju::catalogue
