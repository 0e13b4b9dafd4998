#include "vocabulary/civil_date.h"

#include <string>

#include <gtest/gtest.h>

namespace fuju::vocabulary {
namespace {

absl::CivilDay Day(absl::string_view text) { return *ParseCivilDate(text); }

absl::Time Utc(absl::string_view text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return time;
}

TEST(CivilDateTest, ReadsWhatItWrites) {
  for (const std::string text :
       {"2026-10-08", "2024-02-29", "0001-01-01", "9999-12-31", "1905-06-15"}) {
    ASSERT_TRUE(ParseCivilDate(text).ok()) << text;
    EXPECT_EQ(FormatCivilDate(Day(text)), text);
  }
  EXPECT_EQ(FormatCivilDateZh(Day("2026-10-08")), "2026年10月8日");
  EXPECT_EQ(FormatCivilDateEn(Day("2026-10-08")), "8 October 2026");
}

TEST(CivilDateTest, RefusesOtherFormsAndDaysThatDoNotExist) {
  for (const std::string text :
       {"", "2026-1-08", "2026/10/08", "20261008", "2026-10-08 ", "2026-13-01", "2026-00-10",
        "2026-02-29", "1900-02-29", "2026-04-31", "0000-01-01", "+026-10-08", "2026-10-0８"}) {
    EXPECT_EQ(ParseCivilDate(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(CivilDateTest, ADayChangesAtMidnightInShanghai) {
  EXPECT_EQ(TodayInShanghai(Utc("2026-10-07T15:59:59.999Z")), Day("2026-10-07"));
  EXPECT_EQ(TodayInShanghai(Utc("2026-10-07T16:00:00Z")), Day("2026-10-08"));
  EXPECT_EQ(StartOfDay(Day("2026-10-08")), Utc("2026-10-07T16:00:00Z"));
  EXPECT_EQ(EndOfDay(Day("2026-12-31")), Utc("2026-12-31T16:00:00Z"));
  EXPECT_EQ(EndOfDay(Day("2026-10-07")), StartOfDay(Day("2026-10-08")));
}

// Interval vectors: allowed on the day, not on the day before, and rolled forward from 02-29.
TEST(CivilDateTest, IntervalsEndOnTheSameDayOrLater) {
  EXPECT_EQ(NextAllowedDate(Day("2024-05-10"), 3), Day("2027-05-10"));
  EXPECT_LT(Day("2027-05-09"), NextAllowedDate(Day("2024-05-10"), 3));
  EXPECT_EQ(NextAllowedDate(Day("2024-02-29"), 1), Day("2025-03-01"));
  EXPECT_EQ(NextAllowedDate(Day("2024-02-29"), 4), Day("2028-02-29"));
  EXPECT_EQ(AddMonths(Day("2024-05-10"), 12), Day("2025-05-10"));
  EXPECT_EQ(AddMonths(Day("2026-01-31"), 1), Day("2026-03-01"));
  EXPECT_EQ(AddMonths(Day("2026-08-31"), 1), Day("2026-10-01"));
  EXPECT_EQ(AddMonths(Day("2026-12-31"), 2), Day("2027-03-01"));
  EXPECT_EQ(AddMonths(Day("2026-03-15"), -3), Day("2025-12-15"));
  EXPECT_EQ(AddYears(Day("2026-03-15"), 0), Day("2026-03-15"));
}

TEST(CivilDateTest, AgeChangesOnTheBirthday) {
  const struct {
    std::string birth;
    std::string day;
    int age;
  } kCases[] = {
      {"2008-10-08", "2026-10-07", 17}, {"2008-10-08", "2026-10-08", 18},
      {"2012-10-08", "2026-10-07", 13}, {"2012-10-08", "2026-10-08", 14},
      {"2008-02-29", "2026-02-28", 17}, {"2008-02-29", "2026-03-01", 18},
      {"2008-02-29", "2028-02-29", 20}, {"2026-10-08", "2026-10-08", 0},
      {"2026-10-08", "2026-10-07", -1}, {"1900-01-01", "2026-10-08", 126},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(AgeOn(Day(c.birth), Day(c.day)), c.age) << c.birth << " on " << c.day;
  }
}

TEST(CivilDateTest, ChildrenAndUnder14AreThoseBeforeTheBirthday) {
  EXPECT_TRUE(IsChildOn(Day("2008-10-08"), Day("2026-10-07")));
  EXPECT_FALSE(IsChildOn(Day("2008-10-08"), Day("2026-10-08")));
  EXPECT_TRUE(IsUnder14On(Day("2012-10-08"), Day("2026-10-07")));
  EXPECT_FALSE(IsUnder14On(Day("2012-10-08"), Day("2026-10-08")));
}

// At 2026-10-07 16:00 UTC it is the 8th in Shanghai: the birthday is there already.
TEST(CivilDateTest, TheBirthdayIsThatOfShanghai) {
  const absl::CivilDay birth = Day("2008-10-08");
  EXPECT_TRUE(IsChildOn(birth, TodayInShanghai(Utc("2026-10-07T15:59:59Z"))));
  EXPECT_FALSE(IsChildOn(birth, TodayInShanghai(Utc("2026-10-07T16:00:00Z"))));
}

}  // namespace
}  // namespace fuju::vocabulary
