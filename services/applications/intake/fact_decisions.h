#pragma once

#include "applications/application.h"
#include "fuju/applications/v1/intake_service.pb.h"

namespace fuju::applications {

// An officer of any office verifies facts about the applicant, and corrects them (adr/0017).
// INVALID_ARGUMENT names what contradicts itself; FAILED_PRECONDITION, FACT_DECIDED for a
// correction behind the submission that would change what the catalogue decided on;
// PERMISSION_DENIED if the actor is of no office. Pure.
Result DecideVerifyFact(const Record& record, const v1::VerifyPersonFactRequest& asked,
                        const Act& act);

}  // namespace fuju::applications
