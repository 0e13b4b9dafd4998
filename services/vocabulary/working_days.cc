#include "vocabulary/working_days.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "vocabulary/civil_date.h"
#include "vocabulary/csv.h"
#include "vocabulary/invalid_value.h"

namespace fuju::vocabulary {
namespace {

bool IsWeekend(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

bool IsNationalDay(absl::CivilDay day) { return day.month() == 10 && day.day() <= 3; }

absl::Status MissingYear(int year, const std::vector<int>& covered) {
  const std::string have = covered.empty() ? "-" : absl::StrJoin(covered, ", ");
  return MissingData(
      absl::StrCat("缺少", year, "年工作日历（已有：", have, "）。请加载国务院办公厅公布的", year,
                   "年节假日安排，如文件deploy/data/gansu/workdays_", year, ".csv"),
      absl::StrCat("the working-day calendar of ", year, " is not loaded (loaded: ", have,
                   "); load the holidays that the State Council announced for ", year,
                   ", such as a file deploy/data/gansu/workdays_", year, ".csv"));
}

}  // namespace

std::string WorkingDayDeadline::SentenceZh() const {
  return absl::StrCat(working_days, "个工作日内，即", FormatCivilDateZh(last_day), "前");
}

std::string WorkingDayDeadline::SentenceEn() const {
  return absl::StrCat("within ", working_days, working_days == 1 ? " working day" : " working days",
                      ", that is by the end of ", FormatCivilDateEn(last_day));
}

absl::StatusOr<WorkingDayCalendar> WorkingDayCalendar::Parse(absl::string_view csv) {
  WorkingDayCalendar calendar;
  if (absl::Status s = calendar.Add(csv); !s.ok()) return s;
  return calendar;
}

absl::Status WorkingDayCalendar::Add(absl::string_view csv) {
  const absl::StatusOr<CsvTable> table = CsvTable::Parse(csv);
  if (!table.ok()) return table.status();
  if (absl::Status s = table->RequireColumns({"date", "kind"}); !s.ok()) return s;

  absl::flat_hash_map<absl::CivilDay, Kind> added;
  for (const CsvRow& row : table->rows()) {
    const absl::StatusOr<absl::CivilDay> day = ParseCivilDate(*row.Field("date"));
    if (!day.ok()) return row.Wrong("date", day.status());
    const absl::string_view word = *row.Field("kind");
    if (word != "weekday_off" && word != "makeup_workday") {
      return row.Wrong("kind", "类型应为weekday_off或makeup_workday",
                       "the kind must be weekday_off or makeup_workday");
    }
    const Kind kind = word == "weekday_off" ? Kind::kWeekdayOff : Kind::kMakeupWorkday;
    if (IsWeekend(*day) != (kind == Kind::kMakeupWorkday)) {
      return row.Wrong("kind", "weekday_off只能是周一至周五，makeup_workday只能是周六或周日",
                       "weekday_off must be from Monday to Friday, makeup_workday on a weekend");
    }
    if (!added.emplace(*day, kind).second) {
      return row.Wrong("date", "日期重复", "the date stands there twice");
    }
  }
  for (const auto& [day, kind] : added) {
    exceptions_.emplace(day, kind);
    if (kind == Kind::kWeekdayOff && IsNationalDay(day)) {
      covered_years_.insert(static_cast<int>(day.year()));
    }
  }
  return absl::OkStatus();
}

std::vector<int> WorkingDayCalendar::covered_years() const {
  return std::vector<int>(covered_years_.begin(), covered_years_.end());
}

absl::CivilDay WorkingDayCalendar::last_day() const {
  if (covered_years_.empty()) return absl::CivilDay(1970, 1, 1);
  int year = *covered_years_.begin();
  while (CoversYear(year + 1)) ++year;
  return absl::CivilDay(year, 12, 31);
}

absl::StatusOr<bool> WorkingDayCalendar::IsWorkingDay(absl::CivilDay day) const {
  const int year = static_cast<int>(day.year());
  if (!CoversYear(year)) return MissingYear(year, covered_years());
  const auto exception = exceptions_.find(day);
  if (exception != exceptions_.end()) return exception->second == Kind::kMakeupWorkday;
  return !IsWeekend(day);
}

absl::StatusOr<absl::CivilDay> WorkingDayCalendar::AddWorkingDays(absl::CivilDay day, int n) const {
  if (n < 0) {
    return InvalidValue(absl::StrCat("工作日数", n, "不能为负"),
                        absl::StrCat("the number of working days, ", n, ", must not be negative"));
  }
  // Ends for every n: it meets a year that is not covered.
  for (int left = n; left > 0;) {
    ++day;
    const absl::StatusOr<bool> working = IsWorkingDay(day);
    if (!working.ok()) return working.status();
    if (*working) --left;
  }
  return day;
}

absl::StatusOr<int> WorkingDayCalendar::CountWorkingDays(absl::CivilDay from,
                                                         absl::CivilDay to) const {
  int count = 0;
  while (from < to) {
    ++from;
    const absl::StatusOr<bool> working = IsWorkingDay(from);
    if (!working.ok()) return working.status();
    if (*working) ++count;
  }
  return count;
}

absl::StatusOr<WorkingDayDeadline> WorkingDayCalendar::DeadlineOf(absl::Time start, int n) const {
  const absl::StatusOr<absl::CivilDay> last_day = AddWorkingDays(TodayInShanghai(start), n);
  if (!last_day.ok()) return last_day.status();
  return WorkingDayDeadline{n, *last_day, EndOfDay(*last_day)};
}

}  // namespace fuju::vocabulary
