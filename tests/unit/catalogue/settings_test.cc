#include "catalogue/settings.h"

#include <string>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

ABSL_DECLARE_FLAG(std::string, data_dir);
ABSL_DECLARE_FLAG(std::string, catalogue_file);
ABSL_DECLARE_FLAG(std::string, catalogue_policy_file);
ABSL_DECLARE_FLAG(std::string, catalogue_version);

namespace fuju::catalogue {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class SettingsTest : public testing::Test {
 protected:
  SettingsTest() { absl::SetFlag(&FLAGS_data_dir, "data"); }

  absl::FlagSaver saver_;
};

TEST_F(SettingsTest, NeedOnlyTheFolder) {
  const auto settings = ReadSettings();
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->data_dir, "data");
  EXPECT_TRUE(settings->catalogue_file.empty());
}

TEST_F(SettingsTest, TakeEachFlag) {
  absl::SetFlag(&FLAGS_catalogue_file, "file.csv");
  absl::SetFlag(&FLAGS_catalogue_policy_file, "policy.json");
  absl::SetFlag(&FLAGS_catalogue_version, "gansu-2026-demo");
  const auto settings = ReadSettings();
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->catalogue_file, "file.csv");
  EXPECT_EQ(settings->catalogue_policy_file, "policy.json");
  EXPECT_EQ(settings->catalogue_version, "gansu-2026-demo");
}

// JSON has the policy within it, a table has not.
TEST_F(SettingsTest, AskForThePolicyOfATable) {
  absl::SetFlag(&FLAGS_catalogue_version, "gansu-2026-demo");
  absl::SetFlag(&FLAGS_catalogue_file, "file.json");
  EXPECT_TRUE(ReadSettings().ok());
  absl::SetFlag(&FLAGS_catalogue_policy_file, "policy.json");
  EXPECT_THAT(std::string(ReadSettings().status().message()), HasSubstr("--catalogue_policy_file"));
  absl::SetFlag(&FLAGS_catalogue_file, "file.csv");
  EXPECT_TRUE(ReadSettings().ok());
  absl::SetFlag(&FLAGS_catalogue_policy_file, "");
  EXPECT_THAT(std::string(ReadSettings().status().message()), HasSubstr("--catalogue_policy_file"));
}

TEST_F(SettingsTest, AreRefusedWithAllComplaints) {
  absl::SetFlag(&FLAGS_data_dir, "");
  absl::SetFlag(&FLAGS_catalogue_policy_file, "policy.json");
  absl::SetFlag(&FLAGS_catalogue_version, std::string(41, 'x'));
  const absl::Status status = ReadSettings().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("--data_dir"), HasSubstr("--catalogue_file"),
                    HasSubstr("--catalogue_policy_file"), HasSubstr("is not a label")));
}

}  // namespace
}  // namespace fuju::catalogue
