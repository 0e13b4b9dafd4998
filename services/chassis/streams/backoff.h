#pragma once

#include "absl/time/time.h"

namespace fuju::chassis {

// Wait before the next try after `failures` failed ones in a row (1, 2, ...): `min`, doubling up to
// `max`, spread by a fifth so that many do not come back at once. Thread-safe.
absl::Duration BackoffDelay(int failures, absl::Duration min, absl::Duration max);

}  // namespace fuju::chassis
