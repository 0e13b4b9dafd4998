#include "applications/staff_roles.h"

#include "absl/algorithm/container.h"

namespace fuju::applications {
namespace {

constexpr StaffRole kRoles[] = {
    {"village_officer", "村（社区）专职委员", "village officer"},
    {"town_officer", "乡镇（街道）残联", "town federation"},
    {"county_reviewer", "县残联审核人员", "county reviewer"},
    {"county_approver", "县残联审批人员", "county approver"},
    {"assessor", "评估人员", "assessor"},
    {"prefecture_officer", "市州残联", "prefecture's federation"},
    {"province_officer", "省残联", "province's federation"},
};

}  // namespace

absl::Span<const StaffRole> StaffRoles() { return kRoles; }

const StaffRole* FindStaffRole(absl::string_view name) {
  const auto* found =
      absl::c_find_if(kRoles, [name](const StaffRole& role) { return role.name == name; });
  return found == std::end(kRoles) ? nullptr : found;
}

absl::string_view RoleOf(absl::string_view actor) { return actor.substr(0, actor.find(':')); }

absl::string_view PersonOf(absl::string_view actor) {
  const size_t cut = actor.find(':');
  return cut == absl::string_view::npos ? absl::string_view() : actor.substr(cut + 1);
}

}  // namespace fuju::applications
