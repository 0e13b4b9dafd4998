#pragma once

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/redis/client.h"
#include "chassis/redis/endpoint.h"
#include "chassis/redis/topology.h"

struct redisContext;

namespace fuju::chassis::redis {

// A connection of one thread's own, for reads that block in Redis (XREAD). Connects on
// demand and again after an error. Blocks SIGPIPE in the calling thread. Not thread-safe, except
// Interrupt and Cancel. Its calls are virtual: a simulation replaces them.
class BlockingConnection {
 public:
  // To one node for good. `patience`: how long to wait to be connected, and for an answer beyond
  // what the command itself may block; a timeout shorter than BLOCK would look like an error.
  explicit BlockingConnection(Endpoint endpoint, absl::Duration patience = absl::Seconds(2));
  // To whatever node has the slot of `key`, for commands about keys of that slot. When the slot
  // moves, calls are UNAVAILABLE (nothing was applied) until the new owner is known; then the next
  // call connects to it.
  BlockingConnection(std::shared_ptr<Topology> topology, std::string_view key);
  virtual ~BlockingConnection();
  BlockingConnection(const BlockingConnection&) = delete;
  BlockingConnection& operator=(const BlockingConnection&) = delete;

  // Sends one command and waits. `block` is how long the command itself may block in Redis; the
  // socket waits somewhat longer. UNAVAILABLE when the connection is lost or was interrupted.
  virtual absl::StatusOr<Reply> Call(const Command& command, absl::Duration block);

  // Makes a running and any later Call return UNAVAILABLE soon. Thread-safe.
  virtual void Interrupt();
  // Makes the running Call return CANCELLED soon, or the next one if none runs. Thread-safe.
  void Cancel();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fuju::chassis::redis
