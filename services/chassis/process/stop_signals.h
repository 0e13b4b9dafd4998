#pragma once

#include "absl/time/time.h"

namespace fuju::chassis {

// SIGTERM and SIGINT, taken by waiting instead of by handlers (calling gRPC in a handler
// deadlocks). Blocks both in the calling thread and those it starts later, so make it before any
// other thread. SIGPIPE is ignored.
class StopSignals {
 public:
  StopSignals();

  // Waits for one of them, at most `timeout`; its number, or 0. One that was taken is remembered:
  // every later call returns it at once.
  int Wait(absl::Duration timeout = absl::InfiniteDuration());

 private:
  int taken_ = 0;
};

}  // namespace fuju::chassis
