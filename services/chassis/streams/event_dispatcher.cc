#include "chassis/streams/event_dispatcher.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/streams/event_work.h"
#include "chassis/streams/script_codes.h"
#include "chassis/telemetry/log.h"

namespace fuju::chassis {
namespace {

// Entries in hand at most, in read_count, when nearly all of them wait for a retry.
constexpr size_t kMostReads = 64;
// Replays in hand from which no more are read.
constexpr size_t kMostReplays = 1024;

bool IsTransient(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsAborted(status) || absl::IsDeadlineExceeded(status);
}

}  // namespace

std::shared_ptr<EventDispatcher> EventDispatcher::Create(
    std::shared_ptr<const WorkerContext> context, std::shared_ptr<LeaseTerm> lease,
    std::shared_ptr<PersistentCaller> caller, std::function<void()> on_lost,
    std::function<void()> on_amiss) {
  const std::shared_ptr<EventDispatcher> dispatcher(
      new EventDispatcher(std::move(context), std::move(lease), std::move(caller),
                          std::move(on_lost), std::move(on_amiss)));
  dispatcher->pulse_ = dispatcher->context_->watchdog->NewPulse(
      absl::StrCat("a reaction of partition ", dispatcher->lease_->partition()),
      [weak = dispatcher->weak_from_this()] {
        if (const auto self = weak.lock(); self != nullptr) self->BlameCalled();
      });
  return dispatcher;
}

EventDispatcher::EventDispatcher(std::shared_ptr<const WorkerContext> context,
                                 std::shared_ptr<LeaseTerm> lease,
                                 std::shared_ptr<PersistentCaller> caller,
                                 std::function<void()> on_lost, std::function<void()> on_amiss)
    : context_(std::move(context)),
      lease_(std::move(lease)),
      on_lost_([lost = std::move(on_lost), changed = changed_] {
        lost();
        changed->Wake();
      }),
      ledger_(context_, lease_, caller),
      acknowledger_(std::make_shared<Acknowledger>(
          context_, lease_, caller,
          Acknowledger::Signals{.on_change = [changed = changed_] { changed->WakeIfArmed(); },
                                .on_lost = on_lost_,
                                .on_amiss =
                                    [amiss = std::move(on_amiss), changed = changed_] {
                                      amiss();
                                      changed->Wake();
                                    }})) {}

void EventDispatcher::Restart(FailureLedger::Snapshot snapshot, const StreamReader::Start& start) {
  const absl::MutexLock lock(&mutex_);
  known_ = std::move(snapshot);
  for (size_t i = 0; i < start.places.size(); ++i) {
    acknowledger_->Restart(static_cast<int>(i), start.places[i]);
  }
}

void EventDispatcher::SkipDead(const absl::flat_hash_set<std::string>& records) {
  const absl::MutexLock lock(&mutex_);
  dead_.insert(records.begin(), records.end());
}

void EventDispatcher::ForgetPassed(const StreamReader::Start& start) {
  std::vector<std::string> passed;
  {
    const absl::MutexLock lock(&mutex_);
    for (const auto& [record, attempts] : known_.attempts) {
      if (in_hand_.contains(record)) continue;
      const std::optional<FailureLedger::Entry> entry = ledger_.ParseRecordKey(record);
      if (entry.has_value() && !entry->is_replay() &&
          EntryId::Parse(entry->id) > start.places[entry->source].position) {
        continue;
      }
      passed.push_back(record);
    }
    for (const std::string& record : passed) known_.attempts.erase(record);
  }
  ledger_.DropRecords(passed);
}

void EventDispatcher::Admit(std::vector<StreamEntry> entries) {
  {
    const absl::MutexLock lock(&mutex_);
    if (phase_ != Phase::kActive) return;
    for (StreamEntry& entry : entries) AdmitOne(std::move(entry));
  }
  Pump();
}

void EventDispatcher::AdmitOne(StreamEntry entry) {
  FailureLedger::Entry key;
  key.source = entry.source;
  key.id = entry.id;
  key.replay_id = entry.replay_id;
  std::string record = ledger_.RecordKey(key);
  if (!key.is_replay()) {
    const EntryId id = entry.entry_id;
    acknowledger_->Take(entry.source, id);
    if (known_.ended.contains(record)) {
      return acknowledger_->GivenUp(entry.source, id, FailureLedger::EndedField(record));
    }
    if (entry.standing == FormerHolding::Standing::kDone) {
      const bool has_record = known_.attempts.erase(record) > 0;
      return acknowledger_->Done(
          entry.source, id,
          has_record ? FailureLedger::RecordFields(record) : std::vector<std::string>());
    }
    if (Unwanted(entry, record)) {
      context_->metrics->source(entry.source).ignored->Increment();
      return acknowledger_->Done(entry.source, id, {});
    }
  }
  if (in_hand_.contains(record)) return;
  AddToChain(std::move(entry), std::move(record));
}

bool EventDispatcher::Unwanted(const StreamEntry& entry, const std::string& record) const {
  return dead_.contains(record) ||
         (entry.event != nullptr && context_->reactions.Find(entry.event->type()) == nullptr);
}

void EventDispatcher::AddToChain(StreamEntry entry, std::string record) {
  auto work = std::make_shared<Work>();
  work->entry.source = entry.source;
  work->entry.id = entry.id;
  work->entry.replay_id = entry.replay_id;
  work->id = entry.entry_id;
  work->record = record;
  work->blamed = known_.blamed.contains(record);
  work->suspect = work->blamed || work->entry.is_replay() ||
                  (entry.standing == FormerHolding::Standing::kSuspect && !known_.explained);
  if (entry.event != nullptr) {
    work->entry.subject = entry.event->subject();
    work->entry.type = entry.event->type();
    work->entry.version = entry.event->aggregate_version();
    work->event = std::move(entry.event);
  }
  // What can not be read has no subject: it is a chain of its own and nothing waits for it.
  work->chain =
      work->event == nullptr ? record : ledger_.SubjectKey(entry.source, work->entry.subject);
  const auto known = known_.attempts.find(record);
  if (known != known_.attempts.end()) {
    work->attempts = known->second;
    work->tries = known->second;
    work->has_record = true;
  }
  in_hand_.insert(std::move(record));
  if (work->entry.is_replay()) ++replays_;
  if (chains_.Push(work->chain, work)) ready_.push_back(work);
}

bool EventDispatcher::HasRoom() const {
  if (HasRoomNow()) return true;
  changed_->Arm();
  return HasRoomNow();
}

bool EventDispatcher::HasRoomNow() const {
  if (!acknowledger_->HasRoom()) return false;
  const absl::MutexLock lock(&mutex_);
  const size_t read_count = static_cast<size_t>(context_->options.read_count);
  const size_t active = chains_.active() - std::min(chains_.active(), replays_);
  return active < 2 * read_count && chains_.size() - replays_ < kMostReads * read_count;
}

int EventDispatcher::ReplayRoom() const {
  const absl::MutexLock lock(&mutex_);
  return static_cast<int>(kMostReplays - std::min(kMostReplays, replays_));
}

// Only one thread starts work at a time, so a handler that answers at once does not recurse.
void EventDispatcher::Pump() {
  mutex_.Lock();
  if (!pumping_) {
    pumping_ = true;
    while (!ready_.empty()) {
      const WorkPtr work = ready_.front();
      ready_.pop_front();
      mutex_.Unlock();
      Start(work);
      mutex_.Lock();
    }
    pumping_ = false;
  }
  mutex_.Unlock();
  acknowledger_->Plan();
}

EventDispatcher::Step EventDispatcher::NextStep(const WorkPtr& work) {
  if (phase_ != Phase::kActive) return Step::kNone;
  if (work->event == nullptr) return Step::kUnreadable;
  if (!work->entry.is_replay() && known_.blocked.contains(work->chain)) return Step::kPark;
  if (!work->suspect || work->marked) return Step::kRun;
  if (std::exchange(work->blamed, false)) return Step::kLater;
  if (suspect_running_) {
    suspects_.push_back(work);
    return Step::kNone;
  }
  suspect_running_ = true;
  work->marked = true;
  return Step::kMark;
}

void EventDispatcher::Start(const WorkPtr& work) {
  if (!lease_->Valid()) return on_lost_();
  Step step;
  {
    const absl::MutexLock lock(&mutex_);
    step = NextStep(work);
    if (step == Step::kMark || step == Step::kPark) ++calls_;
  }
  switch (step) {
    case Step::kNone:
      return;
    case Step::kUnreadable:
      return GiveUp(work, "unreadable", 0, "the entry has no event that parses");
    case Step::kPark:
      return ledger_.Park(work->entry,
                          [self = shared_from_this(), work](FailureLedger::Answer answer) {
                            if (self->StillHeld(answer)) self->OnParked(work, answer);
                            self->EndCall();
                          });
    case Step::kLater:
      return RunAfter(work, context_->options.lease_ttl);
    case Step::kMark:
      return ledger_.MarkHandling(
          work->entry, CrashLimit(work->entry),
          [self = shared_from_this(), work](FailureLedger::Answer answer, int crashes) {
            if (self->StillHeld(answer)) self->OnMarked(work, answer, crashes);
            self->EndCall();
          });
    case Step::kRun:
      return Run(work);
  }
}

void EventDispatcher::Run(const WorkPtr& work) {
  uint64_t run = 0;
  {
    const absl::MutexLock lock(&mutex_);
    run = ++last_run_;
    work->started = SteadyNow();
    running_[run] = work;
    called_ = work;
  }
  Delivery delivery;
  delivery.event = work->event;
  delivery.attempt = work->tries++;
  delivery.entry_id = work->entry.id;
  delivery.fence = {.partition = lease_->partition(), .lease = lease_->value()};
  const ReactionDone done = [self = shared_from_this(), run,
                             source = work->entry.source](const absl::Status& status) {
    if (IsFenced(status)) self->TellLateCommit(source);
    self->OnAnswer(run, status);
  };
  const Reactions::Handler* handler = context_->reactions.Find(work->event->type());
  // A replay of what this version does not care for.
  if (handler == nullptr) return done(absl::OkStatus());
  const HandlerWatchdog::Call watched(pulse_.get());
  try {
    (*handler)(delivery, done);
  } catch (const std::exception& error) {
    done(absl::InternalError(absl::StrCat("exception: ", error.what())));
  } catch (...) {
    done(absl::InternalError("exception of an unknown type"));
  }
}

// Of a holder that was paused, or cut off: what the fence is for.
void EventDispatcher::TellLateCommit(int source) const {
  context_->metrics->source(source).fenced->Increment();
  LogInfo("a late commit was refused: the partition has another holder",
          {{"partition", lease_->partition()}});
}

void EventDispatcher::OnAnswer(uint64_t run, const absl::Status& status) {
  WorkPtr work;
  {
    const absl::MutexLock lock(&mutex_);
    const auto found = running_.find(run);
    if (found == running_.end()) return;  // answered twice, or after the lease was given up
    work = found->second;
    running_.erase(found);
    if (phase_ == Phase::kAbandoned) return;
    // Not quiet between the end of the run and what follows from it.
    ++calls_;
  }
  Settle(work, status);
  EndCall();
}

void EventDispatcher::Settle(const WorkPtr& work, const absl::Status& status) {
  const StreamMetrics::Source& metrics = context_->metrics->source(work->entry.source);
  metrics.seconds->Observe(absl::ToDoubleSeconds(Between(work->started, SteadyNow())));
  if (status.ok()) {
    metrics.done->Increment();
    return Finish(work);
  }
  if (IsFenced(status)) return on_lost_();
  if (IsTransient(status)) {
    metrics.retried->Increment();
    if (work->marked) ledger_.UnmarkHandling(work->entry);
    return RunAgain(work, ++work->transients);
  }
  Fail(work, absl::StrCat(absl::StatusCodeToString(status.code()), ": ", status.message()));
}

void EventDispatcher::Finish(const WorkPtr& work) {
  {
    const absl::MutexLock lock(&mutex_);
    if (phase_ == Phase::kAbandoned) return;
    if (work->entry.is_replay()) {
      ++calls_;
    } else if (in_hand_.erase(work->record); known_.ended.contains(work->record)) {
      acknowledger_->GivenUp(work->entry.source, work->id, FailureLedger::EndedField(work->record));
    } else {
      acknowledger_->Done(work->entry.source, work->id,
                          work->has_record ? FailureLedger::RecordFields(work->record)
                                           : std::vector<std::string>());
    }
  }
  if (!work->entry.is_replay()) return Retire(work);
  // The next one has to wait for the answer: with this one still there it would be the second.
  ledger_.FinishReplay(work->entry,
                       [self = shared_from_this(), work](FailureLedger::Answer answer) {
                         if (self->StillHeld(answer)) self->Retire(work);
                         self->EndCall();
                       });
}

void EventDispatcher::Retire(const WorkPtr& work) {
  {
    const absl::MutexLock lock(&mutex_);
    if (phase_ == Phase::kAbandoned) return;
    in_hand_.erase(work->record);
    if (work->entry.is_replay()) --replays_;
    known_.attempts.erase(work->record);
    FreeSuspectSlot(work);
    WorkPtr next = chains_.Pop(work->chain);
    if (next != nullptr) ready_.push_back(std::move(next));
  }
  changed_->WakeIfArmed();
  Pump();
}

bool EventDispatcher::StillHeld(FailureLedger::Answer answer) {
  if (answer == FailureLedger::Answer::kLeaseLost) {
    on_lost_();
    return false;
  }
  const absl::MutexLock lock(&mutex_);
  return phase_ != Phase::kAbandoned;
}

void EventDispatcher::EndCall() {
  {
    const absl::MutexLock lock(&mutex_);
    --calls_;
  }
  changed_->WakeIfArmed();
}

void EventDispatcher::FreeSuspectSlot(const WorkPtr& work) {
  if (!work->marked) return;
  work->marked = false;
  suspect_running_ = false;
  if (suspects_.empty()) return;
  ready_.push_back(suspects_.front());
  suspects_.pop_front();
}

void EventDispatcher::Quiesce() {
  {
    const absl::MutexLock lock(&mutex_);
    if (phase_ != Phase::kActive) return;
    phase_ = Phase::kQuiescing;
    ready_.clear();
  }
  acknowledger_->Hurry();
}

bool EventDispatcher::Quiet() const {
  if (QuietNow()) return true;
  changed_->Arm();
  return QuietNow();
}

bool EventDispatcher::QuietNow() const {
  {
    const absl::MutexLock lock(&mutex_);
    if (!running_.empty() || calls_ > 0) return false;
  }
  return acknowledger_->idle();
}

void EventDispatcher::Abandon() {
  const absl::MutexLock lock(&mutex_);
  phase_ = Phase::kAbandoned;
  ready_.clear();
  suspects_.clear();
  running_.clear();
  mutex_.Await(absl::Condition(
      +[](bool* pumping) { return !*pumping; }, &pumping_));
}

}  // namespace fuju::chassis
