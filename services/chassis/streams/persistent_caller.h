#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "chassis/redis/client.h"

namespace fuju::chassis {

// Calls scripts again, with backoff, until Redis has answered; so the scripts have to be
// idempotent. Held by a shared_ptr: calls in flight keep it alive. Thread-safe.
class PersistentCaller : public std::enable_shared_from_this<PersistentCaller> {
 public:
  // `client` must live until Close.
  PersistentCaller(redis::Client* client, absl::Duration retry_min, absl::Duration retry_max);

  // `then` gets the answer, on an I/O thread; of error replies only NOGROUP, others are logged and
  // tried again. It is not called after Close.
  void Call(const redis::Script& script, std::vector<std::string> keys,
            std::vector<std::string> args, std::function<void(const redis::Reply&)> then);

  // Nothing is sent, repeated or answered from now on.
  void Close();

 private:
  struct Pending;
  void Try(const std::shared_ptr<Pending>& pending);

  redis::Client* const client_;
  const absl::Duration retry_min_;
  const absl::Duration retry_max_;
  std::atomic<bool> closed_{false};
};

}  // namespace fuju::chassis
