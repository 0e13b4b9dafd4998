#pragma once

#include <chrono>

#include "absl/time/time.h"

namespace fuju::chassis {

// Time for waits, retries and leases: a clock that nobody can set, unlike absl::Now().
using SteadyTime = std::chrono::steady_clock::time_point;

inline SteadyTime SteadyNow() { return std::chrono::steady_clock::now(); }

inline SteadyTime After(SteadyTime from, absl::Duration wait) {
  return from + absl::ToChronoNanoseconds(wait);
}

inline absl::Duration Between(SteadyTime from, SteadyTime to) {
  return absl::FromChrono(std::chrono::duration_cast<std::chrono::nanoseconds>(to - from));
}

}  // namespace fuju::chassis
