#include "vocabulary/civil_date.h"

#include <array>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "vocabulary/invalid_value.h"

namespace fuju::vocabulary {
namespace {

constexpr size_t kIsoLength = 10;  // YYYY-MM-DD
constexpr int kAgeOfMajority = 18;
constexpr int kAgeOfOwnConsent = 14;

// In code and not from absl::FormatTime("%B"), which follows the locale of the process.
constexpr std::array<absl::string_view, 12> kMonthsEn = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

bool HasIsoShape(absl::string_view text) {
  if (text.size() != kIsoLength) return false;
  for (size_t i = 0; i < kIsoLength; ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash ? text[i] != '-' : !absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) {
      return false;
    }
  }
  return true;
}

}  // namespace

absl::TimeZone ShanghaiTimeZone() { return absl::FixedTimeZone(8 * 60 * 60); }

absl::CivilDay TodayInShanghai(absl::Time now) { return absl::ToCivilDay(now, ShanghaiTimeZone()); }

absl::Time StartOfDay(absl::CivilDay day) { return absl::FromCivil(day, ShanghaiTimeZone()); }

absl::Time EndOfDay(absl::CivilDay day) { return StartOfDay(day + 1); }

absl::StatusOr<absl::CivilDay> ParseCivilDate(absl::string_view text) {
  if (!HasIsoShape(text)) {
    return InvalidValue(absl::StrCat("日期“", text, "”格式应为YYYY-MM-DD"),
                        absl::StrCat("date '", text, "' must have the form YYYY-MM-DD"));
  }
  int year = 0;
  int month = 0;
  int day = 0;
  const bool numbers = absl::SimpleAtoi(text.substr(0, 4), &year) &&
                       absl::SimpleAtoi(text.substr(5, 2), &month) &&
                       absl::SimpleAtoi(text.substr(8, 2), &day);
  // CivilDay normalises 02-30 to 03-02; a date that exists is one that it leaves alone.
  const absl::CivilDay date(year, month, day);
  if (!numbers || year == 0 || date.year() != year || date.month() != month || date.day() != day) {
    return InvalidValue(absl::StrCat("日期“", text, "”不存在"),
                        absl::StrCat("date '", text, "' does not exist"));
  }
  return date;
}

std::string FormatCivilDate(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

std::string FormatCivilDateZh(absl::CivilDay day) {
  return absl::StrCat(day.year(), "年", day.month(), "月", day.day(), "日");
}

std::string FormatCivilDateEn(absl::CivilDay day) {
  return absl::StrCat(day.day(), " ", kMonthsEn[static_cast<size_t>(day.month() - 1)], " ",
                      day.year());
}

absl::CivilDay AddMonths(absl::CivilDay day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  const absl::CivilDay same_day(month.year(), month.month(), day.day());
  if (absl::CivilMonth(same_day) == month) return same_day;
  return absl::CivilDay(month + 1);
}

absl::CivilDay AddYears(absl::CivilDay day, int years) { return AddMonths(day, 12 * years); }

absl::CivilDay NextAllowedDate(absl::CivilDay accepted, int years) {
  return AddYears(accepted, years);
}

int AgeOn(absl::CivilDay birth, absl::CivilDay day) {
  const int years = static_cast<int>(day.year() - birth.year());
  return AddYears(birth, years) <= day ? years : years - 1;
}

bool IsChildOn(absl::CivilDay birth, absl::CivilDay day) {
  return AgeOn(birth, day) < kAgeOfMajority;
}

bool IsUnder14On(absl::CivilDay birth, absl::CivilDay day) {
  return AgeOn(birth, day) < kAgeOfOwnConsent;
}

}  // namespace fuju::vocabulary
