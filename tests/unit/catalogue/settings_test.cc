#include "catalogue/settings.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "examples.h"

ABSL_DECLARE_FLAG(std::string, data_dir);
ABSL_DECLARE_FLAG(std::string, catalogue_file);
ABSL_DECLARE_FLAG(std::string, catalogue_version);
ABSL_DECLARE_FLAG(std::string, subsidy_mode);
ABSL_DECLARE_FLAG(int32_t, ffp_ratio_bp);
ABSL_DECLARE_FLAG(int32_t, gxzc_ratio_bp);
ABSL_DECLARE_FLAG(std::vector<std::string>, child_yearly_devices);

namespace fuju::catalogue {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class SettingsTest : public testing::Test {
 protected:
  SettingsTest() { absl::SetFlag(&FLAGS_data_dir, "data"); }

  absl::FlagSaver saver_;
};

TEST_F(SettingsTest, HaveTheDefaultsOfThePolicy) {
  const auto settings = ReadSettings();
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->data_dir, "data");
  EXPECT_EQ(settings->subsidy.mode, SubsidyMode::kCapThenRatio);
  EXPECT_EQ(settings->subsidy.ffp_ratio, Ratio(10000));
  EXPECT_FALSE(settings->subsidy.gxzc_ratio.has_value());
  EXPECT_EQ(settings->subsidy.child_yearly.size(), 2u);
  EXPECT_TRUE(settings->catalogue_file.empty());
}

TEST_F(SettingsTest, TakeEachFlag) {
  absl::SetFlag(&FLAGS_subsidy_mode, "ratio_of_cap");
  absl::SetFlag(&FLAGS_ffp_ratio_bp, 9000);
  absl::SetFlag(&FLAGS_gxzc_ratio_bp, 0);
  absl::SetFlag(&FLAGS_child_yearly_devices, std::vector<std::string>{"06"});
  absl::SetFlag(&FLAGS_catalogue_file, "file.csv");
  absl::SetFlag(&FLAGS_catalogue_version, "gansu-2026-demo");
  const auto settings = ReadSettings();
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->subsidy.mode, SubsidyMode::kRatioOfCap);
  EXPECT_EQ(settings->subsidy.ffp_ratio, Ratio(9000));
  EXPECT_EQ(settings->subsidy.gxzc_ratio, Ratio(0));
  EXPECT_EQ(settings->subsidy.child_yearly.at(0).digits(), "06");
  EXPECT_EQ(settings->catalogue_file, "file.csv");
  EXPECT_EQ(settings->catalogue_version, "gansu-2026-demo");
}

TEST_F(SettingsTest, AreRefusedWithAllComplaints) {
  absl::SetFlag(&FLAGS_data_dir, "");
  absl::SetFlag(&FLAGS_subsidy_mode, "best");
  absl::SetFlag(&FLAGS_ffp_ratio_bp, 10001);
  absl::SetFlag(&FLAGS_gxzc_ratio_bp, -2);
  absl::SetFlag(&FLAGS_child_yearly_devices, std::vector<std::string>{"061"});
  absl::SetFlag(&FLAGS_catalogue_version, std::string(41, 'x'));
  const absl::Status status = ReadSettings().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(
      std::string(status.message()),
      AllOf(HasSubstr("--data_dir"), HasSubstr("--subsidy_mode"), HasSubstr("--ffp_ratio_bp"),
            HasSubstr("--gxzc_ratio_bp"), HasSubstr("--child_yearly_devices"),
            HasSubstr("--catalogue_file"), HasSubstr("is not a label")));
}

}  // namespace
}  // namespace fuju::catalogue
