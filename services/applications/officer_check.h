#pragma once

#include <string>

#include "absl/status/status.h"

#include "applications/application.h"
#include "applications/course.h"

namespace fuju::applications {

// May the actor decide so on the case in the stage in which it is? `asked_stage` is the stage that
// the caller thought of, or empty. In this order:
//
//   ABORTED, STAGE_MOVED                     the case is in another stage
//   FAILED_PRECONDITION, STAGE_FORBIDS       the stage does not allow the decision
//   PERMISSION_DENIED, PERMISSION_DENIED     the stage does not name the actor's role
//   PERMISSION_DENIED, OFFICER_ACTED_BEFORE  the person acted in a stage whose officer must be
//   another PERMISSION_DENIED, OFFICER_RELATED       the person declared to be related
absl::Status CheckOfficer(const Record& record, const Place& place, const std::string& asked_stage,
                          v1::StageDecision decision, const Rules& rules, const Act& act);

}  // namespace fuju::applications
