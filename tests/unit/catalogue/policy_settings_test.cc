#include "catalogue/policy_settings.h"

#include <gtest/gtest.h>

#include "examples.h"

namespace fuju::catalogue {
namespace {

TEST(PolicySettingsTest, TakeEachRule) {
  v1::SubsidyPolicy policy;
  policy.set_mode(v1::SUBSIDY_MODE_RATIO_OF_CAP);
  policy.set_ffp_ratio_bp(9000);
  policy.set_gxzc_ratio_bp(0);
  policy.add_child_yearly_devices("06");
  const SubsidySettings settings = SettingsOf(policy);
  EXPECT_EQ(settings.mode, SubsidyMode::kRatioOfCap);
  EXPECT_EQ(settings.ffp_ratio, Ratio(9000));
  EXPECT_EQ(settings.gxzc_ratio, Ratio(0));
  ASSERT_EQ(settings.child_yearly.size(), 1u);
  EXPECT_EQ(settings.child_yearly[0].digits(), "06");
}

TEST(PolicySettingsTest, LeaveOutWhatThePolicyLeavesOut) {
  v1::SubsidyPolicy policy;
  policy.set_mode(v1::SUBSIDY_MODE_CAP_THEN_RATIO);
  const SubsidySettings settings = SettingsOf(policy);
  EXPECT_EQ(settings.mode, SubsidyMode::kCapThenRatio);
  EXPECT_EQ(settings.ffp_ratio, Ratio(0)) << "0 is what was stated";
  EXPECT_FALSE(settings.gxzc_ratio.has_value());
  EXPECT_TRUE(settings.child_yearly.empty());
}

}  // namespace
}  // namespace fuju::catalogue
