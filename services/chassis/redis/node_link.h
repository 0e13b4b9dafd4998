#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "absl/random/random.h"
#include "absl/time/time.h"
#include <uv.h>

#include "chassis/redis/connection.h"
#include "chassis/redis/operation.h"
#include "chassis/redis/pipelined_client.h"

namespace fuju::chassis::redis {

// One node as one I/O thread has it: the connection, which is made again with backoff, and the
// commands that wait for it. Of the loop's thread; owned by it until the loop has ended.
class NodeLink : public std::enable_shared_from_this<NodeLink> {
 public:
  // What it needs of its I/O thread.
  struct Thread {
    uv_loop_t* loop;
    std::function<void(absl::Duration delay, std::function<void()> task)> run_after;
    // The connection was lost, or could not be made.
    std::function<void()> lost;
    // As Connection::Events has it.
    std::function<bool(const std::shared_ptr<Operation>& operation, const std::string& error)>
        redirected;
  };

  NodeLink(Endpoint endpoint, const PipelinedClientOptions& options, Thread thread);
  NodeLink(const NodeLink&) = delete;
  NodeLink& operator=(const NodeLink&) = delete;

  // Sends it, or keeps it until there is a connection.
  void Submit(std::shared_ptr<Operation> operation);
  // Whether it keeps a connection also when nothing waits. One that is no longer wanted ends its
  // connection when that is silent.
  void SetWanted(bool wanted);
  // Takes what waits and belongs elsewhere.
  void TakeWaiting(const std::function<bool(const Operation&)>& elsewhere,
                   std::deque<std::shared_ptr<Operation>>& taken);
  void ForgetAnswered(bool all);
  // Ends a connection that has been silent for the limit, although commands wait for an answer.
  void DropIfSilent(absl::Duration limit);
  // Ends the connection; what was sent is answered.
  void Drop(const std::string& cause) { connection_.Drop(cause); }
  void Flush() { connection_.Flush(); }

  // Commands that wait, or have no reply.
  int load() const { return connection_.in_flight() + static_cast<int>(waiting_.size()); }
  bool idle() const { return connection_.closed() && !reconnecting_ && load() == 0 && !wanted_; }
  const std::string& last_error() const { return last_error_; }

 private:
  void OnReady();
  void OnLost(const std::string& cause);
  void Connect();
  void EndWhenSilent();
  void RunAfter(absl::Duration delay, void (NodeLink::*step)());

  const PipelinedClientOptions& options_;
  const Thread thread_;
  Connection connection_;
  std::deque<std::shared_ptr<Operation>> waiting_;
  bool wanted_ = false;
  bool reconnecting_ = false;
  absl::Duration backoff_;
  int64_t attempts_ = 0;
  std::string last_error_ = "not connected yet";
  absl::BitGen bits_;
};

}  // namespace fuju::chassis::redis
