#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"

#include "audit/archive_lock.h"
#include "audit/archive_log.h"
#include "audit/metrics.h"
#include "chassis/values/clock.h"

namespace fuju::audit {

// The one writer of an archive: a thread that takes everything that is waiting and commits it in
// one transaction, so that many events share one fsync. Thread-safe.
class ArchiveWriter {
 public:
  struct Options {
    std::string path;
    // Walk over the whole hash chain before the first event is taken. A broken chain is noted as a
    // finding, logged and shown in the metrics; archiving goes on.
    bool verify_at_start = true;
    // Most events of one transaction, and most that may wait.
    size_t batch = 1000;
    size_t waiting = 100'000;
  };
  using Done = std::function<void(absl::Status)>;

  // Locks and opens the file, makes it if it is absent. `clock` and `metrics` outlive it.
  // Statuses as of ArchiveLock::Take and ArchiveLog::Open.
  static absl::StatusOr<std::unique_ptr<ArchiveWriter>> Start(Options options,
                                                              const chassis::Clock* clock,
                                                              AuditMetrics* metrics);
  ~ArchiveWriter();
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  // `done` is called once, on the writer's thread: OK when the event is on disk (or was before);
  // INVALID_ARGUMENT if it is no event that can be archived; UNAVAILABLE if it should be tried
  // again; INTERNAL if the database does not take it. At once, on the caller's thread, when too
  // many wait or the writer is stopping.
  void Append(Arrival arrival, Done done);

  // Commits what waits and ends. Idempotent.
  void Stop();

 private:
  struct Waiting {
    Arrival arrival;
    Done done;
  };

  ArchiveWriter(Options options, const chassis::Clock* clock, AuditMetrics* metrics,
                ArchiveLock lock, std::unique_ptr<ArchiveLog> log);
  absl::Status VerifyChainNow();
  bool HasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || !queue_.empty(); }
  void Run();
  void Commit(std::vector<Waiting> batch);
  // One transaction; the log is opened again after a failure.
  absl::StatusOr<std::vector<Archived>> Write(const std::vector<Waiting>& batch);
  void Answer(Waiting& waiting, const Archived& archived);

  const Options options_;
  const chassis::Clock* const clock_;
  AuditMetrics* const metrics_;
  const ArchiveLock lock_;
  // Null after a failure, until the next transaction. Of the writer's thread.
  std::unique_ptr<ArchiveLog> log_;

  absl::Mutex mutex_;
  std::deque<Waiting> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace fuju::audit
