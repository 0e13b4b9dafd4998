#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "applications/timeline_texts.h"
#include "vocabulary/working_days.h"

namespace fuju::applications {

// How long something may take: working days of the official calendar, or plain time. A value.
class Limit {
 public:
  // "3wd" (1 to 999 working days), or a duration with a unit, such as "20s", "36h" or "1h30m"
  // (100ms to 10 years). INVALID_ARGUMENT says what is right.
  static absl::StatusOr<Limit> Parse(absl::string_view text);
  // `days` and `time` are in the ranges of Parse, or what is left of such a limit.
  static Limit WorkingDays(int days);
  static Limit Time(absl::Duration time);

  bool in_working_days() const { return working_days_ > 0; }
  int working_days() const { return working_days_; }
  absl::Duration time() const { return time_; }

  // As Parse reads it.
  std::string ToString() const;

  friend bool operator==(const Limit&, const Limit&) = default;

 private:
  Limit(int working_days, absl::Duration time) : working_days_(working_days), time_(time) {}

  int working_days_;
  absl::Duration time_;
};

// The moment at which a limit ends, in whole milliseconds as timers have it, with the sentence that
// a person reads, such as "3个工作日内，即2026年10月8日前".
struct Deadline {
  absl::Time at;
  Text text;
};

// The limit that begins to run at `start`. FAILED_PRECONDITION, CALENDAR_MISSING if it reaches into
// a year whose working days are not loaded.
absl::StatusOr<Deadline> DeadlineOf(const Limit& limit, absl::Time start,
                                    const vocabulary::WorkingDayCalendar& calendar);

// The end of limits that run one after the other from `start` on, such as those of the stages to
// come. In working days throughout: one sentence with all of them. CALENDAR_MISSING as DeadlineOf.
absl::StatusOr<Deadline> DeadlineOfAll(absl::Span<const Limit> limits, absl::Time start,
                                       const vocabulary::WorkingDayCalendar& calendar);

// What is left of a limit that was to end at `due`, for the day on which its clock runs on: the
// working days after today, at least one, or the time, at least a tenth of it. So nobody gets a
// case back with no time to look at it. CALENDAR_MISSING as DeadlineOf.
absl::StatusOr<Limit> LeftOf(const Limit& limit, absl::Time due, absl::Time now,
                             const vocabulary::WorkingDayCalendar& calendar);

// The limits of the process, from the flags of the same names.
struct Limits {
  // A stage whose chain leaves it open (domain.md 1.3, stage 3).
  Limit review = Limit::WorkingDays(3);
  // The applicant supplements (stage 2b), where the chain leaves it open.
  Limit supplement = Limit::WorkingDays(15);
  // The applicant signs for the device (stage 10).
  Limit receipt = Limit::WorkingDays(3);
  // The follow-up question is asked, from the acceptance on (stage 12).
  Limit follow_up_after = Limit::Time(absl::Hours(30 * 24));
  // The applicant answers it.
  Limit follow_up = Limit::Time(absl::Hours(14 * 24));
};

// Names of the timers, one for each limit; at most one runs at a time.
inline constexpr absl::string_view kDraftTimer = "draft";
inline constexpr absl::string_view kReviewTimer = "review";
inline constexpr absl::string_view kNoticeTimer = "notice";
inline constexpr absl::string_view kHoldTimer = "hold";
inline constexpr absl::string_view kAppealTimer = "appeal";
inline constexpr absl::string_view kSupplementTimer = "supplement";
inline constexpr absl::string_view kReceiptTimer = "receipt";
inline constexpr absl::string_view kFollowUpAskTimer = "follow_up_ask";
inline constexpr absl::string_view kFollowUpAnswerTimer = "follow_up_answer";

}  // namespace fuju::applications
