#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "applications/wiring.h"
#include "fuju/applications/v1/review_desk_service.pb.h"

namespace fuju::applications {

// Reads one page of an office's queue: merges the partitions by the indexes, so that it costs the
// same whatever waits behind it; the first page counts the stages meanwhile. A filter that no index
// answers (queue_filter.h) is applied to the cases themselves, to a thousand in a call at most;
// then the page ends early, and its token goes on behind them. `request` lives until `done`, which
// is called once. Errors as a list's.
void ReadQueue(const Wiring& wiring, const Rules& rules, const v1::ListQueuedCasesRequest& request,
               std::string officer, absl::Time deadline,
               std::function<void(absl::StatusOr<v1::ListQueuedCasesResponse>)> done);

// Counts the stages of an office by ranges of its indexes: no counter has to be kept for that, and
// what is late follows from the time alone.
void CountStages(const Wiring& wiring, const Rules& rules, const std::string& office,
                 absl::Time deadline,
                 std::function<void(absl::StatusOr<std::vector<v1::StageCount>>)> done);

}  // namespace fuju::applications
