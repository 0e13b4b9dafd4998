#pragma once

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "chassis/redis/client.h"
#include "chassis/values/clock.h"

namespace fuju::chassis {

// Redis' clock, as all services of a deployment see it: this machine's steady clock, and how far
// Redis is ahead of it, asked again and again. So a timer that one instance sets is due for every
// other one at the same moment, and the machine's wall clock may jump by hours. Before the first
// Sync it is the machine's clock. Thread-safe.
class RedisClock final : public Clock {
 public:
  RedisClock();
  // `redis` and this outlive its callbacks: stop the client before this is destroyed.
  absl::Time Now() const override;

  // Asks once, and waits. Not on an I/O thread. UNAVAILABLE if Redis does not answer.
  absl::Status Sync(redis::Client& redis);
  // Asks every few seconds from now on.
  void KeepInSync(redis::Client* redis);

 private:
  // Of an answer to TIME; `asked` and now on the steady clock, in ns.
  void Learn(const redis::Reply& reply, int64_t asked);

  // Redis' time since 1970 without the steady clock's, in ns.
  std::atomic<int64_t> ahead_;
};

}  // namespace fuju::chassis
