#include "chassis/store/call_time.h"

#include <algorithm>

#include "absl/time/clock.h"

#include "chassis/redis/result.h"
#include "chassis/values/refusal.h"

namespace fuju::chassis {

absl::Duration TimeTo(absl::Time deadline, absl::Duration limit) {
  return std::min(limit, deadline - absl::Now());
}

absl::Status DeadlinePassed() {
  return Refusal(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED", "调用已超时，操作未生效",
                 "the deadline of the call passed before anything was applied");
}

absl::Status ForCaller(const absl::Status& status, absl::Time deadline) {
  // The time-out ran on another clock than the deadline.
  constexpr absl::Duration kClockDifference = absl::Milliseconds(2);
  if (!absl::IsDeadlineExceeded(status) || absl::Now() + kClockDifference >= deadline) {
    return status;
  }
  return redis::AnswerLost("no answer in time");
}

}  // namespace fuju::chassis
