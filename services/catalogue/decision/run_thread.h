#pragma once

#include <deque>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace fuju::catalogue {

// Long runs take turns on this one thread, a page each, so that several together take no more than
// one core, and none of them the threads of calls and of Redis. The thread gives way to these: it
// runs at a lower priority. Thread-safe.
class RunThread {
 public:
  RunThread();
  // Joins; what still waits is dropped.
  ~RunThread();
  RunThread(const RunThread&) = delete;
  RunThread& operator=(const RunThread&) = delete;

  // Behind what waits already.
  void Post(std::function<void()> turn);

 private:
  void Work();

  absl::Mutex mutex_;
  std::deque<std::function<void()>> turns_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace fuju::catalogue
