#pragma once

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace fuju::chassis {

// Source of the wall-clock time that decisions are given. Leases and retries never use it.
// Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

}  // namespace fuju::chassis
