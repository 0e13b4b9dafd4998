#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace fuju::applications {

// The hours of the day, in Asia/Shanghai, at which nobody's phone should ring. A value.
class QuietHours {
 public:
  // No hour is quiet.
  QuietHours() = default;

  // "21:00-08:00": from the first minute on, up to and without the last; past midnight if the
  // second is earlier. Empty: none. INVALID_ARGUMENT for another form, or all day.
  static absl::StatusOr<QuietHours> Parse(absl::string_view text);

  // `time` if it is not quiet then, else the end of these quiet hours.
  absl::Time NextLoud(absl::Time time) const;

 private:
  // Since midnight; equal: none.
  absl::Duration begin_;
  absl::Duration end_;
};

}  // namespace fuju::applications
