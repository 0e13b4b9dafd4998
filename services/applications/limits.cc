#include "applications/limits.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "chassis/values/refusal.h"
#include "vocabulary/civil_date.h"

namespace fuju::applications {
namespace {

constexpr int kMostWorkingDays = 999;
constexpr absl::Duration kShortestTime = absl::Milliseconds(100);
constexpr absl::Duration kLongestTime = absl::Hours(10 * 365 * 24);

absl::Time WholeMillis(absl::Time time) { return absl::FromUnixMillis(absl::ToUnixMillis(time)); }

absl::Status CalendarMissing(const absl::Status& why) {
  return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "CALENDAR_MISSING",
                          "缺少工作日历，无法计算期限", std::string(why.message()));
}

}  // namespace

absl::StatusOr<Limit> Limit::Parse(absl::string_view text) {
  absl::string_view digits = text;
  if (absl::ConsumeSuffix(&digits, "wd")) {
    int days = 0;
    if (absl::SimpleAtoi(digits, &days) && days >= 1 && days <= kMostWorkingDays) {
      return WorkingDays(days);
    }
  } else {
    absl::Duration time;
    if (absl::ParseDuration(text, &time) && time >= kShortestTime && time <= kLongestTime) {
      return Time(time);
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", text, "' is no limit: write working days as 3wd (1wd to ", kMostWorkingDays,
                   "wd) or a time with its unit, such as 20s or 36h (100ms to 87600h)"));
}

Limit Limit::WorkingDays(int days) { return Limit(days, absl::ZeroDuration()); }

Limit Limit::Time(absl::Duration time) { return Limit(0, time); }

std::string Limit::ToString() const {
  return in_working_days() ? absl::StrCat(working_days_, "wd") : absl::FormatDuration(time_);
}

absl::StatusOr<Deadline> DeadlineOf(const Limit& limit, absl::Time start,
                                    const vocabulary::WorkingDayCalendar& calendar) {
  if (!limit.in_working_days()) {
    const absl::Time at = WholeMillis(start + limit.time());
    return Deadline{at, MomentText(at)};
  }
  const absl::StatusOr<vocabulary::WorkingDayDeadline> deadline =
      calendar.DeadlineOf(start, limit.working_days());
  if (!deadline.ok()) return CalendarMissing(deadline.status());
  return Deadline{deadline->at, Text{deadline->SentenceZh(), deadline->SentenceEn()}};
}

absl::StatusOr<Deadline> DeadlineOfAll(absl::Span<const Limit> limits, absl::Time start,
                                       const vocabulary::WorkingDayCalendar& calendar) {
  int days = 0;
  for (const Limit& limit : limits) days += limit.working_days();
  if (absl::c_all_of(limits, [](const Limit& limit) { return limit.in_working_days(); })) {
    return DeadlineOf(Limit::WorkingDays(days), start, calendar);
  }
  absl::Time at = start;
  for (const Limit& limit : limits) {
    // Working days end with the midnight after the last of them, which is no part of the next one.
    absl::StatusOr<Deadline> next =
        DeadlineOf(limit, limit.in_working_days() ? at - absl::Milliseconds(1) : at, calendar);
    if (!next.ok()) return next.status();
    at = next->at;
  }
  return Deadline{at, MomentText(at)};
}

absl::StatusOr<Limit> LeftOf(const Limit& limit, absl::Time due, absl::Time now,
                             const vocabulary::WorkingDayCalendar& calendar) {
  if (!limit.in_working_days()) return Limit::Time(std::max(due - now, limit.time() / 10));
  // `due` is the midnight that ends the last day.
  const absl::CivilDay last_day = vocabulary::TodayInShanghai(due - absl::Milliseconds(1));
  const absl::StatusOr<int> days =
      calendar.CountWorkingDays(vocabulary::TodayInShanghai(now), last_day);
  if (!days.ok()) return CalendarMissing(days.status());
  return Limit::WorkingDays(std::max(*days, 1));
}

}  // namespace fuju::applications
