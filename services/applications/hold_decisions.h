#pragma once

#include <string>

#include "applications/application.h"
#include "applications/review_decisions.h"

namespace fuju::applications {

// An officer holds the case until something is cleared up; meanwhile the clock of the stage stands
// still if the chain says so. Refuses as CheckOfficer says.
Result DecideHold(const Record& record, const Verdict& verdict, const Rules& rules, const Act& act);

// It is cleared up: the stage goes on with what was left on its clock. Refuses as CheckOfficer
// says.
Result DecideResume(const Record& record, const Verdict& verdict, const Rules& rules,
                    const Act& act);

// It was not cleared up in time: the prefecture is told, once a hold.
Result DecideHoldOverdue(const Record& record, const Act& act);

}  // namespace fuju::applications
