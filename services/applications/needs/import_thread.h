#pragma once

#include <deque>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace fuju::applications {

// One thread on which all imports of a process are read and checked, one task after the other: off
// gRPC's threads and Redis', which must not be kept. And a count of what is on its way to Redis, so
// that a stop can wait for it. Thread-safe.
class ImportThread {
 public:
  ImportThread();
  // After Stop.
  ~ImportThread();
  ImportThread(const ImportThread&) = delete;
  ImportThread& operator=(const ImportThread&) = delete;

  // Dropped after Stop.
  void Post(std::function<void()> task);

  // A call to the store begins, and has ended.
  void Begin();
  void Ended();

  // Takes no more tasks, waits for the calls that run, and joins. Idempotent.
  void Stop();

 private:
  void Run();

  absl::Mutex mutex_;
  std::deque<std::function<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace fuju::applications
