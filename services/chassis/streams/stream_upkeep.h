#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "chassis/streams/lease_term.h"
#include "chassis/streams/steady_time.h"
#include "chassis/streams/worker_context.h"

namespace fuju::chassis {

// What the holder of a partition does beside handling: trims the service's own stream, and measures
// the backlog. Never waits. RunDue is for one thread; held by a shared_ptr, because answers come
// later.
class StreamUpkeep : public std::enable_shared_from_this<StreamUpkeep> {
 public:
  StreamUpkeep(std::shared_ptr<const WorkerContext> context, std::shared_ptr<LeaseTerm> lease);

  // Does what is due now.
  void RunDue(SteadyTime now);
  // True once after it was seen that a stream lost its end, or its group: these have to be looked
  // at.
  bool TakeAmiss() { return amiss_.exchange(false); }
  // When the next thing is due.
  SteadyTime next_due() const;
  // Answers are ignored from now on.
  void Close();

 private:
  void Trim();
  // Where `overdue` is zero `group` is nobody.
  void ShowOverdue(const std::string& stream, const std::string& group, absl::Duration overdue);
  void MeasureBacklog();

  const std::shared_ptr<const WorkerContext> context_;
  const std::shared_ptr<LeaseTerm> lease_;
  SteadyTime trim_due_;
  SteadyTime backlog_due_;

  std::atomic<bool> amiss_{false};

  absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool told_missing_ ABSL_GUARDED_BY(mutex_) = false;
  bool told_overdue_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace fuju::chassis
