#include "chassis/streams/backoff.h"

#include <algorithm>

#include "absl/random/random.h"

namespace fuju::chassis {

absl::Duration BackoffDelay(int failures, absl::Duration min, absl::Duration max) {
  absl::Duration delay = min;
  for (int i = 1; i < failures && delay < max; ++i) delay *= 2;
  thread_local absl::BitGen random;
  return std::min(delay, max) * absl::Uniform(random, 0.8, 1.2);
}

}  // namespace fuju::chassis
