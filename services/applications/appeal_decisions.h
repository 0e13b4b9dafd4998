#pragma once

#include <string>

#include "applications/application.h"

namespace fuju::applications {

// The appeal against a rejection or an ineligibility: once a case, with its own clock and officers
// (the chain's `appeal`). What the chain says of it is shown in Review.appeal_until from the end
// on.

// The case has just ended so that it can be appealed against: until when. Nothing if the chain has
// no appeal, or the case had its own.
absl::Status OfferAppeal(Change& change, const Rules& rules);

// The applicant files it. FAILED_PRECONDITION, APPEAL_CLOSED if none can be filed (any more). The
// commit refuses it while another application of the person holds the open claim (footprint.h).
Result DecideAppeal(const Record& record, const std::string& reason, const Rules& rules,
                    const Act& act);

// An officer of the appeal decides. PERMISSION_DENIED for another role (PERMISSION_DENIED), for a
// person who decided anything on the case (OFFICER_ACTED_BEFORE) or is related (OFFICER_RELATED).
//
// Dismissed: the decision stands, the case ends again.
Result DecideDismissAppeal(const Record& record, const std::string& remark, const Rules& rules,
                           const Act& act);
// Granted: eligibility and money are decided anew, for the money went back with the end; then the
// review goes on at the stage that the chain names, or from the first one after an ineligibility.
Result DecideGrantAppeal(const Record& record, const std::string& remark, const Rules& rules,
                         const Act& act);

// It was not decided in time: that is told, once.
Result DecideAppealOverdue(const Record& record, const Act& act);

}  // namespace fuju::applications
