#include "applications/desk/desk_settings.h"

#include <string>
#include <vector>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

ABSL_DECLARE_FLAG(int, claim_minutes);
ABSL_DECLARE_FLAG(std::vector<std::string>, claim_supervisor_roles);
ABSL_DECLARE_FLAG(std::string, catalogue_address);
ABSL_DECLARE_FLAG(int, catalogue_timeout_ms);

namespace fuju::applications {
namespace {

using ::testing::HasSubstr;

TEST(DeskSettingsTest, TakesItsFlags) {
  absl::FlagSaver saver;
  absl::SetFlag(&FLAGS_claim_minutes, 45);
  absl::SetFlag(&FLAGS_claim_supervisor_roles, {"county_approver"});
  absl::SetFlag(&FLAGS_catalogue_address, "catalogue:8080");
  absl::SetFlag(&FLAGS_catalogue_timeout_ms, 300);
  const auto settings = ReadDeskSettings();
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->claims.time, absl::Minutes(45));
  EXPECT_TRUE(settings->claims.IsSupervisor("county_approver"));
  EXPECT_FALSE(settings->claims.IsSupervisor("prefecture_officer"));
  EXPECT_EQ(settings->catalogue_address, "catalogue:8080");
  EXPECT_EQ(settings->catalogue_timeout, absl::Milliseconds(300));
}

TEST(DeskSettingsTest, NamesAllThatIsWrong) {
  absl::FlagSaver saver;
  absl::SetFlag(&FLAGS_claim_minutes, 0);
  absl::SetFlag(&FLAGS_claim_supervisor_roles, {"boss"});
  absl::SetFlag(&FLAGS_catalogue_timeout_ms, 9);
  const absl::Status status = ReadDeskSettings().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  for (const char* flag : {"claim_minutes", "claim_supervisor_roles", "catalogue_timeout_ms"}) {
    EXPECT_THAT(std::string(status.message()), HasSubstr(flag));
  }
}

}  // namespace
}  // namespace fuju::applications
