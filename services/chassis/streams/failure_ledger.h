#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"

#include "chassis/streams/lease_term.h"
#include "chassis/streams/persistent_caller.h"
#include "chassis/streams/worker_context.h"

namespace fuju::chassis {

// What is kept in Redis about entries of one partition that could not be handled: attempts and
// crashes, dead letters, and subjects whose later events wait. Every write is fenced by the lease.
// Thread-safe; answers come on an I/O thread, and not at all after the caller was closed.
class FailureLedger {
 public:
  // What an entry is known by.
  struct Entry {
    int source = 0;
    std::string id;
    std::string subject;
    std::string type;
    int64_t version = 0;
    // Of a replayed entry: its place in the replays.
    std::string replay_id;
    bool is_replay() const { return !replay_id.empty(); }
  };
  enum class Answer {
    kDone,
    // Park: the subject is not blocked any more. MarkHandling, and all of a replay: the replay has
    // ended before.
    kNothing,
    kLeaseLost,
  };
  using Then = std::function<void(Answer)>;

  FailureLedger(std::shared_ptr<const WorkerContext> context, std::shared_ptr<LeaseTerm> lease,
                std::shared_ptr<PersistentCaller> caller);

  // `attempts` failed until now, this one included.
  void RecordFailure(const Entry& entry, int attempts, std::string error, Then then) const;

  // `reason` is failed, crashed or unreadable. Blocks the subject unless it is empty. What was to
  // be replayed after a replayed entry waits behind it again.
  void MoveToDeadLetters(const Entry& entry, int attempts, std::string_view reason,
                         std::string error, Then then) const;

  void Park(const Entry& entry, Then then) const;

  // A replayed entry has ended well.
  void FinishReplay(const Entry& entry, Then then) const;

  // Notes that this process handles the entry; answers with the number of processes that died while
  // they did. At `limit` it is not noted.
  void MarkHandling(const Entry& entry, int limit,
                    std::function<void(Answer, int crashes)> then) const;
  // The same for an entry whose handler does not return, when this process is about to end: what
  // comes next is blamed on it. Waits, on a connection of its own: the client may be stuck, too.
  void MarkStuck(const Entry& entry) const;
  // The entry is not being handled now. Sent once, without an answer.
  void UnmarkHandling(const Entry& entry) const;
  // Drops the retry records with these RecordKeys. Sent once, without an answer.
  void DropRecords(const std::vector<std::string>& records) const;

  // What stands there when a partition is taken over. Waits: not on an I/O thread.
  struct Snapshot {
    // RecordKey -> failed attempts; all entries that have a record.
    absl::flat_hash_map<std::string, int> attempts;
    // RecordKey of the entries that a process died of, as far as is known.
    absl::flat_hash_set<std::string> blamed;
    // RecordKey of the entries that are dead letters, or wait behind one, as far as the positions
    // have not passed them.
    absl::flat_hash_set<std::string> ended;
    // A death that was not counted before is one of theirs: nothing else has to be suspected.
    bool explained = false;
    // SubjectKey of each blocked subject.
    absl::flat_hash_set<std::string> blocked;
  };
  // Counts the deaths that it finds. FAILED_PRECONDITION, FENCED when the lease is lost.
  absl::StatusOr<Snapshot> Load() const;

  // RecordKey of all entries in the dead letters and the replays, as their sources had them. Waits:
  // not on an I/O thread.
  absl::StatusOr<absl::flat_hash_set<std::string>> LoadDead() const;

  // "<source>|<entry id>" and "<source>|<subject>".
  std::string RecordKey(int source, std::string_view entry_id) const;
  std::string SubjectKey(int source, std::string_view subject) const;
  // The RecordKey of an entry; a replay has one of its own.
  std::string RecordKey(const Entry& entry) const;
  // Source and id, or source and replay_id, of a RecordKey; absent if it is none of a source that
  // this consumer reads.
  std::optional<Entry> ParseRecordKey(std::string_view record) const;
  // Field of the retry record with this RecordKey that says that the entry is a dead letter, or
  // waits behind one: so it does not become one twice. It goes when the position has passed it.
  static std::string EndedField(std::string_view record);
  // All other fields of it.
  static std::vector<std::string> RecordFields(std::string_view record);

 private:
  void MoveBack(const Entry& entry, int attempts, std::string_view reason, std::string error,
                Then then) const;
  std::string Events(const Entry& entry) const;
  std::string Retries() const;
  std::string DeadLetters() const;
  std::string Blocked() const;
  std::string Replays() const;
  std::string LeaseKey() const;

  const std::shared_ptr<const WorkerContext> context_;
  const std::shared_ptr<LeaseTerm> lease_;
  const std::shared_ptr<PersistentCaller> caller_;
};

}  // namespace fuju::chassis
