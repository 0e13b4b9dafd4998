#pragma once

#include <memory>
#include <string>

#include "chassis/redis/client.h"
#include "chassis/redis/endpoint.h"
#include "chassis/redis/topology.h"

namespace fuju::chassis::redis {

struct Operation;

struct PipelinedClientOptions {
  // The one node, if there is no topology.
  Endpoint endpoint = {};
  // Where the slots are; shared with whoever else reads there.
  std::shared_ptr<Topology> topology = nullptr;
  // I/O threads, each with so many pipelined connections to every primary; commands about one slot
  // take the same. Redis takes at most 16 KiB of a connection before it writes to the disk, so more
  // of them share one fsync.
  int io_threads = 1;
  int connections = 4;
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
//
// Where a topology can change (topology.h), a command goes to the primary that has the slot of its
// first key; all keys of one command are in one slot. What a node does not take (MOVED, ASK,
// TRYAGAIN, CLUSTERDOWN, READONLY, LOADING, MASTERDOWN) goes to who has the slot, again and again
// until its timeout: then it is UNAVAILABLE, and nothing was applied. What was not sent when a node
// was lost goes to who has its slot then.
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
  void Defer(std::function<void()> task) override;

 private:
  class IoThread;
  explicit PipelinedClient(PipelinedClientOptions options);
  void Submit(std::shared_ptr<Operation> operation, absl::Duration timeout, Callback callback);
  IoThread& ThreadOfCaller();

  std::shared_ptr<Topology> topology_;
  std::vector<std::unique_ptr<IoThread>> threads_;
};

}  // namespace fuju::chassis::redis
