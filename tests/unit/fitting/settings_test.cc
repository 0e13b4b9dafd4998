#include "fitting/settings.h"

#include <cstdint>
#include <string>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

ABSL_DECLARE_FLAG(int32_t, slot_grid_minutes);
ABSL_DECLARE_FLAG(int32_t, visit_minutes);
ABSL_DECLARE_FLAG(int64_t, booking_limit_s);
ABSL_DECLARE_FLAG(int32_t, booking_horizon_days);
ABSL_DECLARE_FLAG(int32_t, find_range_days);
ABSL_DECLARE_FLAG(int32_t, no_show_limit);
ABSL_DECLARE_FLAG(int64_t, early_report_s);
ABSL_DECLARE_FLAG(int64_t, serial_claim_s);
ABSL_DECLARE_FLAG(std::string, data_dir);

namespace fuju::fitting {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class SettingsTest : public ::testing::Test {
 protected:
  SettingsTest() { absl::SetFlag(&FLAGS_data_dir, "data"); }

  absl::FlagSaver saver_;
};

TEST_F(SettingsTest, HaveTheDefaultsOfTheRules) {
  const auto settings = ReadSettings();
  ASSERT_TRUE(settings.ok()) << settings.status();
  const Settings plain;
  EXPECT_EQ(settings->rules.grid.step, plain.rules.grid.step);
  EXPECT_EQ(settings->rules.grid.visit, plain.rules.grid.visit);
  EXPECT_EQ(settings->rules.booking_limit, plain.rules.booking_limit);
  EXPECT_EQ(settings->rules.booking_horizon, plain.rules.booking_horizon);
  EXPECT_EQ(settings->rules.no_show_limit, plain.rules.no_show_limit);
  EXPECT_EQ(settings->rules.early_report, plain.rules.early_report);
  EXPECT_EQ(settings->find_range, plain.find_range);
  EXPECT_EQ(settings->serial_claim, plain.serial_claim);
}

TEST_F(SettingsTest, TakeEachFlag) {
  absl::SetFlag(&FLAGS_slot_grid_minutes, 60);
  absl::SetFlag(&FLAGS_visit_minutes, 45);
  absl::SetFlag(&FLAGS_booking_limit_s, 1);
  absl::SetFlag(&FLAGS_booking_horizon_days, 7);
  absl::SetFlag(&FLAGS_find_range_days, 3);
  absl::SetFlag(&FLAGS_no_show_limit, 5);
  absl::SetFlag(&FLAGS_early_report_s, 600);
  absl::SetFlag(&FLAGS_serial_claim_s, 120);
  const auto settings = ReadSettings();
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->rules.grid.step, absl::Minutes(60));
  EXPECT_EQ(settings->rules.grid.visit, absl::Minutes(45));
  EXPECT_EQ(settings->rules.booking_limit, absl::Seconds(1));
  EXPECT_EQ(settings->rules.booking_horizon, absl::Hours(7 * 24));
  EXPECT_EQ(settings->find_range, absl::Hours(3 * 24));
  EXPECT_EQ(settings->rules.no_show_limit, 5);
  EXPECT_EQ(settings->rules.early_report, absl::Minutes(10));
  EXPECT_EQ(settings->serial_claim, absl::Minutes(2));
  EXPECT_EQ(settings->data_dir, "data");
}

TEST_F(SettingsTest, AreRefusedWithAllComplaints) {
  absl::SetFlag(&FLAGS_slot_grid_minutes, 20);
  absl::SetFlag(&FLAGS_visit_minutes, 0);
  absl::SetFlag(&FLAGS_booking_limit_s, 0);
  absl::SetFlag(&FLAGS_booking_horizon_days, 0);
  absl::SetFlag(&FLAGS_find_range_days, 367);
  absl::SetFlag(&FLAGS_no_show_limit, 0);
  absl::SetFlag(&FLAGS_early_report_s, -1);
  absl::SetFlag(&FLAGS_serial_claim_s, 59);
  absl::SetFlag(&FLAGS_data_dir, "");
  const absl::Status status = ReadSettings().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(
      std::string(status.message()),
      AllOf(HasSubstr("multiples of 15"), HasSubstr("--visit_minutes"),
            HasSubstr("--booking_limit_s"), HasSubstr("--booking_horizon_days"),
            HasSubstr("--find_range_days"), HasSubstr("--no_show_limit"),
            HasSubstr("--early_report_s"), HasSubstr("--serial_claim_s"), HasSubstr("--data_dir")));
}

}  // namespace
}  // namespace fuju::fitting
