#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

#include "chassis/redis/reply.h"
#include "chassis/streams/lease_term.h"
#include "chassis/streams/steady_time.h"
#include "chassis/streams/worker_context.h"

namespace fuju::chassis {

// Calls the handlers of a partition's due timers: one call at a time for each timer, again with
// backoff while it stays due. Redis keeps the timers, the commit clears them; only the backoff is
// in memory. Thread-safe. Held by a shared_ptr: answers of handlers keep it alive.
class PartitionTimers : public std::enable_shared_from_this<PartitionTimers> {
 public:
  // `on_lost` is called, on any thread, when a commit said that the lease is lost; `on_quiet` when
  // the last handler that ran after Quiesce has answered.
  PartitionTimers(std::shared_ptr<const WorkerContext> context, std::shared_ptr<LeaseTerm> lease,
                  std::function<void()> on_lost, std::function<void()> on_quiet);

  // Asks Redis what is due, by the wall clock, and calls the handlers on an I/O thread.
  void Poll();

  // Starts nothing more from now on.
  void Quiesce();
  // After Quiesce: no handler runs.
  bool Quiet() const;
  // Late answers are ignored from now on. Waits until no handler is being called, and none is
  // called afterwards.
  void Abandon();

 private:
  // One timer that was called and may be still due.
  struct Call {
    // Due time of the timer that was called, ms.
    int64_t due_ms = 0;
    // Which call the answer has to belong to; 0 while none runs.
    uint64_t run = 0;
    SteadyTime started;
    SteadyTime answered;
    int failures = 0;
    SteadyTime not_before;
  };
  struct Due {
    std::string member;
    DueTimer timer;
    const TimerHandlers::Handler* handler;
    uint64_t run;
  };
  // `asked` is when Redis was asked.
  void OnDue(const redis::Reply& reply, SteadyTime asked);
  std::vector<Due> Choose(const redis::Reply& reply, SteadyTime asked)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void EndOverdue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void BackOff(Call& call) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Fire(const Due& due);
  void OnAnswer(const std::string& member, const std::string& kind, uint64_t run,
                const absl::Status& status);

  const std::shared_ptr<const WorkerContext> context_;
  const std::shared_ptr<LeaseTerm> lease_;
  const std::function<void()> on_lost_;
  const std::function<void()> on_quiet_;
  const std::shared_ptr<HandlerWatchdog::Pulse> pulse_;

  mutable absl::Mutex mutex_;
  bool active_ ABSL_GUARDED_BY(mutex_) = true;
  bool abandoned_ ABSL_GUARDED_BY(mutex_) = false;
  bool asking_ ABSL_GUARDED_BY(mutex_) = false;
  // Threads that call handlers now.
  int calling_ ABSL_GUARDED_BY(mutex_) = 0;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t last_run_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<std::string, Call> calls_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fuju::chassis
