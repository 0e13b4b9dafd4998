#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace fuju::chassis {

// Does an operator's calls, which wait for Redis again and again, one after the other on a thread
// of its own: nothing may wait in a callback of gRPC or Redis. Thread-safe.
class OperatorThread {
 public:
  OperatorThread() : thread_([this] { Main(); }) {}
  ~OperatorThread() { Stop(); }
  OperatorThread(const OperatorThread&) = delete;
  OperatorThread& operator=(const OperatorThread&) = delete;

  // `done` gets what `work` returns; DEADLINE_EXCEEDED if its turn does not come before the
  // deadline; UNAVAILABLE, SHUTTING_DOWN after Stop. It is called once, on the thread, or after
  // Stop by the caller's.
  template <typename Answer>
  void Ask(absl::Time deadline, std::function<absl::StatusOr<Answer>()> work,
           std::function<void(absl::StatusOr<Answer>)> done) {
    Add({.deadline = deadline,
         .run = [work = std::move(work), done = std::move(done)](const absl::Status& admitted) {
           done(admitted.ok() ? work() : absl::StatusOr<Answer>(admitted));
         }});
  }

  // Ends what runs, refuses what waits, joins. Idempotent.
  void Stop();

 private:
  struct Task {
    absl::Time deadline;
    std::function<void(const absl::Status& admitted)> run;
  };
  void Add(Task task);
  void Main();

  absl::Mutex mutex_;
  std::deque<Task> tasks_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Mutex join_mutex_;
  // Last: it uses the members above.
  std::thread thread_;
};

}  // namespace fuju::chassis
