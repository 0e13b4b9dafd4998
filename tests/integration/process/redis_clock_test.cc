#include "chassis/process/redis_clock.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

// A Redis whose clock is wrong, or that is away.
class TimeTeller final : public redis::Client {
 public:
  absl::Duration ahead;
  bool away = false;
  std::function<void()> scheduled;

  void Send(redis::Command command, absl::Duration, Callback callback) override {
    EXPECT_EQ(command, redis::Command({"TIME"}));
    if (away) return callback(absl::UnavailableError("away"));
    const int64_t micros = absl::ToUnixMicros(absl::Now() + ahead);
    callback(redis::Reply::Array({redis::Reply::String(absl::StrCat(micros / 1000000)),
                                  redis::Reply::String(absl::StrCat(micros % 1000000))}));
  }
  void Eval(const redis::Script&, std::vector<std::string>, std::vector<std::string>,
            absl::Duration, Callback) override {}
  void EvalAndWait(const redis::Script&, std::vector<std::string>, std::vector<std::string>, int,
                   absl::Duration, Callback) override {}
  void Schedule(absl::Duration, std::function<void()> task) override {
    scheduled = std::move(task);
  }
};

void ExpectAhead(const RedisClock& clock, absl::Duration ahead) {
  const absl::Duration difference = clock.Now() - absl::Now() - ahead;
  EXPECT_LT(absl::AbsDuration(difference), absl::Minutes(1)) << difference;
}

TEST(RedisClockTest, ShowsTheTimeOfRedis) {
  RedisClock clock;
  ExpectAhead(clock, absl::ZeroDuration());
  TimeTeller redis;
  redis.ahead = absl::Hours(3);
  EXPECT_EQ(clock.Sync(redis), absl::OkStatus());
  ExpectAhead(clock, absl::Hours(3));
}

TEST(RedisClockTest, FollowsRedisAndGoesOnWithoutIt) {
  RedisClock clock;
  TimeTeller redis;
  clock.KeepInSync(&redis);
  redis.ahead = -absl::Hours(5);
  std::exchange(redis.scheduled, nullptr)();
  ExpectAhead(clock, -absl::Hours(5));
  redis.away = true;
  EXPECT_FALSE(clock.Sync(redis).ok());
  ASSERT_NE(redis.scheduled, nullptr);
  std::exchange(redis.scheduled, nullptr)();
  ExpectAhead(clock, -absl::Hours(5));
  EXPECT_NE(redis.scheduled, nullptr) << "it asks no more";
}

}  // namespace
}  // namespace fuju::chassis
