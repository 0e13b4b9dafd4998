#include "applications/limits.h"

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::Calendar;
using testing::Start;

TEST(LimitTest, ReadsWorkingDaysAndTimes) {
  EXPECT_EQ(*Limit::Parse("3wd"), Limit::WorkingDays(3));
  EXPECT_EQ(*Limit::Parse("999wd"), Limit::WorkingDays(999));
  EXPECT_EQ(*Limit::Parse("20s"), Limit::Time(absl::Seconds(20)));
  EXPECT_EQ(*Limit::Parse("36h"), Limit::Time(absl::Hours(36)));
  EXPECT_EQ(*Limit::Parse("1h30m"), Limit::Time(absl::Minutes(90)));
  EXPECT_EQ(Limit::Parse("3wd")->ToString(), "3wd");
  EXPECT_EQ(Limit::Parse("36h")->ToString(), "36h");
}

TEST(LimitTest, RefusesEverythingElse) {
  for (const char* text : {"", "3", "wd", "0wd", "-1wd", "1000wd", "1.5wd", "3 days", "0s", "-5s",
                           "50ms", "90000h", "inf", "3wd ", "3WD"}) {
    EXPECT_EQ(Limit::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

// The start day does not count; a public holiday is no working day, a working Sunday is one
// (domain.md 1.3, clock rules; National Day 2026).
TEST(DeadlineOfTest, CountsWorkingDaysOfTheOfficialCalendar) {
  const absl::Time wednesday = absl::FromUnixSeconds(1'790'733'600);  // 2026-09-30 10:00
  const absl::StatusOr<Deadline> deadline =
      DeadlineOf(Limit::WorkingDays(1), wednesday, Calendar());
  ASSERT_TRUE(deadline.ok()) << deadline.status();
  EXPECT_EQ(deadline->text.zh, "1个工作日内，即2026年10月8日前");
  EXPECT_EQ(deadline->text.en, "within 1 working day, that is by the end of 8 October 2026");
  EXPECT_EQ(absl::ToUnixSeconds(deadline->at), 1'791'475'200);  // 2026-10-09 00:00
}

TEST(DeadlineOfTest, PlainTimeEndsAtAMoment) {
  const absl::StatusOr<Deadline> deadline =
      DeadlineOf(Limit::Time(absl::Hours(6)), Start() + absl::Microseconds(1500), Calendar());
  ASSERT_TRUE(deadline.ok());
  EXPECT_EQ(deadline->at, Start() + absl::Hours(6) + absl::Milliseconds(1));
  EXPECT_EQ(deadline->text.zh, "2026年1月5日15:00前");
  EXPECT_EQ(deadline->text.en, "by 15:00 on 5 January 2026");
}

// Domain invariant 7: a missing year is an error, never a guess.
TEST(DeadlineOfTest, RefusesAYearWithoutCalendar) {
  const absl::Time december = absl::FromUnixSeconds(1'798'700'000);  // 2026-12-31
  const absl::StatusOr<Deadline> deadline = DeadlineOf(Limit::WorkingDays(3), december, Calendar());
  EXPECT_EQ(deadline.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(deadline.status()), "CALENDAR_MISSING");
}

TEST(LeftOfTest, CountsTheWorkingDaysAfterToday) {
  const Limit limit = Limit::WorkingDays(3);
  const absl::Time due = DeadlineOf(limit, Start(), Calendar())->at;  // Monday -> Thursday
  EXPECT_EQ(*LeftOf(limit, due, Start(), Calendar()), Limit::WorkingDays(3));
  EXPECT_EQ(*LeftOf(limit, due, Start() + absl::Hours(24), Calendar()), Limit::WorkingDays(2));
  // On the last day, and after it, at least one day is left to look at what was supplemented.
  EXPECT_EQ(*LeftOf(limit, due, Start() + absl::Hours(72), Calendar()), Limit::WorkingDays(1));
  EXPECT_EQ(*LeftOf(limit, due, Start() + absl::Hours(240), Calendar()), Limit::WorkingDays(1));
}

TEST(LeftOfTest, KeepsTheTimeThatWasLeft) {
  const Limit limit = Limit::Time(absl::Seconds(20));
  const absl::Time due = Start() + absl::Seconds(20);
  EXPECT_EQ(*LeftOf(limit, due, Start() + absl::Seconds(5), Calendar()),
            Limit::Time(absl::Seconds(15)));
  EXPECT_EQ(*LeftOf(limit, due, Start() + absl::Seconds(60), Calendar()),
            Limit::Time(absl::Seconds(2)));
}

}  // namespace
}  // namespace fuju::applications
