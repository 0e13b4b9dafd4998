#pragma once

#include <cstdint>

#include "absl/time/time.h"
#include <google/protobuf/timestamp.pb.h>

namespace fuju::dispatch {

// Whole milliseconds since 1970: the precision of timers and of the scores of lists.
inline int64_t ToScore(const google::protobuf::Timestamp& time) {
  return time.seconds() * 1000 + time.nanos() / 1'000'000;
}

// Cut to milliseconds, so that a timer for this time is never due before it.
inline google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  const int64_t ms = absl::ToUnixMillis(time);
  google::protobuf::Timestamp result;
  result.set_seconds(ms / 1000);
  result.set_nanos(static_cast<int32_t>(ms % 1000) * 1'000'000);
  return result;
}

inline absl::Time ToTime(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

}  // namespace fuju::dispatch
