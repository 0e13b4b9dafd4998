#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

#include "chassis/streams/persistent_caller.h"
#include "chassis/streams/worker_context.h"

namespace fuju::chassis {

// Acknowledges the done entries of one partition: one call in flight for each source, what is done
// meanwhile goes with the next one. Thread-safe.
class Acknowledger : public std::enable_shared_from_this<Acknowledger> {
 public:
  // `on_idle` is called on an I/O thread each time nothing is left to acknowledge.
  Acknowledger(std::shared_ptr<const WorkerContext> context, int partition,
               std::shared_ptr<PersistentCaller> caller, std::function<void()> on_idle);

  // An entry is done. `retry_fields` of its retry record are dropped with it. Sent by Flush.
  void Add(int source, std::string entry_id, std::vector<std::string> retry_fields);
  void Flush();
  bool idle() const;

 private:
  struct Batch {
    std::vector<std::string> ids;
    std::vector<std::string> fields;
    bool in_flight = false;
  };
  void Send(int source, std::vector<std::string> ids, std::vector<std::string> fields);
  void Answered(int source);

  const std::shared_ptr<const WorkerContext> context_;
  const int partition_;
  const std::shared_ptr<PersistentCaller> caller_;
  const std::function<void()> on_idle_;

  mutable absl::Mutex mutex_;
  std::vector<Batch> batches_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fuju::chassis
