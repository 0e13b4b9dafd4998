#pragma once

#include <string>
#include <vector>

#include "applications/application.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::applications {

// The catalogue reserved the money: the county's review begins, and its clock.
Result DecideSubsidyReserved(const Record& record, const catalogue::v1::Grant& grant,
                             const Rules& rules, const Act& act);

// Not eligible, or no money: the case ends with each failed rule in the catalogue's words.
Result DecideSubsidyRefused(const Record& record, const catalogue::v1::Grant& grant,
                            const Act& act);

// The county asks for a supplement; its clock stands still. The reasons are codes of
// vocabulary/review_reason.h.
Result DecideReturn(const Record& record, const std::vector<std::string>& reason_codes,
                    const std::string& remark, const Rules& rules, const Act& act);

// The applicant supplemented; the county's clock runs on with what was left.
Result DecideSupplement(const Record& record, const std::string& explanation, const Rules& rules,
                        const Act& act);

Result DecideApprove(const Record& record, const std::string& remark, const Act& act);

Result DecideReject(const Record& record, const std::vector<std::string>& reason_codes,
                    const std::string& remark, const Act& act);

// Final at once up to the review; from the approval on the vendor side is asked to stop first
// (services/adr/0002-withdrawal-in-two-steps.md).
Result DecideWithdraw(const Record& record, const std::string& reason, const Act& act);

}  // namespace fuju::applications
