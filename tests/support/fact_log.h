#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

#include "chassis/streams/fanout.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::test_support {

// All facts that a service publishes while this lives. Thread-safe.
class FactLog {
 public:
  // `fanout` reads the streams of the service and outlives this. Waits until nothing can be missed.
  FactLog(chassis::Fanout& fanout, int partitions);

  // Waits, at most half a minute, for `count` facts of a type, such as OfferOpened; all of them, in
  // the order of each partition.
  template <typename FactMessage>
  std::vector<FactMessage> Await(size_t count) {
    std::vector<FactMessage> facts;
    for (const event::v1::Event& event : AwaitEvents<FactMessage>(count)) {
      event.data().UnpackTo(&facts.emplace_back());
    }
    return facts;
  }
  // The same with their envelopes.
  template <typename FactMessage>
  std::vector<event::v1::Event> AwaitEvents(size_t count) {
    return AwaitType(FactMessage::descriptor()->full_name(), count);
  }
  template <typename FactMessage>
  size_t Count() const {
    absl::MutexLock lock(&mutex_);
    return Of(FactMessage::descriptor()->full_name()).size();
  }
  std::vector<event::v1::Event> All() const;

 private:
  std::vector<event::v1::Event> AwaitType(const std::string& type, size_t count);
  std::vector<event::v1::Event> Of(const std::string& type) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  int started_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<event::v1::Event> events_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<chassis::Fanout::Subscription>> subscriptions_;
};

}  // namespace fuju::test_support
