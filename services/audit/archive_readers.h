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
#include "absl/time/time.h"
#include <soci/session.h>

namespace fuju::audit {

// A few threads, each with a reading connection of its own: SQLite blocks, so questions to the
// archive never run on the threads of gRPC or of a reaction. Thread-safe.
class ArchiveReaders {
 public:
  struct Options {
    std::string path;
    int threads = 2;
    // Most questions that may wait.
    size_t waiting = 1000;
  };
  // Runs inside one read transaction, so that all its queries see the same moment. May throw
  // std::exception, which becomes a status (archive_database.h).
  using Question = std::function<absl::Status(soci::session&)>;

  // Statuses as of OpenToRead.
  static absl::StatusOr<std::unique_ptr<ArchiveReaders>> Start(const Options& options);
  ~ArchiveReaders();
  ArchiveReaders(const ArchiveReaders&) = delete;
  ArchiveReaders& operator=(const ArchiveReaders&) = delete;

  // `answered` is called once with the question's status, on a thread of this; DEADLINE_EXCEEDED
  // if its turn came too late. UNAVAILABLE at once, on the caller's thread, when too many wait or
  // this is stopping.
  void Ask(absl::Time deadline, Question question, std::function<void(absl::Status)> answered);

  // Answers what waits, then ends. Idempotent.
  void Stop();

 private:
  struct Waiting {
    absl::Time deadline;
    Question question;
    std::function<void(absl::Status)> answered;
  };
  explicit ArchiveReaders(const Options& options) : options_(options) {}
  bool HasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || !queue_.empty(); }
  void Run(std::unique_ptr<soci::session> session);
  absl::Status Answer(std::unique_ptr<soci::session>& session, const Waiting& waiting);

  const Options options_;
  absl::Mutex mutex_;
  std::deque<Waiting> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace fuju::audit
