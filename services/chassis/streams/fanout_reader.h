#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "chassis/redis/blocking_connection.h"
#include "chassis/redis/topology.h"
#include "chassis/store/keys.h"
#include "chassis/streams/entry_id.h"
#include "chassis/streams/fanout_subscription.h"
#include "chassis/streams/stream_entry.h"
#include "chassis/streams/wake_signal.h"

namespace fuju::chassis {

// The thread that reads one stream for all its subscribers. It ends when it has had none for a
// while. A new subscriber first gets what it has missed, page by page between the live reads, so
// that a long way to catch up does not delay the others. Thread-safe.
class FanoutReader {
 public:
  // Starts.
  FanoutReader(std::shared_ptr<redis::Topology> topology, const Keys& keys, int partition);
  // Stops and joins.
  ~FanoutReader();

  // False if the thread has ended: then a new reader is needed.
  bool Add(std::shared_ptr<FanoutSubscription> subscription);

  // Ends all subscriptions with UNAVAILABLE. Does not wait.
  void Stop();

 private:
  using Subscribers = std::vector<std::shared_ptr<FanoutSubscription>>;
  struct Page {
    EntryId last_id;
    // Nothing after the position was removed.
    bool complete = true;
    std::vector<StreamEntry> entries;
    bool full = false;
  };

  void Main();
  // Takes new subscribers and forgets those that are over. False: there are none.
  bool Collect();
  // Waits for a subscriber. False: none came, the thread ends.
  bool Linger();
  absl::Status Serve();
  absl::Status AdmitNew();
  absl::Status CatchUp();
  absl::Status ReadLive();
  absl::Status WaitForEntry();
  static void Deliver(const Page& page, const Subscribers& subscribers);
  absl::StatusOr<Page> ReadAfter(EntryId position, int count);
  static void EndAll(Subscribers& subscribers, const absl::Status& status);

  const std::shared_ptr<redis::Topology> topology_;
  const std::string stream_;
  const std::string positions_;
  WakeSignal wake_;

  // Used by the thread only. Subscribers that are new, that have started but miss entries up to the
  // end of the stream, and that get what is read live.
  Subscribers new_;
  Subscribers behind_;
  Subscribers live_;
  // Up to where live_ has got everything.
  EntryId position_;
  int failures_ = 0;

  absl::Mutex mutex_;
  Subscribers added_ ABSL_GUARDED_BY(mutex_);
  redis::BlockingConnection connection_;
  bool waiting_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace fuju::chassis
