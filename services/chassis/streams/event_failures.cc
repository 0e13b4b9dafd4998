// What the dispatcher does about an entry whose handler failed, or may have killed the process.

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "chassis/streams/backoff.h"
#include "chassis/streams/event_dispatcher.h"
#include "chassis/streams/event_work.h"
#include "chassis/telemetry/log.h"

namespace fuju::chassis {
namespace {

// An entry is given up after so many deaths that it was marked for: fewer than failed attempts,
// because each costs all that the process has in hand. One alone may be somebody who killed the
// process at that moment.
constexpr int kMostCrashes = 3;
// Of a replayed entry: it has been a dead letter before.
constexpr int kReplayCrashes = 2;

}  // namespace

int CrashLimit(const FailureLedger::Entry& entry) {
  return entry.is_replay() ? kReplayCrashes : kMostCrashes;
}

void EventDispatcher::Fail(const WorkPtr& work, const std::string& error) {
  context_->metrics->source(work->entry.source).failed->Increment();
  ++work->attempts;
  work->transients = 0;
  work->has_record = true;
  LogWarning("a reaction failed", {{"source", context_->sources[work->entry.source].name},
                                   {"type", work->entry.type},
                                   {"subject", work->entry.subject},
                                   {"event_version", work->entry.version},
                                   {"entry", work->entry.id},
                                   {"attempt", work->attempts},
                                   {"error", error}});
  {
    const absl::MutexLock lock(&mutex_);
    ++calls_;
  }
  ledger_.RecordFailure(work->entry, work->attempts, error,
                        [self = shared_from_this(), work, error](FailureLedger::Answer answer) {
                          if (self->StillHeld(answer)) self->OnFailureRecorded(work, error);
                          self->EndCall();
                        });
}

void EventDispatcher::RunAgain(const WorkPtr& work, int failures) {
  const ConsumerOptions& options = context_->options;
  {
    const absl::MutexLock lock(&mutex_);
    FreeSuspectSlot(work);
  }
  RunAfter(work, BackoffDelay(failures, options.retry_min, options.retry_max));
  // A suspect that waited may have its turn.
  Pump();
}

void EventDispatcher::RunAfter(const WorkPtr& work, absl::Duration delay) {
  {
    const absl::MutexLock lock(&mutex_);
    changed_->WakeIfArmed();
    if (phase_ != Phase::kActive) return;
    chains_.SetStalled(work->chain, true);
  }
  context_->client->Schedule(delay, [weak = weak_from_this(), work] {
    const std::shared_ptr<EventDispatcher> self = weak.lock();
    if (self == nullptr) return;
    {
      const absl::MutexLock lock(&self->mutex_);
      if (self->phase_ != Phase::kActive) return;
      self->chains_.SetStalled(work->chain, false);
      self->ready_.push_back(work);
    }
    self->Pump();
  });
}

void EventDispatcher::EndOverdue() {
  const SteadyTime now = SteadyNow();
  std::vector<WorkPtr> overdue;
  {
    const absl::MutexLock lock(&mutex_);
    if (phase_ == Phase::kAbandoned) return;
    for (auto it = running_.begin(); it != running_.end();) {
      if (now >= After(it->second->started, context_->options.reaction_timeout)) {
        overdue.push_back(it->second);
        running_.erase(it++);
      } else {
        ++it;
      }
    }
  }
  for (const WorkPtr& work : overdue) {
    Fail(work, absl::StrCat("no answer within ",
                            absl::FormatDuration(context_->options.reaction_timeout)));
  }
}

void EventDispatcher::OnFailureRecorded(const WorkPtr& work, const std::string& error) {
  if (work->attempts < context_->options.max_attempts) return RunAgain(work, work->attempts);
  GiveUp(work, "failed", work->attempts, error);
}

void EventDispatcher::GiveUp(const WorkPtr& work, std::string_view reason, int attempts,
                             std::string error) {
  {
    const absl::MutexLock lock(&mutex_);
    if (phase_ == Phase::kAbandoned) return;
    ++calls_;
  }
  LogError("an event is given up: dead letter",
           {{"source", context_->sources[work->entry.source].name},
            {"partition", lease_->partition()},
            {"type", work->entry.type},
            {"subject", work->entry.subject},
            {"entry", work->entry.id},
            {"attempts", attempts},
            {"reason", reason},
            {"error", error}});
  ledger_.MoveToDeadLetters(work->entry, attempts, reason, std::move(error),
                            [self = shared_from_this(), work](FailureLedger::Answer answer) {
                              if (self->StillHeld(answer)) self->OnGivenUp(work, answer);
                              self->EndCall();
                            });
}

void EventDispatcher::OnGivenUp(const WorkPtr& work, FailureLedger::Answer answer) {
  const StreamMetrics::Source& metrics = context_->metrics->source(work->entry.source);
  if (answer == FailureLedger::Answer::kDone) {
    metrics.dead->Increment();
    metrics.dead_letters->Increment();
    const absl::MutexLock lock(&mutex_);
    if (work->entry.is_replay()) {
      dead_.insert(ledger_.RecordKey(work->entry.source, work->entry.id));
    } else {
      known_.ended.insert(work->record);
    }
    if (!work->entry.subject.empty()) known_.blocked.insert(work->chain);
  }
  if (work->entry.is_replay()) return Retire(work);
  Finish(work);
}

void EventDispatcher::OnMarked(const WorkPtr& work, FailureLedger::Answer answer, int crashes) {
  if (answer == FailureLedger::Answer::kNothing) return Retire(work);
  if (crashes >= CrashLimit(work->entry)) {
    return GiveUp(work, "crashed", crashes,
                  "the process died each time while it handled this event");
  }
  {
    const absl::MutexLock lock(&mutex_);
    work->has_record = true;
    if (phase_ != Phase::kActive) {
      FreeSuspectSlot(work);
      return;
    }
    // At the front: the slot is taken.
    ready_.push_front(work);
  }
  Pump();
}

void EventDispatcher::OnParked(const WorkPtr& work, FailureLedger::Answer answer) {
  if (answer == FailureLedger::Answer::kDone) {
    context_->metrics->source(work->entry.source).parked->Increment();
    {
      const absl::MutexLock lock(&mutex_);
      known_.ended.insert(work->record);
    }
    return Finish(work);
  }
  // An operator has unblocked the subject: its events go on.
  {
    const absl::MutexLock lock(&mutex_);
    known_.blocked.erase(work->chain);
    ready_.push_front(work);
  }
  Pump();
}

void EventDispatcher::BlameCalled() {
  WorkPtr work;
  {
    const absl::MutexLock lock(&mutex_);
    work = called_;
  }
  if (work != nullptr) ledger_.MarkStuck(work->entry);
}

}  // namespace fuju::chassis
