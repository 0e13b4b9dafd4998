#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/redis/reply.h"

namespace fuju::chassis::redis {

// One command as its words, binary-safe.
using Command = std::vector<std::string>;

// A Lua script that is called by its SHA-1 and loaded on demand. The text lives as long as the
// process. Thread-safe, immutable.
class Script {
 public:
  explicit Script(std::string_view text);
  std::string_view text() const { return text_; }
  const std::string& sha1() const { return sha1_; }

 private:
  std::string_view text_;
  std::string sha1_;
};

// Many commands in flight on pipelined connections. This is the seam that tests and simulations
// replace.
//
// Callbacks run on an I/O thread of the client: they must be quick and never block. A callback is
// called exactly once, also when the client stops. Errors:
//   UNAVAILABLE        not connected, or the connection was lost: the command may have been
//   applied; DEADLINE_EXCEEDED  no reply in time: the command may have been applied; a Redis error
//   reply arrives as an OK status with an error Reply, except LOADING, READONLY, MASTERDOWN,
//   CLUSTERDOWN, TRYAGAIN, MISCONF, OOM, NOREPLICAS and BUSY, which are UNAVAILABLE (not applied).
// Every UNAVAILABLE and DEADLINE_EXCEEDED carries the reason STORE_UNAVAILABLE. Thread-safe.
class Client {
 public:
  using Callback = std::function<void(absl::StatusOr<Reply>)>;

  virtual ~Client() = default;

  // Sends one command. Commands of one thread about one slot, so about one partition, are sent in
  // order; but one that its node sends elsewhere may come after later ones.
  virtual void Send(Command command, absl::Duration timeout, Callback callback) = 0;

  // Calls a script by EVALSHA; on NOSCRIPT loads it by EVAL.
  virtual void Eval(const Script& script, std::vector<std::string> keys,
                    std::vector<std::string> args, absl::Duration timeout, Callback callback) = 0;

  // As Eval; then waits on the same connection until `replicas` replicas have what was written up
  // to then. With fewer in time: UNAVAILABLE or DEADLINE_EXCEEDED (may have been applied).
  virtual void EvalAndWait(const Script& script, std::vector<std::string> keys,
                           std::vector<std::string> args, int replicas, absl::Duration timeout,
                           Callback callback) = 0;

  // Runs `task` on the client's I/O thread after `delay`; dropped when the client stops. For
  // retries.
  virtual void Schedule(absl::Duration delay, std::function<void()> task) = 0;

  // Runs `task` once, soon, on an I/O thread of the client, when that has done with what came
  // together: the place to send as one what several callers or answers bring. A client that has
  // stopped, or that has no such thread, runs it at once.
  virtual void Defer(std::function<void()> task) { task(); }

  // The same calls, waiting for the answer. Never on an I/O thread.
  absl::StatusOr<Reply> Call(Command command, absl::Duration timeout);
  absl::StatusOr<Reply> CallScript(const Script& script, std::vector<std::string> keys,
                                   std::vector<std::string> args, absl::Duration timeout);
};

}  // namespace fuju::chassis::redis
