#ifndef FUJU_VOCABULARY_CIVIL_DATE_H_
#define FUJU_VOCABULARY_CIVIL_DATE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace fuju::vocabulary {

// A civil day of Asia/Shanghai is an absl::CivilDay: it has no zone of its own, and every
// conversion between it and an instant goes through this header.

// UTC+8, fixed. China has had no daylight saving time since 1991, every instant that the product
// handles is later, and birth dates are civil days from the start. So the fixed offset equals
// Asia/Shanghai, and no tz database has to be installed where a service runs.
absl::TimeZone ShanghaiTimeZone();

// The civil day of Asia/Shanghai at `now`.
absl::CivilDay TodayInShanghai(absl::Time now);

// 00:00 of `day` in Asia/Shanghai.
absl::Time StartOfDay(absl::CivilDay day);

// 24:00 of `day` in Asia/Shanghai: the first instant that no longer belongs to it.
absl::Time EndOfDay(absl::CivilDay day);

// "YYYY-MM-DD", exactly. INVALID_ARGUMENT for another form or a day that does not exist.
absl::StatusOr<absl::CivilDay> ParseCivilDate(absl::string_view text);

// "YYYY-MM-DD". `day` must lie in the years 1 to 9999.
std::string FormatCivilDate(absl::CivilDay day);

// "2026年10月8日".
std::string FormatCivilDateZh(absl::CivilDay day);

// "8 October 2026".
std::string FormatCivilDateEn(absl::CivilDay day);

// The same day of the month `months` later; where that month is too short, the first of the next
// one (roll forward: 2024-02-29 + 12 months = 2025-03-01), so an interval is never shortened.
absl::CivilDay AddMonths(absl::CivilDay day, int months);

// AddMonths(day, 12 * years).
absl::CivilDay AddYears(absl::CivilDay day, int years);

// First day on which a device may be granted again: `years` after the day on which the last one was
// accepted. On that day it is allowed, on the day before it is not.
absl::CivilDay NextAllowedDate(absl::CivilDay accepted, int years);

// Completed years of life on `day`: the n-th birthday completes n years, a person born on 02-29 has
// the birthday of a common year on 03-01. Negative if `birth` lies after `day`.
int AgeOn(absl::CivilDay birth, absl::CivilDay day);

// The 18th birthday has not been reached: the "0-17" of the catalogue.
bool IsChildOn(absl::CivilDay birth, absl::CivilDay day);

// The 14th birthday has not been reached: all data of this person is sensitive (PIPL, art. 28).
bool IsUnder14On(absl::CivilDay birth, absl::CivilDay day);

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_CIVIL_DATE_H_
