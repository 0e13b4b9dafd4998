// What the dispatcher does about an entry whose handler failed, or may have killed the process.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/streams/event_dispatcher.h"
#include "chassis/streams/event_work.h"
#include "chassis/telemetry/log.h"

namespace fuju::chassis {
namespace {

// A replayed entry is given up after so many deaths: it has been a dead letter before.
constexpr int kReplayCrashes = 2;

}  // namespace

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
    dead_.insert(ledger_.RecordKey(work->entry.source, work->entry.id));
    if (!work->entry.subject.empty()) known_.blocked.insert(work->chain);
  }
  if (work->entry.is_replay()) return Retire(work);
  Finish(work);
}

void EventDispatcher::OnMarked(const WorkPtr& work, FailureLedger::Answer answer, int crashes) {
  if (answer == FailureLedger::Answer::kNothing) return Retire(work);
  if (crashes >= CrashLimit(work)) {
    return GiveUp(work, "crashed", CrashAttempts(work, crashes),
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
      dead_.insert(work->record);
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

// The two deaths that made it a suspect were not marked, but count. One marked death alone may be
// somebody who killed the process at that moment.
int EventDispatcher::CrashLimit(const WorkPtr& work) const {
  if (work->entry.is_replay()) return kReplayCrashes;
  return std::max<int>(2,
                       context_->options.max_attempts - static_cast<int>(kSuspectDeliveries) + 1);
}

int EventDispatcher::CrashAttempts(const WorkPtr& work, int crashes) const {
  return work->entry.is_replay() ? crashes : crashes + static_cast<int>(kSuspectDeliveries) - 1;
}

}  // namespace fuju::chassis
