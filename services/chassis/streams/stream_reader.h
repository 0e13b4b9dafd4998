#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "chassis/redis/blocking_connection.h"
#include "chassis/streams/lease_term.h"
#include "chassis/streams/stream_entry.h"
#include "chassis/streams/worker_context.h"

namespace fuju::chassis {

// Reads one partition of all source streams for the consumer group, on a connection of its own.
// Reading happens in fenced scripts, which can not block; waiting is an XREAD that wakes up with
// the next entry. Not thread-safe, except Interrupt.
//
// Errors of all calls: FAILED_PRECONDITION, FENCED when the lease is lost; UNAVAILABLE when Redis
// does not answer or answers with an error: try again later.
class StreamReader {
 public:
  StreamReader(std::shared_ptr<const WorkerContext> context, std::shared_ptr<LeaseTerm> lease,
               std::unique_ptr<redis::BlockingConnection> connection);

  // Makes the groups that are missing, at the positions kept for them. Returns how many were made
  // again, that is, had a position or had been seen by this reader. A stream that lost its end goes
  // on behind what groups were given; this, and entries that were removed, are logged and counted.
  absl::StatusOr<int> EnsureGroups();

  // Takes over a page of the pending entries of a source. `cursor` starts as "0-0" and is moved; it
  // is "0-0" again after the last page. Pages may be empty.
  absl::StatusOr<std::vector<StreamEntry>> ClaimPending(int source, std::string& cursor);

  struct Batch {
    // In the order of each stream.
    std::vector<StreamEntry> entries;
    // There may be more to read at once.
    bool more = false;
    // A group was missing and was made again: entries may come a second time.
    bool repaired = false;
  };
  // New entries, and at most `most_replays` new replays of dead letters. `meanwhile` is called when
  // the request is on its way and its answer is waited for; not if it could not be sent.
  absl::StatusOr<Batch> Read(int most_replays, const std::function<void()>& meanwhile = nullptr);

  // The replays after the last one read, at most so many; `from_start`: all from the first.
  absl::StatusOr<std::vector<StreamEntry>> ReadReplays(bool from_start, int most);

  struct Woken {
    // There is a new entry, or a replay.
    bool woken = false;
    // New entries, which Read will bring, too: the group does not have them yet.
    std::vector<StreamEntry> coming;
  };
  // Waits for a new entry, or a replay if these are wanted, at most `wait`.
  absl::StatusOr<Woken> Wait(absl::Duration wait, bool replays);

  // Makes a running and any later Wait fail with UNAVAILABLE. A running read goes on to its end:
  // its answer says what may be acknowledged. Thread-safe.
  void EndWait();
  // Makes a running and any later call fail with UNAVAILABLE. Thread-safe.
  void Interrupt();

 private:
  absl::StatusOr<redis::Reply> CallScript(const redis::Script& script,
                                          const std::vector<std::string>& keys,
                                          const std::vector<std::string>& args,
                                          const std::function<void()>& meanwhile = nullptr);
  // False after EndWait.
  bool BeginWait();
  absl::StatusOr<redis::Reply> CallAndWait(const redis::Command& command, absl::Duration wait);
  void ReportLost(const std::string& stream, const redis::Reply& ensured) const;
  absl::StatusOr<Batch> ParseBatch(const redis::Reply& reply);
  // Gives entries that came without a body the one that Wait has brought; false if it has not.
  bool TakeBodies(std::vector<StreamEntry>& entries);
  // The source of a stream's key; -1: none.
  int SourceOf(const std::string& stream) const;
  // Moves on to the last one of them.
  std::vector<StreamEntry> ParseReplays(const redis::Reply& reply);

  const std::shared_ptr<const WorkerContext> context_;
  const std::shared_ptr<LeaseTerm> lease_;
  const std::unique_ptr<redis::BlockingConnection> connection_;
  // By source: key of the stream, and the last id the group was given.
  std::vector<std::string> streams_;
  std::vector<std::string> delivered_;
  // What the last Wait has brought, until the next Read.
  std::vector<StreamEntry> coming_;
  const std::string replays_;
  std::string last_replay_ = "0-0";
  bool groups_seen_ = false;
  // A wait ended because of an entry, but the read did not get it: the group is further than
  // thought.
  bool woken_ = false;

  absl::Mutex mutex_;
  bool waiting_ ABSL_GUARDED_BY(mutex_) = false;
  bool wait_ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace fuju::chassis
