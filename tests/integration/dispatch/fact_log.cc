#include "integration/dispatch/fact_log.h"

#include "absl/time/time.h"
#include <gtest/gtest.h>

namespace fuju::dispatch::testing {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(30);

}  // namespace

FactLog::FactLog(chassis::Fanout& fanout, int partitions) {
  for (int partition = 0; partition < partitions; ++partition) {
    subscriptions_.push_back(fanout.Subscribe(
        partition, "",
        [this](const std::string&) {
          absl::MutexLock lock(&mutex_);
          ++started_;
        },
        [this](const std::string&, const event::v1::Event& event) {
          absl::MutexLock lock(&mutex_);
          events_.push_back(event);
        },
        [](const absl::Status&) {}));
  }
  absl::MutexLock lock(&mutex_);
  const auto complete = [this, partitions]()
                            ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return started_ == partitions; };
  EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&complete), kLimit))
      << "the streams can not be read";
}

std::vector<event::v1::Event> FactLog::AwaitType(const std::string& type, size_t count) {
  absl::MutexLock lock(&mutex_);
  const auto enough = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return Of(type).size() >= count; };
  EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&enough), kLimit))
      << Of(type).size() << " of " << count << " " << type;
  return Of(type);
}

std::vector<event::v1::Event> FactLog::All() const {
  absl::MutexLock lock(&mutex_);
  return events_;
}

std::vector<event::v1::Event> FactLog::Of(const std::string& type) const {
  std::vector<event::v1::Event> events;
  for (const event::v1::Event& event : events_) {
    if (event.type() == type) events.push_back(event);
  }
  return events;
}

}  // namespace fuju::dispatch::testing
