#include "dispatch/settings.h"

#include <cstdint>
#include <string>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

ABSL_DECLARE_FLAG(int64_t, offer_limit_s);
ABSL_DECLARE_FLAG(int64_t, manual_limit_s);
ABSL_DECLARE_FLAG(int32_t, max_candidates);
ABSL_DECLARE_FLAG(int64_t, watch_heartbeat_s);
ABSL_DECLARE_FLAG(std::string, data_dir);

namespace fuju::dispatch {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class SettingsTest : public ::testing::Test {
 protected:
  SettingsTest() { absl::SetFlag(&FLAGS_data_dir, "data"); }

  absl::FlagSaver saver_;
};

TEST_F(SettingsTest, HaveDefaults) {
  const auto settings = ReadSettings();
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->offer_limit, absl::Hours(24));
  EXPECT_EQ(settings->manual_limit, absl::Hours(120));
  EXPECT_EQ(settings->max_candidates, 10);
  EXPECT_EQ(settings->watch_heartbeat, absl::Seconds(15));
  EXPECT_EQ(settings->data_dir, "data");
}

TEST_F(SettingsTest, AreTakenFromTheFlags) {
  absl::SetFlag(&FLAGS_offer_limit_s, 2);
  absl::SetFlag(&FLAGS_manual_limit_s, 3);
  absl::SetFlag(&FLAGS_max_candidates, 4);
  absl::SetFlag(&FLAGS_watch_heartbeat_s, 5);
  const auto settings = ReadSettings();
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->offer_limit, absl::Seconds(2));
  EXPECT_EQ(settings->manual_limit, absl::Seconds(3));
  EXPECT_EQ(settings->max_candidates, 4);
  EXPECT_EQ(settings->watch_heartbeat, absl::Seconds(5));
}

TEST_F(SettingsTest, AreRefusedWithAllComplaintsAtOnce) {
  absl::SetFlag(&FLAGS_offer_limit_s, 0);
  absl::SetFlag(&FLAGS_manual_limit_s, -1);
  absl::SetFlag(&FLAGS_max_candidates, 101);
  absl::SetFlag(&FLAGS_watch_heartbeat_s, 4000);
  absl::SetFlag(&FLAGS_data_dir, "");
  const auto settings = ReadSettings();
  EXPECT_EQ(settings.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(settings.status().message()),
              AllOf(HasSubstr("--offer_limit_s"), HasSubstr("--manual_limit_s"),
                    HasSubstr("--max_candidates"), HasSubstr("--watch_heartbeat_s"),
                    HasSubstr("--data_dir")));
}

}  // namespace
}  // namespace fuju::dispatch
