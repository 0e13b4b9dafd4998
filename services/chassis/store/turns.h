#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "chassis/redis/client.h"

namespace fuju::chassis {

// Lets the updates of one aggregate run one after the other within this process, so that they do
// not spend their attempts on conflicts with each other. A courtesy, not a lock: the commit's
// version check decides, and who has waited too long goes ahead without a turn. Thread-safe.
class Turns {
 public:
  // Called once; with `has_turn`, Leave must follow.
  using Start = std::function<void(bool has_turn)>;

  // `client` times the waiting.
  explicit Turns(redis::Client* client) : client_(client) {}

  // Calls `start` now if nobody has the turn for the key, else when it comes, in the order of
  // asking, or after `longest_wait`. Not under a lock.
  void Take(const std::string& key, absl::Duration longest_wait, Start start);
  // Gives the turn to the next.
  void Leave(const std::string& key);

 private:
  struct Waiter;

  redis::Client* const client_;
  absl::Mutex mutex_;
  // A key is here while somebody has its turn.
  absl::flat_hash_map<std::string, std::deque<std::shared_ptr<Waiter>>> waiting_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace fuju::chassis
