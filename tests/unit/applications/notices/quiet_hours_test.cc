#include "applications/notices/quiet_hours.h"

#include <string>

#include <gtest/gtest.h>

#include "vocabulary/civil_date.h"

namespace fuju::applications {
namespace {

absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(
      absl::ParseTime("%Y-%m-%d %H:%M:%E*S", text, vocabulary::ShanghaiTimeZone(), &time, &error))
      << text << " " << error;
  return time;
}

TEST(QuietHoursTest, TheNextLoudMoment) {
  struct Case {
    const char* quiet;
    const char* time;
    const char* loud;
  };
  const Case cases[] = {
      // Past midnight.
      {"21:00-08:00", "2026-01-05 20:59:59.999", "2026-01-05 20:59:59.999"},
      {"21:00-08:00", "2026-01-05 21:00:00", "2026-01-06 08:00:00"},
      {"21:00-08:00", "2026-01-05 23:59:59.999", "2026-01-06 08:00:00"},
      {"21:00-08:00", "2026-01-06 00:00:00", "2026-01-06 08:00:00"},
      {"21:00-08:00", "2026-01-06 07:59:59.999", "2026-01-06 08:00:00"},
      {"21:00-08:00", "2026-01-06 08:00:00", "2026-01-06 08:00:00"},
      {"21:00-08:00", "2026-12-31 22:00:00", "2027-01-01 08:00:00"},
      // Within a day.
      {"12:30-14:00", "2026-01-05 12:29:00", "2026-01-05 12:29:00"},
      {"12:30-14:00", "2026-01-05 12:30:00", "2026-01-05 14:00:00"},
      {"12:30-14:00", "2026-01-05 14:00:00", "2026-01-05 14:00:00"},
      // Up to midnight.
      {"22:00-00:00", "2026-01-05 23:00:00", "2026-01-06 00:00:00"},
      {"22:00-00:00", "2026-01-05 00:00:00", "2026-01-05 00:00:00"},
      {"", "2026-01-05 03:00:00", "2026-01-05 03:00:00"},
  };
  for (const Case& c : cases) {
    const auto quiet = QuietHours::Parse(c.quiet);
    ASSERT_TRUE(quiet.ok()) << quiet.status();
    EXPECT_EQ(quiet->NextLoud(At(c.time)), At(c.loud)) << c.quiet << " at " << c.time;
  }
}

// On these nights clocks are changed in Europe and America; not in Shanghai.
TEST(QuietHoursTest, NightsHaveElevenHoursAllYear) {
  const auto quiet = QuietHours::Parse("21:00-08:00");
  for (const char* evening : {"2026-03-07 21:00:00", "2026-03-28 21:00:00", "2026-04-11 21:00:00",
                              "2026-09-12 21:00:00", "2026-10-24 21:00:00"}) {
    EXPECT_EQ(quiet->NextLoud(At(evening)) - At(evening), absl::Hours(11)) << evening;
  }
}

TEST(QuietHoursTest, AnotherFormIsRefused) {
  for (const char* text : {"21-08", "21:00", "21:00-08:00-09:00", "24:00-08:00", "21:60-08:00",
                           "21:00-21:00", "9:00-10:00", "-", "21:00–08:00"}) {
    EXPECT_EQ(QuietHours::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace fuju::applications
