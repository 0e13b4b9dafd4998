#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/values/decision.h"
#include "fuju/dispatch/storage/v1/dispatch_records.pb.h"
#include "fuju/dispatch/v1/dispatch.pb.h"

namespace fuju::dispatch {

using storage::v1::VendorRecord;
using VendorDecision = absl::StatusOr<chassis::Decision<VendorRecord>>;

// The vendor aggregate: who serves what and where, and how much at once. Pure.
//
//   state      register   suspend     resume
//   (none)     ACTIVE     -           -
//   ACTIVE     -          SUSPENDED   -
//   SUSPENDED  -          -           ACTIVE

// ALREADY_EXISTS; INVALID_ARGUMENT naming every repeated county and class.
VendorDecision RegisterVendor(const chassis::Versioned<VendorRecord>& current,
                              const v1::Vendor& vendor, absl::Time now);
// NOT_FOUND; FAILED_PRECONDITION, STATE_FORBIDS.
VendorDecision SuspendVendor(const chassis::Versioned<VendorRecord>& current,
                             const std::string& uscc, const std::string& reason);
VendorDecision ResumeVendor(const chassis::Versioned<VendorRecord>& current,
                            const std::string& uscc);

// An officer is declared to be related to the vendor, or no longer is. No effect if that is known,
// or if there is no such vendor.
VendorDecision AddRelation(const chassis::Versioned<VendorRecord>& current,
                           const std::string& relation, const std::string& officer);
VendorDecision DropRelation(const chassis::Versioned<VendorRecord>& current,
                            const std::string& relation);
// One of the officers is related to the vendor.
bool IsRelated(const VendorRecord& vendor,
               const google::protobuf::RepeatedPtrField<std::string>& officers);

// The counter of a vendor's free capacity: what it registered, less its open and accepted offers.
// It never falls below 0, so no more offers are placed than it can serve.
std::string CapacityCounter(const std::string& uscc);

// Index of all vendors; they have one score, so a list runs by falling name.
inline constexpr char kVendorIndex[] = "vendors";

chassis::Footprint VendorFootprint(const std::string& uscc, const VendorRecord& record);

// The vendor serves this county and this device division (one of its classes is a prefix of it).
// Whether it is active and has capacity is another question.
bool Serves(const v1::Vendor& vendor, const std::string& county_code,
            const std::string& device_division);

// "ACTIVE": the state as an error names it.
std::string StateName(v1::VendorState state);

}  // namespace fuju::dispatch
