#include "fitting/technician.h"

#include "absl/strings/str_cat.h"

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fitting/calendar.h"
#include "fitting/names.h"
#include "fuju/fitting/v1/fitting_events.pb.h"

namespace fuju::fitting {

TechnicianDecision RegisterTechnician(const chassis::Versioned<TechnicianRecord>& current,
                                      const std::string& technician_id,
                                      const v1::Technician& technician, absl::Time now) {
  const std::string name = TechnicianName(technician_id);
  if (absl::Status status = CheckWorkingHours(technician, "technician"); !status.ok())
    return status;
  if (current.exists()) {
    return chassis::Refusal(absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS",
                            "该工号的技师已登记", "a technician of this staff number is registered")
        .With("name", name)
        .Build();
  }
  chassis::Decision<TechnicianRecord> decision;
  *decision.next.mutable_technician() = technician;
  decision.next.mutable_technician()->set_name(name);
  decision.next.mutable_technician()->clear_etag();
  *decision.next.mutable_create_time() = chassis::ToTimestamp(now);
  v1::TechnicianRegistered fact;
  *fact.mutable_technician() = decision.next.technician();
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

std::string TechnicianIndex(const std::string& uscc) { return absl::StrCat("technicians:", uscc); }

chassis::Footprint TechnicianFootprint(const std::string& technician_id,
                                       const TechnicianRecord& record) {
  chassis::Footprint footprint;
  if (!record.has_technician()) return footprint;
  footprint.index.push_back({.index = TechnicianIndex(VendorOf(technician_id)),
                             .member = technician_id,
                             .score = chassis::ToMillis(record.create_time())});
  return footprint;
}

}  // namespace fuju::fitting
