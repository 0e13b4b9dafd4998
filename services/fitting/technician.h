#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/values/decision.h"
#include "fuju/fitting/storage/v1/fitting_records.pb.h"
#include "fuju/fitting/v1/fitting.pb.h"

namespace fuju::fitting {

using storage::v1::TechnicianRecord;
using TechnicianDecision = absl::StatusOr<chassis::Decision<TechnicianRecord>>;

// The technician aggregate: who works when (FHIR Schedule). Pure. What is booked stands with the
// orders, in claims on cells and in the index of busy times.

// ALREADY_EXISTS; INVALID_ARGUMENT naming every bad line of the working hours.
TechnicianDecision RegisterTechnician(const chassis::Versioned<TechnicianRecord>& current,
                                      const std::string& technician_id,
                                      const v1::Technician& technician, absl::Time now);

// All technicians of a vendor, newest first.
std::string TechnicianIndex(const std::string& uscc);

chassis::Footprint TechnicianFootprint(const std::string& technician_id,
                                       const TechnicianRecord& record);

}  // namespace fuju::fitting
