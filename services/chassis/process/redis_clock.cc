#include "chassis/process/redis_clock.h"

#include <chrono>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace fuju::chassis {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(1);
constexpr absl::Duration kEvery = absl::Seconds(2);
// An answer that was so long on its way tells too little.
constexpr int64_t kLongestTrip = 500'000'000;

int64_t SteadyNanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

RedisClock::RedisClock() : ahead_(absl::GetCurrentTimeNanos() - SteadyNanos()) {}

absl::Time RedisClock::Now() const { return absl::FromUnixNanos(SteadyNanos() + ahead_.load()); }

absl::Status RedisClock::Sync(redis::Client& redis) {
  const int64_t asked = SteadyNanos();
  const absl::StatusOr<redis::Reply> reply = redis.Call({"TIME"}, kTimeout);
  if (!reply.ok()) return reply.status();
  if (!reply->is_array()) return absl::UnavailableError(absl::StrCat("TIME: ", reply->text()));
  Learn(*reply, asked);
  return absl::OkStatus();
}

void RedisClock::KeepInSync(redis::Client* redis) {
  redis->Schedule(kEvery, [this, redis] {
    redis->Send({"TIME"}, kTimeout,
                [this, redis, asked = SteadyNanos()](const absl::StatusOr<redis::Reply>& reply) {
                  if (reply.ok() && reply->is_array()) Learn(*reply, asked);
                  KeepInSync(redis);
                });
  });
}

void RedisClock::Learn(const redis::Reply& reply, int64_t asked) {
  if (reply.size() < 2) return;
  const int64_t now = SteadyNanos();
  const int64_t trip = now - asked;
  if (trip > kLongestTrip) return;
  const int64_t told = reply[0].integer() * 1'000'000'000 + reply[1].integer() * 1'000;
  // Redis looked at its clock somewhere on the trip: nothing within its half is a difference.
  const int64_t ahead = told - (asked + trip / 2);
  if (std::abs(ahead - ahead_.load()) > trip / 2) ahead_.store(ahead);
}

}  // namespace fuju::chassis
