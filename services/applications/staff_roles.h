#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "applications/timeline_texts.h"

namespace fuju::applications {

// A role that a member of staff acts in: the part before the ":" of an actor.
struct StaffRole {
  absl::string_view name;
  absl::string_view zh;
  absl::string_view en;
};

// The closed list of roles that a chain may give a decision to.
absl::Span<const StaffRole> StaffRoles();
// Null if there is no such role.
const StaffRole* FindStaffRole(absl::string_view name);

// "<role>:<id>" in its halves. Without a ":" there is no id.
absl::string_view RoleOf(absl::string_view actor);
absl::string_view PersonOf(absl::string_view actor);

}  // namespace fuju::applications
