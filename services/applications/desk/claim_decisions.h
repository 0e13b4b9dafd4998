#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "applications/application.h"

namespace fuju::applications {

// What claims go by. A value.
struct ClaimPolicy {
  // How long a claim, or its renewal, lasts.
  absl::Duration time = absl::Minutes(30);
  // Roles that may give back what another officer has.
  std::vector<std::string> supervisors = {"county_approver", "prefecture_officer",
                                          "province_officer"};

  bool IsSupervisor(absl::string_view role) const;
};

// The actor takes the case, renews the own claim, or takes over one that has ended. Refuses as
// CheckAnyDecision (officer_check.h), and the commit refuses who is related to the applicant:
// whoever may not decide can not keep others from it. The timeline and the citizen's view stay as
// they are.
Result DecideClaim(const Record& record, const std::string& asked_stage, const ClaimPolicy& policy,
                   const Rules& rules, const Act& act);

// The actor gives back the own claim, or as a supervisor another's. No effect if nobody has the
// case; CASE_CLAIMED if it is another's.
Result DecideRelease(const Record& record, const ClaimPolicy& policy, const Act& act);

}  // namespace fuju::applications
