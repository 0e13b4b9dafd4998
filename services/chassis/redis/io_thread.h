#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include <uv.h>

#include "chassis/redis/node_link.h"
#include "chassis/redis/operation.h"
#include "chassis/redis/pipelined_client.h"

namespace fuju::chassis::redis {

// One thread with a libuv loop and a few connections to each primary. Other threads hand commands
// over through a queue that the loop takes in one go. Submit, Schedule and Defer are thread-safe.
class PipelinedClient::IoThread {
 public:
  explicit IoThread(const PipelinedClientOptions& options);
  // Answers everything with UNAVAILABLE and joins.
  ~IoThread();
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  void Submit(std::shared_ptr<Operation> operation);
  void Schedule(absl::Duration delay, std::function<void()> task);
  void Defer(std::function<void()> task);

  // The moment `delay` from now on the clock of Operation::deadline_ms.
  static uint64_t MsAfter(absl::Duration delay);
  // The I/O thread that runs the caller; null on other threads.
  static IoThread* Current();

 private:
  struct Task {
    uint64_t due_ms;
    std::function<void()> run;
  };
  struct LaterDeadline {
    bool operator()(const std::shared_ptr<Operation>& a,
                    const std::shared_ptr<Operation>& b) const {
      return a->deadline_ms > b->deadline_ms;
    }
  };

  void Run();
  // Lets the loop take what was handed over; the loop's own thread does so before it polls again.
  void Wake() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakeIncoming();
  void BeforePoll();
  void Accept(std::shared_ptr<Operation> operation);
  // To the primary of its slot; kept until there is one.
  void Route(std::shared_ptr<Operation> operation);
  // Null if nobody has the slot.
  NodeLink* LinkOf(int slot) const;
  // Which of the connections to its node a slot takes.
  int LaneOf(int slot) const { return slot % options_.connections; }
  NodeLink& LinkTo(const Address& address, int lane);
  // Takes the topology's layout, if it is another one, and sends what waits where it belongs now.
  void FollowLayout();
  bool Redirected(const Address& from, const std::shared_ptr<Operation>& operation,
                  const std::string& error);
  void RouteLater(std::shared_ptr<Operation> operation);
  void RouteDelayed();
  void RunAfter(absl::Duration delay, std::function<void()> task);
  void ArmTimer();
  // At armed_ms_.
  void ArmLoopTimer();
  void OnTimer();
  void ExpireOperations(uint64_t now_ms);
  void AnswerEverything();

  const PipelinedClientOptions options_;

  // Of the loop's thread.
  uv_loop_t loop_ = {};
  uv_async_t wake_ = {};
  uv_timer_t timer_ = {};
  uv_prepare_t before_poll_ = {};
  std::shared_ptr<const Layout> layout_;
  std::map<std::pair<Address, int>, std::shared_ptr<NodeLink>> links_;  // by node and lane
  std::vector<NodeLink*> primaries_;                 // as layout_ numbers them, each with its lanes
  std::deque<std::shared_ptr<Operation>> homeless_;  // nobody has their slot
  std::deque<std::shared_ptr<Operation>> delayed_;   // a node refused them for now
  // Answered operations stay in it until their time has come.
  std::priority_queue<std::shared_ptr<Operation>, std::vector<std::shared_ptr<Operation>>,
                      LaterDeadline>
      deadlines_;
  std::multimap<uint64_t, std::function<void()>> tasks_;  // by due time
  uint64_t armed_ms_ = Operation::kNoDeadline;
  bool overslept_ = false;

  absl::Mutex mutex_;
  std::vector<std::shared_ptr<Operation>> incoming_ ABSL_GUARDED_BY(mutex_);
  std::vector<Task> incoming_tasks_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::function<void()>> deferred_ ABSL_GUARDED_BY(mutex_);
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;

  int listener_ = 0;
  std::thread thread_;
};

}  // namespace fuju::chassis::redis
