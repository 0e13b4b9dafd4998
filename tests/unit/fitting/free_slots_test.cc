// FreeSlots against the plainest search there is, on random calendars.

#include <algorithm>
#include <random>
#include <vector>

#include "absl/time/civil_time.h"
#include <gtest/gtest.h>

#include "fitting/calendar.h"
#include "unit/fitting/samples.h"

namespace fuju::fitting {
namespace {

using testing::Hours;
using testing::kNow;
using testing::SampleTechnician;

// Cells of the search: everything in these calendars is a multiple of it.
constexpr absl::Duration kTick = absl::Minutes(5);

struct Case {
  v1::Technician technician;
  std::vector<Interval> busy;
  Interval within;
  SlotGrid grid;
};

class Random {
 public:
  explicit Random(uint32_t seed) : bits_(seed) {}
  int Between(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(bits_);
  }

 private:
  std::mt19937 bits_;
};

Case RandomCase(Random& random) {
  Case made;
  made.grid = {.step = absl::Minutes(15 * random.Between(1, 8)),
               .visit = absl::Minutes(15 * random.Between(1, 12))};
  for (int line = random.Between(0, 20); line > 0; --line) {
    const int start = 5 * random.Between(0, 280);
    v1::Technician& technician = made.technician;
    *technician.add_working_hours() =
        Hours(random.Between(1, 7), start, std::min(1440, start + 5 * random.Between(1, 150)));
    if (!CheckWorkingHours(technician, "t").ok()) {
      technician.mutable_working_hours()->RemoveLast();
    }
  }
  made.within.start = kNow + kTick * random.Between(0, 2000);
  made.within.end = made.within.start + kTick * random.Between(1, 2000);
  for (int visit = random.Between(0, 10); visit > 0; --visit) {
    const absl::Time start = made.within.start + kTick * random.Between(-40, 2000);
    made.busy.push_back({start, start + kTick * random.Between(1, 40)});
  }
  return made;
}

// The rule of a slot in civil time, without any arithmetic of the calendar's.
bool IsFree(const Case& made, absl::Time start) {
  const absl::Time end = start + made.grid.visit;
  if (start < made.within.start || end > made.within.end) return false;
  for (const Interval& visit : made.busy) {
    if (visit.start < end && start < visit.end) return false;
  }
  const absl::CivilMinute civil = absl::ToCivilMinute(start, absl::FixedTimeZone(8 * 60 * 60));
  const int minute = civil.hour() * 60 + civil.minute();
  if (minute % absl::ToInt64Minutes(made.grid.step) != 0) return false;
  const int weekday = static_cast<int>(absl::GetWeekday(civil)) + 1;
  for (const v1::WorkingHours& hours : made.technician.working_hours()) {
    if (hours.weekday() == weekday && hours.start_minute() <= minute &&
        minute + absl::ToInt64Minutes(made.grid.visit) <= hours.end_minute()) {
      return true;
    }
  }
  return false;
}

TEST(FreeSlotsTest, AreThoseOfASearchThroughAllTimes) {
  size_t found = 0;
  for (uint32_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const Case made = RandomCase(random);
    std::vector<Interval> expected;
    for (absl::Time start = made.within.start; start < made.within.end; start += kTick) {
      if (IsFree(made, start)) expected.push_back({start, start + made.grid.visit});
    }
    const std::vector<Interval> slots =
        FreeSlots(made.technician, made.busy, made.within, made.grid, 10000);
    ASSERT_EQ(slots, expected);
    found += slots.size();
    // What is found can be booked, and a limit keeps the earliest.
    for (const Interval& slot : slots) {
      EXPECT_TRUE(CheckSlot(made.technician, slot.start, slot.start - kTick, made.grid).ok());
    }
    const int limit = random.Between(1, 20);
    expected.resize(std::min(expected.size(), static_cast<size_t>(limit)));
    EXPECT_EQ(FreeSlots(made.technician, made.busy, made.within, made.grid, limit), expected);
  }
  EXPECT_GT(found, 3000u) << "the calendars are too full to say anything";
}

TEST(FreeSlotsTest, AreNoneWithoutHoursOrTime) {
  const Interval day{kNow, kNow + absl::Hours(24)};
  EXPECT_TRUE(FreeSlots(v1::Technician(), {}, day, {}, 10).empty());
  EXPECT_TRUE(FreeSlots(SampleTechnician(), {day}, day, {}, 10).empty());
  EXPECT_TRUE(FreeSlots(SampleTechnician(), {}, {day.end, day.start}, {}, 10).empty());
}

// The answer is by time also when the lines of hours are not.
TEST(FreeSlotsTest, AreEarliestFirst) {
  v1::Technician technician;
  *technician.add_working_hours() = Hours(2, 14 * 60, 18 * 60);
  *technician.add_working_hours() = Hours(2, 8 * 60, 12 * 60);
  const std::vector<Interval> slots =
      FreeSlots(technician, {}, {kNow, kNow + absl::Hours(48)}, {}, 3);
  ASSERT_EQ(slots.size(), 3u);
  EXPECT_EQ(slots[0].start, kNow + absl::Hours(23));
  EXPECT_TRUE(std::is_sorted(slots.begin(), slots.end()));
}

}  // namespace
}  // namespace fuju::fitting
