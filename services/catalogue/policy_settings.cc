#include "catalogue/policy_settings.h"

namespace fuju::catalogue {

SubsidySettings SettingsOf(const v1::SubsidyPolicy& policy) {
  const auto ratio = [](int32_t basis_points) {
    return vocabulary::BasisPoints::Of(basis_points).value_or(vocabulary::BasisPoints());
  };
  SubsidySettings settings;
  settings.mode = policy.mode() == v1::SUBSIDY_MODE_RATIO_OF_CAP ? SubsidyMode::kRatioOfCap
                                                                 : SubsidyMode::kCapThenRatio;
  settings.ffp_ratio = ratio(policy.ffp_ratio_bp());
  if (policy.has_gxzc_ratio_bp()) settings.gxzc_ratio = ratio(policy.gxzc_ratio_bp());
  for (const std::string& device : policy.child_yearly_devices()) {
    const absl::StatusOr<vocabulary::DeviceScope> scope = vocabulary::DeviceScope::Parse(device);
    if (scope.ok()) settings.child_yearly.push_back(*scope);
  }
  return settings;
}

}  // namespace fuju::catalogue
