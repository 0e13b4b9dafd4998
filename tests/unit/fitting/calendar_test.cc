#include "fitting/calendar.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "support/violations.h"
#include "unit/fitting/samples.h"

namespace fuju::fitting {
namespace {

using test_support::PathsOf;
using test_support::ViolationsOf;
using testing::Hours;
using testing::kNow;
using testing::kVisit;
using testing::SampleTechnician;

const SlotGrid kGrid;
const absl::Time kMonday = kNow - absl::Hours(9);  // 00:00

// A time of the week after kNow's Monday; day 1 is that Monday.
absl::Time At(int day, int hour, int minute = 0) {
  return kMonday + absl::Hours(24 * (day - 1) + hour) + absl::Minutes(minute);
}

std::set<std::string> CellSet(absl::Time start, absl::Duration length,
                              const std::string& technician = "V/T1") {
  const auto cells = CellsOf(technician, {start, start + length});
  return {cells.begin(), cells.end()};
}

bool Fits(const v1::Technician& technician, absl::Time start, const SlotGrid& grid = kGrid) {
  const absl::Status status = CheckSlot(technician, start, kNow, grid);
  if (!status.ok()) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(chassis::ReasonOf(status), "SLOT_OUTSIDE_HOURS");
  }
  return status.ok();
}

bool Share(const std::set<std::string>& a, const std::set<std::string>& b) {
  for (const std::string& cell : a) {
    if (b.contains(cell)) return true;
  }
  return false;
}

TEST(CalendarTest, AVisitTouchesItsCellsAndNoOthers) {
  EXPECT_EQ(
      CellsOf("V/T1", {kVisit, kVisit + absl::Minutes(30)}),
      (std::vector<std::string>{absl::StrCat("cell:V/T1:", absl::ToUnixSeconds(kVisit)),
                                absl::StrCat("cell:V/T1:", absl::ToUnixSeconds(kVisit) + 900)}));
  EXPECT_EQ(CellSet(kVisit, absl::Hours(2)).size(), 8u);
  // A part of a cell counts as the cell.
  EXPECT_EQ(CellSet(kVisit + absl::Minutes(1), absl::Minutes(15)).size(), 2u);
  EXPECT_EQ(CellSet(kVisit, absl::Minutes(16)).size(), 2u);
  EXPECT_EQ(CellSet(kVisit, absl::Seconds(1)).size(), 1u);
}

TEST(CalendarTest, VisitsShareACellExactlyWhenTheyOverlap) {
  for (int shift = -180; shift <= 180; shift += 15) {
    const bool overlap = shift > -120 && shift < 120;
    EXPECT_EQ(Share(CellSet(kVisit, absl::Hours(2)),
                    CellSet(kVisit + absl::Minutes(shift), absl::Hours(2))),
              overlap)
        << shift;
  }
  EXPECT_FALSE(
      Share(CellSet(kVisit, absl::Hours(2), "V/T1"), CellSet(kVisit, absl::Hours(2), "V/T2")));
}

TEST(CalendarTest, VisitsStartOnTheGrid) {
  EXPECT_TRUE(Fits(SampleTechnician(), At(2, 10)));
  EXPECT_TRUE(Fits(SampleTechnician(), At(2, 10, 30)));
  for (const absl::Duration off : {absl::Minutes(15), absl::Minutes(1), absl::Seconds(1),
                                   absl::Milliseconds(1), absl::Nanoseconds(1)}) {
    EXPECT_FALSE(Fits(SampleTechnician(), At(2, 10) + off)) << off;
    EXPECT_FALSE(Fits(SampleTechnician(), At(2, 10) - off)) << off;
  }
  // The grid starts anew every midnight: 105 minutes do not divide a day.
  const SlotGrid coarse{.step = absl::Minutes(105), .visit = absl::Minutes(60)};
  EXPECT_TRUE(Fits(SampleTechnician(), At(2, 10, 30), coarse));
  EXPECT_TRUE(Fits(SampleTechnician(), At(3, 10, 30), coarse));
  EXPECT_FALSE(Fits(SampleTechnician(), At(3, 10), coarse));
}

TEST(CalendarTest, VisitsLieWhollyWithinOneLineOfHours) {
  const v1::Technician nine_to_six = SampleTechnician();
  EXPECT_TRUE(Fits(nine_to_six, At(2, 9)));
  EXPECT_FALSE(Fits(nine_to_six, At(2, 8, 30)));
  EXPECT_TRUE(Fits(nine_to_six, At(2, 16)));
  EXPECT_FALSE(Fits(nine_to_six, At(2, 16, 30)));

  v1::Technician with_break;
  *with_break.add_working_hours() = Hours(2, 9 * 60, 12 * 60);
  *with_break.add_working_hours() = Hours(2, 13 * 60, 18 * 60);
  EXPECT_TRUE(Fits(with_break, At(2, 10)));
  EXPECT_FALSE(Fits(with_break, At(2, 10, 30)));
  EXPECT_FALSE(Fits(with_break, At(2, 12, 30)));
  EXPECT_TRUE(Fits(with_break, At(2, 13)));
}

TEST(CalendarTest, HoursAreThoseOfTheWeekdayInGansu) {
  for (int weekday = 1; weekday <= 7; ++weekday) {
    v1::Technician technician;
    *technician.add_working_hours() = Hours(weekday, 0, 24 * 60);
    for (int day = 2; day <= 15; ++day) {
      const bool works = (day - 1) % 7 + 1 == weekday;
      // Both ends of the civil day; in UTC they are of two days.
      EXPECT_EQ(Fits(technician, At(day, 0)), works) << weekday << " " << day;
      EXPECT_EQ(Fits(technician, At(day, 22)), works) << weekday << " " << day;
      EXPECT_FALSE(Fits(technician, At(day, 22, 30))) << "into the next day";
    }
  }
}

TEST(CalendarTest, VisitsLieInTheFuture) {
  v1::Technician always;
  for (int weekday = 1; weekday <= 7; ++weekday) {
    *always.add_working_hours() = Hours(weekday, 0, 24 * 60);
  }
  EXPECT_FALSE(Fits(always, kNow - absl::Minutes(30)));
  EXPECT_FALSE(Fits(always, kNow));
  EXPECT_TRUE(Fits(always, kNow + absl::Minutes(30)));
}

TEST(CalendarTest, ServesByPrefixOfTheDivision) {
  v1::Technician technician;
  EXPECT_TRUE(Serves(technician, "122203"));
  technician.add_device_classes("2203");
  EXPECT_FALSE(Serves(technician, "122203"));
  technician.add_device_classes("12");
  EXPECT_TRUE(Serves(technician, "122203"));
  EXPECT_TRUE(Serves(technician, "220306"));
  EXPECT_FALSE(Serves(technician, "221203"));
}

TEST(CalendarTest, WorkingHoursMayTouchAndMayBeEqualOnOtherDays) {
  v1::Technician technician;
  *technician.add_working_hours() = Hours(1, 0, 12 * 60);
  *technician.add_working_hours() = Hours(1, 12 * 60, 24 * 60);
  *technician.add_working_hours() = Hours(2, 0, 12 * 60);
  *technician.add_working_hours() = Hours(7, 0, 15);
  EXPECT_TRUE(CheckWorkingHours(technician, "technician").ok());
}

TEST(CalendarTest, EveryBadLineOfHoursIsNamedAtOnce) {
  v1::Technician technician;
  *technician.add_working_hours() = Hours(1, 540, 720);
  *technician.add_working_hours() = Hours(1, 719, 800);  // overlaps 0
  *technician.add_working_hours() = Hours(2, 600, 600);  // empty
  *technician.add_working_hours() = Hours(3, 600, 500);  // ends before it starts
  *technician.add_working_hours() = Hours(4, 600, 614);  // shorter than a cell
  *technician.add_working_hours() = Hours(1, 0, 1440);   // overlaps 0 and 1
  const absl::Status status = CheckWorkingHours(technician, "technician");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(status), "FIELD_INVALID");
  EXPECT_EQ(PathsOf(status),
            "technician.working_hours[1] technician.working_hours[2].end_minute "
            "technician.working_hours[3].end_minute technician.working_hours[4].end_minute "
            "technician.working_hours[5]");
  const std::string both = ViolationsOf(status)["technician.working_hours[5]"];
  EXPECT_NE(both.find("working_hours[0]"), std::string::npos) << both;
  EXPECT_NE(both.find("working_hours[1]"), std::string::npos) << both;
}

}  // namespace
}  // namespace fuju::fitting
