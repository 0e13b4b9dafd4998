#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "chassis/streams/wake_signal.h"

namespace fuju::chassis {

// Notices a handler that was called and does not return. A handler only starts its work; one that
// keeps its thread keeps everything: its partition, and on an I/O thread all of the process, with
// leases that are renewed or not, as it happens. A thread can not be taken away from it, so that
// whoever made the watchdog has to end the process; then the event counts as one that kills
// processes. Thread-safe.
class HandlerWatchdog {
 public:
  // The calls of one caller, which makes them one after the other.
  class Pulse {
   public:
    Pulse(std::string where, std::function<void()> on_stuck)
        : where_(std::move(where)), on_stuck_(std::move(on_stuck)) {}
    void Begin() { beats_.fetch_add(1, std::memory_order_relaxed); }
    void End() { beats_.fetch_add(1, std::memory_order_relaxed); }

   private:
    friend class HandlerWatchdog;
    const std::string where_;
    const std::function<void()> on_stuck_;
    // Odd while a handler runs.
    std::atomic<uint64_t> beats_{0};
    // Of the watchdog's thread: what it saw, and how often in a row.
    uint64_t seen_ = 0;
    int looks_ = 0;
  };
  // Begin and End around a scope.
  class Call {
   public:
    explicit Call(Pulse* pulse) : pulse_(pulse) { pulse_->Begin(); }
    ~Call() { pulse_->End(); }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    Pulse* const pulse_;
  };

  // `on_stuck` is told where, on the watchdog's thread, when a call has lasted for `limit` of time
  // in which this process ran: a process that was paused as a whole is not stuck.
  HandlerWatchdog(absl::Duration limit, std::function<void(const std::string& where)> on_stuck);
  ~HandlerWatchdog();

  // `where` is for the log. `on_stuck`, if any, is called first, so that the caller can note what
  // it had called. Watched as long as the caller keeps it.
  std::shared_ptr<Pulse> NewPulse(std::string where, std::function<void()> on_stuck = nullptr);

 private:
  void Main();
  void Look();

  const absl::Duration limit_;
  const std::function<void(const std::string&)> on_stuck_;
  absl::Mutex mutex_;
  std::vector<std::weak_ptr<Pulse>> pulses_ ABSL_GUARDED_BY(mutex_);
  std::atomic<bool> stopping_{false};
  WakeSignal wake_;
  std::thread thread_;
};

}  // namespace fuju::chassis
