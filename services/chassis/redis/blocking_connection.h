#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/redis/client.h"
#include "chassis/redis/pipelined_client.h"

struct redisContext;

namespace fuju::chassis::redis {

// A connection of one thread's own, for reads that block in Redis (XREAD, XREADGROUP). Connects on
// demand and again after an error. Blocks SIGPIPE in the calling thread. Not thread-safe, except
// Interrupt. Its calls are virtual: a simulation replaces them.
class BlockingConnection {
 public:
  explicit BlockingConnection(Endpoint endpoint);
  virtual ~BlockingConnection();
  BlockingConnection(const BlockingConnection&) = delete;
  BlockingConnection& operator=(const BlockingConnection&) = delete;

  // Sends one command and waits. `block` is how long the command itself may block in Redis; the
  // socket waits somewhat longer. UNAVAILABLE when the connection is lost or was interrupted.
  virtual absl::StatusOr<Reply> Call(const Command& command, absl::Duration block);

  // The two halves of Call for a command that does not block. What Send said OK to is on its way
  // also if this process ends now. Receive follows each Send before anything else.
  virtual absl::Status Send(const Command& command);
  virtual absl::StatusOr<Reply> Receive();

  // Makes a running and any later Call return UNAVAILABLE soon. Thread-safe.
  virtual void Interrupt();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fuju::chassis::redis
