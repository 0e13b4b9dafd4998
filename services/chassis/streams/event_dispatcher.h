#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "chassis/streams/acknowledger.h"
#include "chassis/streams/failure_ledger.h"
#include "chassis/streams/lease_term.h"
#include "chassis/streams/steady_time.h"
#include "chassis/streams/stream_entry.h"
#include "chassis/streams/stream_reader.h"
#include "chassis/streams/subject_chains.h"
#include "chassis/streams/wake_signal.h"
#include "chassis/streams/worker_context.h"

namespace fuju::chassis {

// Brings the entries of one partition to their handlers: those of one subject in order, one after
// the other, those of different subjects at once. Retries, gives up, parks and acknowledges them.
//
// An entry that a former holder of the partition had in hand is a suspect: it may have killed that
// process. Suspects run one at a time, each marked before it runs, so that a death is blamed on the
// one that caused it and not on those that were in flight beside it. What is blamed runs again only
// after the time of a lease, so that all others that waited for this holder go before it: a death
// costs them the time without a holder once, not again and again. A handler that does not return
// is blamed at once, before the process ends.
//
// A replayed entry is a suspect too, so each is marked before it runs; the mark also says whether
// it still is to be replayed: after a letter that failed again, what came after it waits once more.
// Its subject stays blocked in Redis until the last replay has ended, and new entries go behind it.
//
// Thread-safe. Held by a shared_ptr: answers of handlers keep it alive.
class EventDispatcher : public std::enable_shared_from_this<EventDispatcher> {
 public:
  // On any thread: `on_lost` when a script or a commit said that the lease is lost; `on_amiss` when
  // the group has to be looked at, and everything begun anew (Restart).
  static std::shared_ptr<EventDispatcher> Create(std::shared_ptr<const WorkerContext> context,
                                                 std::shared_ptr<LeaseTerm> lease,
                                                 std::shared_ptr<PersistentCaller> caller,
                                                 std::function<void()> on_lost,
                                                 std::function<void()> on_amiss);

  // What is known from before, and from where on entries come next. Call it before the first Admit;
  // later, too, when entries come once more. What is in hand then is not taken again.
  void Restart(FailureLedger::Snapshot snapshot, const StreamReader::Start& start);
  // Entries that are dead letters already; a group that was made again delivers them once more.
  void SkipDead(const absl::flat_hash_set<std::string>& records);

  // Drops the retry records of entries that the positions have passed, and of replays that are not
  // in hand: they have ended, and the process did before it could drop them.
  void ForgetPassed(const StreamReader::Start& start);

  // Takes entries, in the order of their streams.
  void Admit(std::vector<StreamEntry> entries);

  // False while so much is in hand that nothing more should be read; then WaitForChange returns
  // when that may be over. Replays do not count, so that many of them do not keep new entries
  // waiting.
  bool HasRoom() const;
  // How many replays may be read.
  int ReplayRoom() const;
  // Waits until something has changed that HasRoom or Quiet said no to, or that has to be looked
  // at, at most `wait`. One thread.
  void WaitForChange(absl::Duration wait) { changed_->WaitFor(wait); }
  // Makes WaitForChange return.
  void Wake() { changed_->Wake(); }

  // Ends the attempts that have taken too long: each counts as failed, its late answer is ignored.
  void EndOverdue();

  const FailureLedger& ledger() const { return ledger_; }

  // Starts nothing more from now on.
  void Quiesce();
  // After Quiesce: what ran has ended and is acknowledged. If not, WaitForChange returns when that
  // may be so.
  bool Quiet() const;
  // After that: tells the next holder that nothing has to be suspected. Quiet again when it is
  // told.
  void Leave() { acknowledger_->Leave(); }
  // Everything that is still in hand is dropped; the next holder gets it. Waits until no handler is
  // being called, and none is called afterwards.
  void Abandon();

 private:
  struct Work;
  using WorkPtr = std::shared_ptr<Work>;
  enum class Phase { kActive, kQuiescing, kAbandoned };
  enum class Step { kNone, kRun, kMark, kPark, kLater, kUnreadable };

  EventDispatcher(std::shared_ptr<const WorkerContext> context, std::shared_ptr<LeaseTerm> lease,
                  std::shared_ptr<PersistentCaller> caller, std::function<void()> on_lost,
                  std::function<void()> on_amiss);

  void AdmitOne(StreamEntry entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // No handler is to have it.
  bool Unwanted(const StreamEntry& entry, const std::string& record) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddToChain(StreamEntry entry, std::string record) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasRoomNow() const;
  bool QuietNow() const;
  Step NextStep(const WorkPtr& work) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Pump();
  void Start(const WorkPtr& work);
  void Run(const WorkPtr& work);
  void TellLateCommit(int source) const;
  void OnAnswer(uint64_t run, const absl::Status& status);
  void Settle(const WorkPtr& work, const absl::Status& status);
  void RunAgain(const WorkPtr& work, int failures);
  // Its subject waits with it.
  void RunAfter(const WorkPtr& work, absl::Duration delay);
  // On the watchdog's thread, before the process ends: the handler called last does not return.
  void BlameCalled();
  void Fail(const WorkPtr& work, const std::string& error);
  void GiveUp(const WorkPtr& work, std::string_view reason, int attempts, std::string error);
  void OnFailureRecorded(const WorkPtr& work, const std::string& error);
  void OnGivenUp(const WorkPtr& work, FailureLedger::Answer answer);
  void OnMarked(const WorkPtr& work, FailureLedger::Answer answer, int crashes);
  void OnParked(const WorkPtr& work, FailureLedger::Answer answer);
  void Finish(const WorkPtr& work);
  // The work is out of hand: the next one of its subject may start.
  void Retire(const WorkPtr& work);
  // False if an answer of the ledger does not matter any more.
  bool StillHeld(FailureLedger::Answer answer);
  // After everything that follows from an answer has begun.
  void EndCall();
  void FreeSuspectSlot(const WorkPtr& work) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::shared_ptr<const WorkerContext> context_;
  const std::shared_ptr<LeaseTerm> lease_;
  const std::shared_ptr<WakeSignal> changed_ = std::make_shared<WakeSignal>();
  const std::function<void()> on_lost_;
  const FailureLedger ledger_;
  std::shared_ptr<HandlerWatchdog::Pulse> pulse_;
  const std::shared_ptr<Acknowledger> acknowledger_;

  mutable absl::Mutex mutex_;
  Phase phase_ ABSL_GUARDED_BY(mutex_) = Phase::kActive;
  SubjectChains<WorkPtr> chains_ ABSL_GUARDED_BY(mutex_);
  // RecordKey of everything in hand, to tell a repeat from a new entry.
  absl::flat_hash_set<std::string> in_hand_ ABSL_GUARDED_BY(mutex_);
  FailureLedger::Snapshot known_ ABSL_GUARDED_BY(mutex_);
  // Given up in this term, or before a group was made again.
  absl::flat_hash_set<std::string> dead_ ABSL_GUARDED_BY(mutex_);
  // Heads of chains that may start now.
  std::deque<WorkPtr> ready_ ABSL_GUARDED_BY(mutex_);
  bool pumping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_map<uint64_t, WorkPtr> running_ ABSL_GUARDED_BY(mutex_);
  uint64_t last_run_ ABSL_GUARDED_BY(mutex_) = 0;
  WorkPtr called_ ABSL_GUARDED_BY(mutex_);
  // Calls to the ledger and ends of reactions that are not through yet.
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
  bool suspect_running_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<WorkPtr> suspects_ ABSL_GUARDED_BY(mutex_);
  // Replays in hand.
  size_t replays_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace fuju::chassis
