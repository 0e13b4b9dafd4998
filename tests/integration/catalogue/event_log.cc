#include "event_log.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

namespace fuju::catalogue {
namespace {

constexpr int kPartitions = 16;
constexpr absl::Duration kLimit = absl::Seconds(30);

}  // namespace

EventLog::EventLog(chassis::Fanout& fanout) {
  for (int partition = 0; partition < kPartitions; ++partition) {
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
  const auto complete = [this]()
                            ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return started_ == kPartitions; };
  EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&complete), kLimit))
      << "the streams can not be read";
}

std::vector<event::v1::Event> EventLog::Await(const std::string& type, size_t count) {
  absl::MutexLock lock(&mutex_);
  const auto enough = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return Of(type).size() >= count; };
  EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&enough), kLimit))
      << Of(type).size() << " of " << count << " " << type;
  return Of(type);
}

size_t EventLog::Count(const std::string& type) const {
  absl::MutexLock lock(&mutex_);
  return Of(type).size();
}

std::vector<event::v1::Event> EventLog::Of(const std::string& type) const {
  std::vector<event::v1::Event> events;
  for (const event::v1::Event& event : events_) {
    if (event.type() == absl::StrCat("fuju.catalogue.v1.", type)) events.push_back(event);
  }
  return events;
}

}  // namespace fuju::catalogue
