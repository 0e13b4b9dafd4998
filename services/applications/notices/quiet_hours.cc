#include "applications/notices/quiet_hours.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "vocabulary/civil_date.h"

namespace fuju::applications {
namespace {

constexpr int kMinutesOfDay = 24 * 60;

// Minutes since midnight of "08:00"; -1 for another form.
int MinutesOf(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  int hours = 0;
  int minutes = 0;
  const bool form = parts.size() == 2 && parts[0].size() == 2 && parts[1].size() == 2 &&
                    absl::SimpleAtoi(parts[0], &hours) && absl::SimpleAtoi(parts[1], &minutes);
  if (!form || hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return -1;
  return 60 * hours + minutes;
}

}  // namespace

absl::StatusOr<QuietHours> QuietHours::Parse(absl::string_view text) {
  QuietHours quiet;
  if (text.empty()) return quiet;
  const std::vector<absl::string_view> ends = absl::StrSplit(text, '-');
  const int begin = ends.size() == 2 ? MinutesOf(ends[0]) : -1;
  const int end = ends.size() == 2 ? MinutesOf(ends[1]) : -1;
  if (begin < 0 || end < 0 || begin == end) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' are no quiet hours: write 21:00-08:00, or nothing"));
  }
  quiet.begin_ = absl::Minutes(begin);
  quiet.end_ = absl::Minutes(end);
  return quiet;
}

absl::Time QuietHours::NextLoud(absl::Time time) const {
  if (begin_ == end_) return time;
  const absl::Time midnight = vocabulary::StartOfDay(vocabulary::TodayInShanghai(time));
  const absl::Duration now = time - midnight;
  if (begin_ < end_) return now >= begin_ && now < end_ ? midnight + end_ : time;
  if (now < end_) return midnight + end_;
  return now >= begin_ ? midnight + absl::Minutes(kMinutesOfDay) + end_ : time;
}

}  // namespace fuju::applications
