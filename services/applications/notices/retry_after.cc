#include "applications/notices/retry_after.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/numbers.h"

namespace fuju::applications {

std::optional<absl::Duration> ParseRetryAfter(absl::string_view header, absl::Time now) {
  uint32_t seconds = 0;
  if (absl::SimpleAtoi(header, &seconds)) return absl::Seconds(seconds);
  absl::Time date;
  std::string ignored;
  if (!absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", header, &date, &ignored)) return std::nullopt;
  return std::max(date - now, absl::ZeroDuration());
}

}  // namespace fuju::applications
