#pragma once

#include <memory>
#include <string>

#include "chassis/redis/client.h"

namespace fuju::chassis::redis {

// Where and how to connect.
struct Endpoint {
  std::string host = "127.0.0.1";
  int port = 6379;
  // ACL user; empty means "default" without authentication unless a password is set.
  std::string user;
  std::string password;
};

struct PipelinedClientOptions {
  Endpoint endpoint;
  // I/O threads, each with one pipelined connection.
  int io_threads = 1;
  // Commands that may wait for a reply on one connection; beyond it Send answers UNAVAILABLE.
  int max_in_flight = 65536;
  // Backoff between attempts to connect, with jitter.
  absl::Duration reconnect_min = absl::Milliseconds(20);
  absl::Duration reconnect_max = absl::Seconds(1);
  absl::Duration connect_timeout = absl::Seconds(2);
  // A connection that answers nothing for so long while commands wait is taken for dead and made
  // anew: one that is half-open (a lost peer behind a proxy that still takes bytes) never ends by
  // itself. Longer than any command blocks.
  absl::Duration silence_limit = absl::Seconds(3);
};

// Client over hiredis' asynchronous context on a libuv loop. Reconnects by itself. A command that
// is sent while not connected waits for the connection until its timeout.
class PipelinedClient final : public Client {
 public:
  // Starts the I/O threads; the connection is made in the background.
  static std::unique_ptr<PipelinedClient> Start(PipelinedClientOptions options);
  // Answers what is in flight with UNAVAILABLE and joins the threads. Not from an I/O thread.
  ~PipelinedClient() override;

  void Send(Command command, absl::Duration timeout, Callback callback) override;
  void Eval(const Script& script, std::vector<std::string> keys, std::vector<std::string> args,
            absl::Duration timeout, Callback callback) override;
  void EvalAndWait(const Script& script, std::vector<std::string> keys,
                   std::vector<std::string> args, int replicas, absl::Duration timeout,
                   Callback callback) override;
  void Schedule(absl::Duration delay, std::function<void()> task) override;

 private:
  class IoThread;
  explicit PipelinedClient(PipelinedClientOptions options);
  IoThread& ThreadOfCaller();

  std::vector<std::unique_ptr<IoThread>> threads_;
};

}  // namespace fuju::chassis::redis
