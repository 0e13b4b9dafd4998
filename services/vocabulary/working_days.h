#ifndef FUJU_VOCABULARY_WORKING_DAYS_H_
#define FUJU_VOCABULARY_WORKING_DAYS_H_

#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace fuju::vocabulary {

// A limit in working days with the day on which it ends.
struct WorkingDayDeadline {
  int working_days = 0;
  absl::CivilDay last_day;
  // 24:00 of last_day in Asia/Shanghai: what happens before it is in time.
  absl::Time at;

  // "3个工作日内，即2026年10月8日前" and "within 3 working days, that is by the end of 8 October
  // 2026".
  std::string SentenceZh() const;
  std::string SentenceEn() const;
};

// The working days of China: Monday to Friday, without the public holidays and with the make-up
// workdays that the State Council announces each autumn for the next year. Those are data to be
// loaded. Where they are not loaded there is no answer: every function that needs such a year fails
// with FAILED_PRECONDITION, naming the year and what to load, and never takes a weekday for a
// working day. A const object is safe to share between threads.
class WorkingDayCalendar {
 public:
  // Columns date (YYYY-MM-DD) and kind: weekday_off for a holiday from Monday to Friday,
  // makeup_workday for a working Saturday or Sunday. A year is covered if it has a weekday_off from
  // 1 to 3 October: the National Day always has one, and a row of late December, which can come
  // with the notice of the next year, shall not make its own year look complete. INVALID_ARGUMENT
  // with row and column for a bad date, an unknown kind, a kind that contradicts the day of the
  // week, or a date that stands there twice.
  static absl::StatusOr<WorkingDayCalendar> Parse(absl::string_view csv);

  // Adds a further table, such as that of the next year; changes nothing on an error. A date that
  // both tables have counts once.
  absl::Status Add(absl::string_view csv);

  bool CoversYear(int year) const { return covered_years_.contains(year); }

  // Ascending.
  std::vector<int> covered_years() const;

  // 31 December of the last year that is covered without a gap since the first; 1 January 1970 if
  // none is.
  absl::CivilDay last_day() const;

  absl::StatusOr<bool> IsWorkingDay(absl::CivilDay day) const;

  // The n-th working day after `day`, which itself does not count, whether it is one or not; `day`
  // for 0. INVALID_ARGUMENT for a negative n.
  absl::StatusOr<absl::CivilDay> AddWorkingDays(absl::CivilDay day, int n) const;

  // Number of working days after `from` up to and including `to`, so that
  // AddWorkingDays(from, CountWorkingDays(from, to)) is `to` if that is a working day. 0 if `to`
  // does not come after `from`. For the days left when a clock is paused.
  absl::StatusOr<int> CountWorkingDays(absl::CivilDay from, absl::CivilDay to) const;

  // The limit of n working days that begins to run at `start`: AddWorkingDays from its day in
  // Asia/Shanghai.
  absl::StatusOr<WorkingDayDeadline> DeadlineOf(absl::Time start, int n) const;

 private:
  enum class Kind { kWeekdayOff, kMakeupWorkday };

  WorkingDayCalendar() = default;

  absl::flat_hash_map<absl::CivilDay, Kind> exceptions_;
  std::set<int> covered_years_;
};

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_WORKING_DAYS_H_
