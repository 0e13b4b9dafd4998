#pragma once

#include <string>

#include "applications/application.h"

namespace fuju::applications {

// PERMISSION_DENIED for who is of no office.
absl::Status NotOfAnOffice();

// An office ends the case because the person died or the certificate was cancelled: at once up to
// the review; from the approval on the vendor side is asked to stop first, as in a withdrawal
// (services/adr/0002-withdrawal-in-two-steps.md). PERMISSION_DENIED for an actor whose role is none
// of staff_roles.h. INTERNAL for another reason than these two.
Result DecideTerminate(const Record& record, EndReason reason, const std::string& remark,
                       const Act& act);

// The vendor side has stopped, or there was none: the case ends as WITHDRAWN or TERMINATED, by the
// reason for which it was stopped, or the new county gets it (county_transfer.h). `attempt` is the
// last one of the search that has stopped.
Result FinishStopping(Change& change, int attempt, const Rules& rules);

}  // namespace fuju::applications
