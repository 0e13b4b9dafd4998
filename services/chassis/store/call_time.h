#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace fuju::chassis {

// The time that a call of the store has.

// The lesser of `limit` and the time to the deadline; zero or less: it has passed.
absl::Duration TimeTo(absl::Time deadline, absl::Duration limit);

// DEADLINE_EXCEEDED before anything was written.
absl::Status DeadlinePassed();

// A time-out of one command that is not yet the caller's deadline means that the store is not
// available.
absl::Status ForCaller(const absl::Status& status, absl::Time deadline);

}  // namespace fuju::chassis
