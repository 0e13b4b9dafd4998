#pragma once

#include <functional>
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace fuju::chassis {

// Time since some fixed moment, which no jump of the wall clock changes.
absl::Duration MonotonicNow();

// RESOURCE_EXHAUSTED, WATCHER_TOO_SLOW.
absl::Status WatcherTooSlow();

// An open stream as its keeper sees it. Implementations are thread-safe.
class KeptWatch {
 public:
  virtual ~KeptWatch() = default;
  // Called on the keeper's thread when it is due. Returns how long to wait until the next call.
  virtual absl::Duration Tick() = 0;
  // Ends the stream after what is queued.
  virtual void End(absl::Status status) = 0;
};

// Looks after the open streams of a process with two threads for all of them: one for heartbeats,
// one that destroys what ended streams leave behind, where blocking is allowed. Thread-safe.
class WatchKeeper {
 public:
  WatchKeeper();
  // Destroys what is left to be destroyed, and joins. Streams are closed before.
  ~WatchKeeper();
  WatchKeeper(const WatchKeeper&) = delete;
  WatchKeeper& operator=(const WatchKeeper&) = delete;

  // Keeps a stream until Remove; ends it at once during a drain.
  void Add(std::shared_ptr<KeptWatch> watch, absl::Duration first_tick);
  void Remove(const KeptWatch* watch);

  // Destroys the object on the keeper's thread.
  void Dispose(std::shared_ptr<void> object);

  // Ends all streams, and those to come.
  void EndAll(const absl::Status& status);

 private:
  // By MonotonicNow.
  using Schedule = std::multimap<absl::Duration, const KeptWatch*>;
  struct Kept {
    std::shared_ptr<KeptWatch> watch;
    // The end of the schedule while it is being ticked.
    Schedule::iterator place;
  };

  void Beat();
  void Clean();
  void Plan(Kept& kept, absl::Duration wait) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  absl::CondVar beat_;
  absl::CondVar clean_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status ended_ ABSL_GUARDED_BY(mutex_);
  Schedule schedule_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<const KeptWatch*, Kept> kept_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<void>> garbage_ ABSL_GUARDED_BY(mutex_);
  std::thread beater_;
  std::thread cleaner_;
};

}  // namespace fuju::chassis
