#pragma once

#include <string>

#include "applications/application.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::applications {

// The applicant signs. `serial_number` is what stands on the device: INVALID_ARGUMENT if it is not
// the one that was handed over. No payment comes without it (domain.md 7, invariant 1).
Result DecideConfirmReceipt(const Record& record, const std::string& serial_number, const Act& act);

// The amount is owed to the vendor; the follow-up is to come, counted from the acceptance.
Result DecideSubsidySettled(const Record& record, const catalogue::v1::Grant& grant,
                            const Rules& rules, const Act& act);

// The treasury paid the vendor: told, nothing else changes.
Result DecideSubsidyPaid(const Record& record, const catalogue::v1::Grant& grant, const Act& act);

// The applicant answers the follow-up question; only the answer of `answer` is taken, not its time.
Result DecideAnswerFollowUp(const Record& record, const v1::FollowUp& answer, const Act& act);

}  // namespace fuju::applications
