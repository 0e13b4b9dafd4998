#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

#include "chassis/streams/persistent_caller.h"
#include "chassis/streams/worker_context.h"

namespace fuju::chassis {

// Acknowledges the done entries of one partition: one call in flight for each source. A call costs
// Redis nearly as much as a commit, and nobody waits for it, so an entry waits a little for others.
// Thread-safe.
class Acknowledger : public std::enable_shared_from_this<Acknowledger> {
 public:
  // `on_idle` is called on an I/O thread each time nothing is left to acknowledge.
  Acknowledger(std::shared_ptr<const WorkerContext> context, int partition,
               std::shared_ptr<PersistentCaller> caller, std::function<void()> on_idle);

  // An entry is done. `retry_fields` of its retry record are dropped with it.
  void Add(int source, std::string entry_id, std::vector<std::string> retry_fields);
  // Sees to it that what was added is acknowledged: at once if it is much, else soon.
  void Plan();
  // Nothing waits for others from now on: the holder is about to go.
  void Hurry();
  bool idle() const;

 private:
  struct Batch {
    std::vector<std::string> ids;
    std::vector<std::string> fields;
    bool in_flight = false;
  };
  void PlanOf(int source);
  void Flush(int source);
  void FlushAll();
  void Send(int source, std::vector<std::string> ids, std::vector<std::string> fields);
  void Answered(int source);

  const std::shared_ptr<const WorkerContext> context_;
  const int partition_;
  const std::shared_ptr<PersistentCaller> caller_;
  const std::function<void()> on_idle_;

  mutable absl::Mutex mutex_;
  std::vector<Batch> batches_ ABSL_GUARDED_BY(mutex_);
  // A FlushAll is to come.
  bool scheduled_ ABSL_GUARDED_BY(mutex_) = false;
  bool hurry_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace fuju::chassis
