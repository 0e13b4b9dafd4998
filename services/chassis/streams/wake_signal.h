#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "absl/time/time.h"

namespace fuju::chassis {

// Lets one thread sleep until another has something for it. A wake that comes before the wait is
// kept. Waits by the steady clock (absl's waits follow the wall clock, which may jump).
// Thread-safe.
class WakeSignal {
 public:
  void Wake() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      awake_ = true;
    }
    changed_.notify_one();
  }

  // For a waker that has something often, and mostly for nobody: Arm says that the next one counts.
  void Arm() { armed_.store(true); }
  void WakeIfArmed() {
    if (armed_.load(std::memory_order_relaxed) && armed_.exchange(false)) Wake();
  }

  // Waits for a wake, at most `wait`, and takes it.
  void WaitFor(absl::Duration wait) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, absl::ToChronoNanoseconds(wait), [this] { return awake_; });
    awake_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool awake_ = false;
  std::atomic<bool> armed_{false};
};

}  // namespace fuju::chassis
