#pragma once

#include <string>

#include "absl/strings/string_view.h"

#include "chassis/values/decision.h"
#include "fuju/applications/storage/v1/application_record.pb.h"
#include "fuju/applications/v1/application.pb.h"

namespace fuju::applications {

// What the store keeps beside an application, as a function of its state: its places in the lists
// of the county, with and without the state, and in the person's, by time of creation; and the
// timer of the limit that runs; from submission to the end, the name of the person's open
// application; while an officer has to act, its places in the queues (desk/queue_index.h); and what
// officers did in it (desk/stage_work.h). A final state keeps its places and that only. It is part
// of the stored format: services/adr/0001.
chassis::Footprint FootprintOf(absl::string_view id, const storage::v1::ApplicationRecord& record);

// The province-wide name that a person's open application for a device division holds
// (domain.md 7, invariant 2): "open:<person key>:<division>".
std::string OpenClaimOf(const v1::Application& application);

// Names of the indexes. UNSPECIFIED stands for all states: with so many states and partitions, to
// merge their lists takes Redis a millisecond for a page.
std::string CountyIndex(absl::string_view county_code, v1::ApplicationState state);
std::string PersonIndex(absl::string_view person_key);

}  // namespace fuju::applications
