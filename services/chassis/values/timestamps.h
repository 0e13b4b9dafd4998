#pragma once

#include <cstdint>

#include "absl/time/time.h"
#include <google/protobuf/timestamp.pb.h>

namespace fuju::chassis {

// Stored times are whole milliseconds, the precision of timers and index scores, so that a timer is
// never due before the time that a state shows.
inline google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  const int64_t ms = absl::ToUnixMillis(time);
  google::protobuf::Timestamp result;
  result.set_seconds(ms / 1000 - (ms % 1000 < 0 ? 1 : 0));
  result.set_nanos(static_cast<int32_t>((ms % 1000 + 1000) % 1000) * 1'000'000);
  return result;
}

inline absl::Time ToTime(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

// Whole milliseconds since 1970, cut.
inline int64_t ToMillis(const google::protobuf::Timestamp& time) {
  return time.seconds() * 1000 + time.nanos() / 1'000'000;
}

}  // namespace fuju::chassis
