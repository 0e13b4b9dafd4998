#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "chassis/redis/endpoint.h"

namespace fuju::chassis::redis {

// What a Sentinel takes for the primary. Each failover has a higher epoch than the one before.
struct PrimaryClaim {
  int64_t epoch = 0;
  Address primary;
  Address sentinel;
};

// Which Sentinels to believe: one that has slept, or was cut off, still names the primary before
// the last failover, and that one, when it comes back, takes itself for a primary until it is told.
// Not thread-safe.
class SentinelClaims {
 public:
  // The claims of the highest epoch that was ever heard of, in their order; empty if nobody who
  // answered knows of it. `asked` is the number of Sentinels that were asked: if all of them
  // answered, an older epoch was forgotten on purpose (SENTINEL MONITOR anew), and counts.
  std::vector<PrimaryClaim> Believed(const std::vector<PrimaryClaim>& claims, size_t asked);

 private:
  int64_t epoch_ = 0;
};

}  // namespace fuju::chassis::redis
