#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "applications/wiring.h"
#include "fuju/applications/v1/review_desk_service.pb.h"

namespace fuju::applications {

// Reads what the officers of an office did and have: the months' lists of officers and their
// counters (stage_work.h), the running claims, the counts of the stages. None of it looks at a
// case. `request` lives until `done`, which is called once. INVALID_ARGUMENT if the last month
// comes before the first.
void ReadWorkload(const Wiring& wiring, const Rules& rules, const v1::GetWorkloadRequest& request,
                  absl::Time deadline, std::function<void(absl::StatusOr<v1::Workload>)> done);

}  // namespace fuju::applications
