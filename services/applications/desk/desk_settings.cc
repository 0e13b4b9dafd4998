#include "applications/desk/desk_settings.h"

#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "applications/staff_roles.h"
#include "chassis/process/process.h"

ABSL_FLAG(int, claim_minutes, 30,
          "How long an officer's claim of a case lasts, and its renewal, 1 to 1440 min.");
ABSL_FLAG(std::vector<std::string>, claim_supervisor_roles,
          std::vector<std::string>({"county_approver", "prefecture_officer", "province_officer"}),
          "Roles that may give back a case that another officer has, separated by commas.");
ABSL_FLAG(std::string, catalogue_address, "",
          "The catalogue service as host:port, for the evidence of a case; empty: that part of the "
          "evidence is missing.");
ABSL_FLAG(int, catalogue_timeout_ms, 800,
          "How long it is waited for; then that part is missing, 10 to 5000 ms.");

namespace fuju::applications {

absl::StatusOr<DeskSettings> ReadDeskSettings() {
  chassis::SettingsCheck check;
  DeskSettings settings;
  const int minutes = absl::GetFlag(FLAGS_claim_minutes);
  check.RequireBetween("claim_minutes", minutes, 1, 1440);
  settings.claims.time = absl::Minutes(minutes);
  settings.claims.supervisors = absl::GetFlag(FLAGS_claim_supervisor_roles);
  for (const std::string& role : settings.claims.supervisors) {
    const std::string roles = absl::StrJoin(
        StaffRoles(), ", ",
        [](std::string* out, const StaffRole& known) { absl::StrAppend(out, known.name); });
    check.Require(FindStaffRole(role) != nullptr,
                  absl::StrCat("--claim_supervisor_roles: '", role, "' is none of ", roles));
  }
  settings.catalogue_address = absl::GetFlag(FLAGS_catalogue_address);
  const int timeout_ms = absl::GetFlag(FLAGS_catalogue_timeout_ms);
  check.RequireBetween("catalogue_timeout_ms", timeout_ms, 10, 5000);
  settings.catalogue_timeout = absl::Milliseconds(timeout_ms);
  if (absl::Status s = check.Result(); !s.ok()) return s;
  return settings;
}

}  // namespace fuju::applications
