#include "fitting/calendar.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

#include "chassis/values/refusal.h"
#include "vocabulary/civil_date.h"

namespace fuju::fitting {
namespace {

// 1 (Monday) to 7 (Sunday).
int WeekdayNumber(absl::CivilDay day) {
  return static_cast<int>(absl::GetWeekday(day)) - static_cast<int>(absl::Weekday::monday) + 1;
}

Interval HoursOn(const v1::WorkingHours& hours, absl::CivilDay day) {
  const absl::Time midnight = vocabulary::StartOfDay(day);
  return {midnight + absl::Minutes(hours.start_minute()),
          midnight + absl::Minutes(hours.end_minute())};
}

bool OnGrid(absl::Time start, const SlotGrid& grid) {
  const absl::Time midnight = vocabulary::StartOfDay(vocabulary::TodayInShanghai(start));
  return (start - midnight) % grid.step == absl::ZeroDuration();
}

absl::Status OutsideHours(const std::string& text_zh, const std::string& text_en) {
  return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "SLOT_OUTSIDE_HOURS", text_zh,
                          text_en)
      .Build();
}

}  // namespace

std::vector<std::string> CellsOf(const std::string& technician_id, const Interval& visit) {
  std::vector<std::string> cells;
  const int64_t cell_s = absl::ToInt64Seconds(kCell);
  const int64_t first = absl::ToUnixSeconds(visit.start) / cell_s;
  const int64_t end = (absl::ToUnixSeconds(visit.end) + cell_s - 1) / cell_s;
  for (int64_t cell = first; cell < end; ++cell) {
    cells.push_back(absl::StrCat("cell:", technician_id, ":", cell * cell_s));
  }
  return cells;
}

absl::Status CheckWorkingHours(const v1::Technician& technician, const std::string& path) {
  chassis::Refusal refusal = chassis::InvalidFields();
  for (int i = 0; i < technician.working_hours_size(); ++i) {
    const v1::WorkingHours& hours = technician.working_hours(i);
    const std::string field = absl::StrCat(path, ".working_hours[", i, "]");
    if (hours.end_minute() <= hours.start_minute()) {
      refusal.Field(absl::StrCat(field, ".end_minute"), "结束时间须晚于开始时间",
                    "must be later than start_minute");
      continue;
    }
    if (hours.end_minute() - hours.start_minute() < absl::ToInt64Minutes(kCell)) {
      refusal.Field(absl::StrCat(field, ".end_minute"), "一段工作时间至少15分钟",
                    "working hours are at least 15 minutes long");
    }
    for (int j = 0; j < i; ++j) {
      const v1::WorkingHours& other = technician.working_hours(j);
      if (other.weekday() == hours.weekday() && other.start_minute() < hours.end_minute() &&
          hours.start_minute() < other.end_minute()) {
        refusal.Field(field, absl::StrCat("与第", j + 1, "段工作时间重叠，请合并或错开"),
                      absl::StrCat("overlaps working_hours[", j, "]: join or separate them"));
      }
    }
  }
  return refusal.has_fields() ? refusal.Build() : absl::OkStatus();
}

absl::Status CheckSlot(const v1::Technician& technician, absl::Time start, absl::Time now,
                       const SlotGrid& grid) {
  if (start <= now) {
    return OutsideHours("预约时间已过，请选择以后的时间",
                        "the time has passed: choose a later slot");
  }
  if (!OnGrid(start, grid)) {
    const int64_t step = absl::ToInt64Minutes(grid.step);
    return OutsideHours(absl::StrCat("预约须从整", step, "分钟开始，请用 FindSlots 查询"),
                        absl::StrCat("slots start every ", step, " minutes: ask FindSlots"));
  }
  const absl::CivilDay day = vocabulary::TodayInShanghai(start);
  const int weekday = WeekdayNumber(day);
  for (const v1::WorkingHours& hours : technician.working_hours()) {
    if (hours.weekday() != weekday) continue;
    const Interval open = HoursOn(hours, day);
    if (open.start <= start && start + grid.visit <= open.end) return absl::OkStatus();
  }
  return OutsideHours("不在该技师的工作时间内，请用 FindSlots 查询",
                      "outside the technician's working hours: ask FindSlots");
}

std::vector<Interval> FreeSlots(const v1::Technician& technician, const std::vector<Interval>& busy,
                                const Interval& within, const SlotGrid& grid, int limit) {
  std::vector<Interval> taken = busy;
  std::sort(taken.begin(), taken.end());
  std::vector<std::pair<absl::CivilDay, const v1::WorkingHours*>> open;
  const absl::CivilDay last = vocabulary::TodayInShanghai(within.end);
  for (absl::CivilDay day = vocabulary::TodayInShanghai(within.start); day <= last; ++day) {
    for (const v1::WorkingHours& hours : technician.working_hours()) {
      if (hours.weekday() == WeekdayNumber(day)) open.emplace_back(day, &hours);
    }
  }
  std::vector<Interval> slots;
  for (const auto& [day, hours] : open) {
    const absl::Time midnight = vocabulary::StartOfDay(day);
    const Interval line = HoursOn(*hours, day);
    // The first grid point of the line.
    absl::Time start = midnight + absl::Ceil(line.start - midnight, grid.step);
    for (; start + grid.visit <= line.end; start += grid.step) {
      const Interval slot{start, start + grid.visit};
      if (slot.start < within.start || slot.end > within.end) continue;
      const bool free = std::none_of(taken.begin(), taken.end(), [&slot](const Interval& visit) {
        return visit.start < slot.end && slot.start < visit.end;
      });
      if (free) slots.push_back(slot);
    }
  }
  std::sort(slots.begin(), slots.end());
  if (slots.size() > static_cast<size_t>(limit)) slots.resize(static_cast<size_t>(limit));
  return slots;
}

bool Serves(const v1::Technician& technician, const std::string& device_division) {
  if (technician.device_classes().empty()) return true;
  return std::any_of(technician.device_classes().begin(), technician.device_classes().end(),
                     [&device_division](const std::string& device_class) {
                       return absl::StartsWith(device_division, device_class);
                     });
}

}  // namespace fuju::fitting
