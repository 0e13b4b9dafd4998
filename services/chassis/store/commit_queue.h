#pragma once

#include <atomic>
#include <cstddef>
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

// Sends commits to the script, in rounds: what comes at the same moment goes together, of whatever
// partitions, and while two rounds are on their way, what comes gathers until one is answered. So a
// busy process pays for few calls, writes and syncs, and an idle one does not wait. In a Redis
// Cluster each partition has rounds of its own: none waits for another one's node.
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
  struct Waiting {
    int partition;
    Item item;
  };
  struct Lane {
    absl::Mutex mutex;
    std::deque<Waiting> waiting ABSL_GUARDED_BY(mutex);
    int rounds_on_their_way ABSL_GUARDED_BY(mutex) = 0;
    // What waits will be sent when the I/O thread comes to it.
    bool deferred ABSL_GUARDED_BY(mutex) = false;
  };
  // What one call of the script is about: those of a partition stand together.
  using Script = std::vector<Waiting>;
  struct Round {
    Lane* lane;
    // Scripts that are not answered.
    std::atomic<size_t> left;
  };

  Lane& LaneOf(int partition);
  // Sends what waits, as far as the lane has room.
  void Pump(Lane& lane);
  // The next round, counted as on its way; `late` gets what can not be sent in time any more.
  static std::vector<Script> TakeRound(Lane& lane, std::vector<Item>& late);
  void Send(std::shared_ptr<Round> round, Script script);
  void Answer(Round& round, Script& script, absl::StatusOr<redis::Reply> reply);

  redis::Client* const client_;
  const Keys keys_;
  const RedisStoreOptions options_;
  // One for all partitions; in a Redis Cluster one for each.
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace fuju::chassis
