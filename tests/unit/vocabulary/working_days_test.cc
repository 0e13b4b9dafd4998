#include "vocabulary/working_days.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/vocabulary/shipped_file.h"
#include "vocabulary/civil_date.h"

namespace fuju::vocabulary {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::CivilDay Day(absl::string_view text) { return *ParseCivilDate(text); }

WorkingDayCalendar Shipped() {
  return *WorkingDayCalendar::Parse(ShippedFile("workdays_2025_2026.csv"));
}

TEST(WorkingDaysTest, CountsWithTheStateCouncilsCalendar) {
  const WorkingDayCalendar calendar = Shipped();
  const struct {
    std::string start;
    int n;
    std::string last_day;
  } kCases[] = {
      {"2026-02-13", 5, "2026-02-27"},
      {"2026-09-28", 3, "2026-10-08"},
      {"2026-04-30", 10, "2026-05-18"},
      {"2025-12-31", 1, "2026-01-04"},
      {"2026-06-18", 5, "2026-06-26"},
      {"2026-10-08", 2, "2026-10-10"},
      {"2026-02-14", 1, "2026-02-24"},
      // From a day that is none itself, and no days at all.
      {"2026-10-03", 1, "2026-10-08"},
      {"2026-10-03", 0, "2026-10-03"},
  };
  for (const auto& c : kCases) {
    const auto last_day = calendar.AddWorkingDays(Day(c.start), c.n);
    ASSERT_TRUE(last_day.ok()) << last_day.status();
    EXPECT_EQ(FormatCivilDate(*last_day), c.last_day) << c.start << " + " << c.n;
    if (c.n > 0) {
      EXPECT_EQ(*calendar.CountWorkingDays(Day(c.start), *last_day), c.n);
      EXPECT_EQ(*calendar.CountWorkingDays(Day(c.start), *last_day - 1), c.n - 1);
    }
  }
}

TEST(WorkingDaysTest, KnowsEachKindOfDay) {
  const WorkingDayCalendar calendar = Shipped();
  EXPECT_TRUE(*calendar.IsWorkingDay(Day("2026-10-08")));   // Thursday
  EXPECT_FALSE(*calendar.IsWorkingDay(Day("2026-10-07")));  // holiday on a Wednesday
  EXPECT_TRUE(*calendar.IsWorkingDay(Day("2026-10-10")));   // working Saturday
  EXPECT_TRUE(*calendar.IsWorkingDay(Day("2026-01-04")));   // working Sunday
  EXPECT_FALSE(*calendar.IsWorkingDay(Day("2026-10-11")));  // Sunday
}

TEST(WorkingDaysTest, FailsForAYearThatIsNotLoaded) {
  const WorkingDayCalendar calendar = Shipped();
  EXPECT_THAT(calendar.covered_years(), ElementsAre(2025, 2026));
  EXPECT_TRUE(calendar.CoversYear(2026));
  EXPECT_FALSE(calendar.CoversYear(2027));
  EXPECT_TRUE(calendar.AddWorkingDays(Day("2026-12-30"), 1).ok());

  for (const absl::Status& status :
       {calendar.AddWorkingDays(Day("2026-12-31"), 1).status(),
        calendar.AddWorkingDays(Day("2026-12-01"), 30).status(),
        calendar.IsWorkingDay(Day("2027-01-04")).status(),
        calendar.CountWorkingDays(Day("2026-12-31"), Day("2027-01-04")).status(),
        calendar.DeadlineOf(StartOfDay(Day("2026-12-31")), 3).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr("缺少2027年工作日历（已有：2025, 2026）"));
    EXPECT_THAT(std::string(status.message()), HasSubstr("calendar of 2027 is not loaded"));
    EXPECT_THAT(std::string(status.message()), HasSubstr("workdays_2027.csv"));
  }
  EXPECT_THAT(std::string(calendar.IsWorkingDay(Day("2024-12-31")).status().message()),
              HasSubstr("2024"));
}

TEST(WorkingDaysTest, TakesAFurtherYear) {
  WorkingDayCalendar calendar = Shipped();
  // No announcement: days made up for this test.
  ASSERT_TRUE(calendar.Add("date,kind\n2027-01-01,weekday_off\n2027-10-01,weekday_off\n").ok());
  EXPECT_THAT(calendar.covered_years(), ElementsAre(2025, 2026, 2027));
  EXPECT_EQ(*calendar.AddWorkingDays(Day("2026-12-31"), 1), Day("2027-01-04"));
  EXPECT_TRUE(calendar.Add("date,kind\n2027-01-01,weekday_off\n").ok());
}

TEST(WorkingDaysTest, EndsBeforeTheFirstYearThatIsMissing) {
  WorkingDayCalendar calendar = Shipped();
  EXPECT_EQ(calendar.last_day(), Day("2026-12-31"));
  ASSERT_TRUE(calendar.Add("date,kind\n2028-10-02,weekday_off\n").ok());
  EXPECT_EQ(calendar.last_day(), Day("2026-12-31"));
  ASSERT_TRUE(calendar.Add("date,kind\n2027-10-01,weekday_off\n").ok());
  EXPECT_EQ(calendar.last_day(), Day("2028-12-31"));
}

TEST(WorkingDaysTest, AFewDaysDoNotCoverAYear) {
  // The notice for 2027 may take a day of December 2026 with it.
  const auto calendar =
      WorkingDayCalendar::Parse("date,kind\n2026-12-31,weekday_off\n2027-10-01,weekday_off\n");
  ASSERT_TRUE(calendar.ok());
  EXPECT_THAT(calendar->covered_years(), ElementsAre(2027));
}

TEST(WorkingDaysTest, DeadlineEndsWithItsLastDayInShanghai) {
  const WorkingDayCalendar calendar = Shipped();
  // 23:30 on 28 September in Shanghai; in UTC it is still the afternoon.
  const absl::Time start = StartOfDay(Day("2026-09-28")) + absl::Hours(23.5);
  const auto deadline = calendar.DeadlineOf(start, 3);
  ASSERT_TRUE(deadline.ok());
  EXPECT_EQ(deadline->last_day, Day("2026-10-08"));
  EXPECT_EQ(absl::FormatTime(absl::RFC3339_full, deadline->at, absl::UTCTimeZone()),
            "2026-10-08T16:00:00+00:00");
  EXPECT_EQ(deadline->SentenceZh(), "3个工作日内，即2026年10月8日前");
  EXPECT_EQ(deadline->SentenceEn(), "within 3 working days, that is by the end of 8 October 2026");
  EXPECT_EQ(calendar.DeadlineOf(start, 1)->SentenceEn(),
            "within 1 working day, that is by the end of 29 September 2026");
  // Half an hour later it is the 29th there, and the limit ends a working day later.
  EXPECT_EQ(calendar.DeadlineOf(start + absl::Minutes(30), 3)->last_day, Day("2026-10-09"));
}

TEST(WorkingDaysTest, RefusesANegativeNumber) {
  EXPECT_EQ(Shipped().AddWorkingDays(Day("2026-10-08"), -1).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(WorkingDaysTest, CountsNothingBackwards) {
  EXPECT_EQ(*Shipped().CountWorkingDays(Day("2026-10-08"), Day("2026-10-08")), 0);
  EXPECT_EQ(*Shipped().CountWorkingDays(Day("2026-10-10"), Day("2026-10-08")), 0);
}

TEST(WorkingDaysTest, RefusesBadTablesByRowAndColumnAndChangesNothing) {
  const struct {
    std::string rows;
    std::string reason;
  } kCases[] = {
      {"2027-13-01,weekday_off\n", "第2行第1列（date）"},
      {"2027-10-01,holiday\n", "第2行第2列（kind）"},
      {"2027-10-02,weekday_off\n", "第2行第2列（kind）"},
      {"2027-10-01,makeup_workday\n", "第2行第2列（kind）"},
      {"2027-10-01,weekday_off\n2027-10-01,weekday_off\n", "第3行第1列（date）：日期重复"},
  };
  WorkingDayCalendar calendar = Shipped();
  for (const auto& c : kCases) {
    const absl::Status status = calendar.Add("date,kind\n" + c.rows);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.rows;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.reason));
    EXPECT_FALSE(calendar.CoversYear(2027));
  }
  EXPECT_FALSE(WorkingDayCalendar::Parse("date\n").ok());
}

// The notice of the State Council for 2026, as ranges: what the shipped table must come to.
TEST(WorkingDaysTest, ShippedTableIsTheNoticeOf2026) {
  const WorkingDayCalendar calendar = Shipped();
  const struct {
    std::string first;
    std::string last;
  } kOff[] = {{"2026-01-01", "2026-01-03"}, {"2026-02-15", "2026-02-23"},
              {"2026-04-04", "2026-04-06"}, {"2026-05-01", "2026-05-05"},
              {"2026-06-19", "2026-06-21"}, {"2026-09-25", "2026-09-27"},
              {"2026-10-01", "2026-10-07"}};
  const std::string kWork[] = {"2026-01-04", "2026-02-14", "2026-02-28",
                               "2026-05-09", "2026-09-20", "2026-10-10"};
  for (absl::CivilDay day(2026, 1, 1); day.year() == 2026; ++day) {
    bool off = absl::GetWeekday(day) == absl::Weekday::saturday ||
               absl::GetWeekday(day) == absl::Weekday::sunday;
    for (const auto& range : kOff) off = off || (day >= Day(range.first) && day <= Day(range.last));
    for (const std::string& work : kWork) off = off && day != Day(work);
    EXPECT_EQ(*calendar.IsWorkingDay(day), !off) << FormatCivilDate(day);
  }
}

}  // namespace
}  // namespace fuju::vocabulary
