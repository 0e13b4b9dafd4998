#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

#include "chassis/redis/client.h"

namespace fuju::chassis::redis {

// One command on its way: queued, in flight or answered. Belongs to one I/O thread from the moment
// it was submitted. Shared by the queue, the reply callback and the deadline heap.
struct Operation {
  static constexpr uint64_t kNoDeadline = std::numeric_limits<uint64_t>::max();

  Command command;
  // Text of the script, sent by EVAL when Redis does not know the SHA-1; empty for other commands.
  std::string_view script;
  // Replicas to wait for after a successful command, on the same connection; 0: none.
  int wait_replicas = 0;
  // On the clock of uv_hrtime, in milliseconds.
  uint64_t deadline_ms = kNoDeadline;
  bool sent = false;
  // Of its first key.
  int slot = 0;
  // Goes to a node that is about to get the slot, with ASKING before it.
  bool asking = false;
  // How often a node has sent it elsewhere.
  int redirects = 0;
  // How often it was refused for now, and when it is sent again, on the clock of deadline_ms.
  int refusals = 0;
  uint64_t again_ms = 0;
  // What the last node said that did not take it; empty: none did.
  std::string refusal;
  Client::Callback callback;

  bool answered() const { return callback == nullptr; }

  // Calls the callback, once; later answers are dropped.
  void Answer(absl::StatusOr<Reply> result) {
    if (answered()) return;
    Client::Callback done = std::exchange(callback, nullptr);
    command = {};
    done(std::move(result));
  }
};

}  // namespace fuju::chassis::redis
