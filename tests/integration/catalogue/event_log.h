#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

#include "chassis/streams/fanout.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::catalogue {

// All events that the catalogue service publishes while this lives. Thread-safe.
class EventLog {
 public:
  // `fanout` outlives this. Waits until nothing can be missed.
  explicit EventLog(chassis::Fanout& fanout);

  // Waits, at most half a minute, until there are `count` events of the type (such as
  // "SubsidyReserved"), and returns them all.
  std::vector<event::v1::Event> Await(const std::string& type, size_t count);
  size_t Count(const std::string& type) const;

 private:
  std::vector<event::v1::Event> Of(const std::string& type) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  int started_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<event::v1::Event> events_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<chassis::Fanout::Subscription>> subscriptions_;
};

}  // namespace fuju::catalogue
