#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

#include "chassis/streams/event_dispatcher.h"
#include "chassis/streams/lease_term.h"
#include "chassis/streams/partition_timers.h"
#include "chassis/streams/persistent_caller.h"
#include "chassis/streams/stream_poller.h"
#include "chassis/streams/stream_reader.h"
#include "chassis/streams/stream_upkeep.h"
#include "chassis/streams/worker_context.h"

namespace fuju::chassis {

// Serves one held partition. Its thread goes to the positions, and to them anew after a fault, and
// serves timers and upkeep; what comes behind the positions is read, and handed to the handlers, on
// the poller's thread. Thread-safe.
class PartitionWorker final : private StreamPoller::Member {
 public:
  // Starts. `on_finished` is called on the worker's thread when it has stopped by itself: it was
  // drained, or the lease is lost.
  PartitionWorker(std::shared_ptr<const WorkerContext> context, std::shared_ptr<LeaseTerm> lease,
                  std::shared_ptr<StreamPoller> poller, std::function<void()> on_finished);
  // Abandons and joins.
  ~PartitionWorker() override;

  // Stops reading and starting; ends when what runs has ended. Does not wait.
  void Drain();
  // Stops at once: late answers of handlers are ignored. Does not wait.
  void Abandon();
  const LeaseTerm& lease() const { return *lease_; }
  // The thread has nothing more to do.
  bool finished() const { return finished_.load(); }

 private:
  void Main();
  std::vector<StreamPosition> Wanted() override;
  void OnRead(const std::vector<redis::Reply>& streams) override;
  void OnError(const absl::Status& status) override;
  absl::Status Begin();
  absl::Status TakeReadError();
  absl::Status SkipDead();
  // Timers, upkeep and overdue reactions.
  void ServeDue();
  absl::Duration UntilDue() const;
  void WaitForEnds();
  void WaitUntilQuiet();
  bool Active() const { return !draining_.load() && !abandoned_.load(); }
  // Handles the end of a step: false if it has to be tried again, after a wait.
  bool Succeeded(const absl::Status& status);

  const std::shared_ptr<const WorkerContext> context_;
  const std::shared_ptr<LeaseTerm> lease_;
  const std::function<void()> on_finished_;
  const std::shared_ptr<StreamPoller> poller_;
  const std::shared_ptr<PersistentCaller> caller_;
  // The groups have to be looked at.
  const std::shared_ptr<std::atomic<bool>> amiss_ = std::make_shared<std::atomic<bool>>(false);
  // Of the poller's thread while this is a member, else of the worker's.
  StreamReader reader_;
  const std::shared_ptr<EventDispatcher> dispatcher_;
  const std::shared_ptr<PartitionTimers> timers_;
  const std::shared_ptr<StreamUpkeep> upkeep_;

  const bool serves_timers_;
  // Used by the thread only.
  SteadyTime timers_due_;
  int failures_ = 0;
  bool begun_ = false;

  // The poller was told to read nothing for want of room.
  std::atomic<bool> left_out_{false};
  absl::Mutex mutex_;
  absl::Status read_error_ ABSL_GUARDED_BY(mutex_);

  std::atomic<bool> draining_{false};
  std::atomic<bool> abandoned_{false};
  std::atomic<bool> finished_{false};
  std::thread thread_;
};

}  // namespace fuju::chassis
