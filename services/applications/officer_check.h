#pragma once

#include <string>

#include "absl/status/status.h"

#include "applications/application.h"
#include "applications/course.h"

namespace fuju::applications {

// May the actor decide so on the case in the stage in which it is? `asked_stage` is the stage that
// the caller thought of, or empty. In this order:
//
//   STAGE_MOVED           ABORTED: the case is in another stage
//   STAGE_FORBIDS         FAILED_PRECONDITION: the stage does not allow the decision
//   PERMISSION_DENIED     the stage does not name the actor's role
//   OFFICER_ACTED_BEFORE  PERMISSION_DENIED: the person acted where another one must have, also in
//                         a stage of that kind for the county that had the case before; or rejected
//                         the case before an appeal
//   CASE_CLAIMED          FAILED_PRECONDITION: another officer works on it, and until when
//
// That the person is not related to the applicant is checked by the commit (Change::BarRelated), so
// that no relation is declared in between.
absl::Status CheckOfficer(const Record& record, const Place& place, const std::string& asked_stage,
                          v1::StageDecision decision, const Act& act);

// May the actor fix the price of the case? As CheckOfficer; STAGE_FORBIDS in a stage of another
// kind.
absl::Status CheckPriceOfficer(const Record& record, const Place& place,
                               const std::string& asked_stage, const Act& act);

// May the actor decide the appeal of the case? PERMISSION_DENIED as above; whoever decided anything
// on the case, in whatever county, did act before.
absl::Status CheckAppealOfficer(const Record& record, const AppealRule& rule, const Act& act);

// The refusal of a commit that met a declared relation of the actor.
absl::Status OfficerRelated();

// The same for a case that waits for an officer (desk/desk_place.h), whatever is to be decided;
// "appeal" is the stage of an appeal. CHAIN_MISSING as PlaceOf.
absl::Status CheckAnyDecision(const Record& record, const std::string& asked_stage,
                              const Rules& rules, const Act& act);

// CASE_CLAIMED if another person works on the case now.
absl::Status CheckUnclaimed(const Record& record, const Act& act);

}  // namespace fuju::applications
