#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "chassis/redis/client.h"
#include "chassis/store/keys.h"
#include "chassis/store/raw_store.h"

namespace fuju::chassis {

// Sends commits to the script, those of one partition together: a commit goes with those that come
// at the same moment while few scripts of its partition are on their way, else with all that have
// gathered by the time one of them is answered. So a busy partition pays for few calls, and an idle
// one does not wait.
// Thread-safe. Held by a shared_ptr: answers on their way keep it alive.
class CommitQueue : public std::enable_shared_from_this<CommitQueue> {
 public:
  // The item of the script's answer for this commit; an error reply stands for all of a script.
  using Done = std::function<void(absl::StatusOr<redis::Reply>)>;
  struct Item {
    // As CommitKeys and CommitArgs make them.
    std::vector<std::string> keys;
    std::vector<std::string> args;
    // Of the caller.
    absl::Time deadline;
    Done done;
  };

  // `client` outlives this, or answers everything before it ends.
  CommitQueue(redis::Client* client, Keys keys, RedisStoreOptions options);

  // `item.done` is called once, on an I/O thread. DEADLINE_EXCEEDED, DEADLINE_PASSED if its turn
  // came too late: nothing was sent.
  void Add(int partition, Item item);

 private:
  struct Lane {
    absl::Mutex mutex;
    std::deque<Item> waiting ABSL_GUARDED_BY(mutex);
    int on_their_way ABSL_GUARDED_BY(mutex) = 0;
    // What waits will be sent when the I/O thread comes to it.
    bool deferred ABSL_GUARDED_BY(mutex) = false;
  };

  // Sends what waits, as far as the lane has room.
  void Pump(int partition);
  void Send(int partition, std::vector<Item> items);
  void Answer(int partition, std::vector<Item>& items, absl::StatusOr<redis::Reply> reply);

  redis::Client* const client_;
  const Keys keys_;
  const RedisStoreOptions options_;
  // By partition.
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace fuju::chassis
