#include "chassis/streams/partition_worker.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "chassis/streams/backoff.h"
#include "chassis/streams/script_codes.h"
#include "chassis/telemetry/log.h"

namespace fuju::chassis {
namespace {

constexpr absl::Duration kReconnectMin = absl::Milliseconds(20);
constexpr absl::Duration kReconnectMax = absl::Seconds(1);
constexpr absl::Duration kLongestUnread = absl::Seconds(1);
// How soon overdue reactions are noticed while the last ones end.
constexpr absl::Duration kLongestWait = absl::Milliseconds(500);

}  // namespace

PartitionWorker::PartitionWorker(std::shared_ptr<const WorkerContext> context,
                                 std::shared_ptr<LeaseTerm> lease,
                                 std::function<void()> on_finished)
    : context_(std::move(context)),
      lease_(std::move(lease)),
      on_finished_(std::move(on_finished)),
      caller_(std::make_shared<PersistentCaller>(context_->client, context_->options.retry_min,
                                                 context_->options.retry_max)),
      reader_(context_, lease_,
              std::make_unique<redis::BlockingConnection>(
                  context_->topology, context_->keys.Lease(lease_->partition()))),
      dispatcher_(
          EventDispatcher::Create(context_, lease_, caller_, [lease = lease_] { lease->Lose(); })),
      timers_(std::make_shared<PartitionTimers>(
          context_, lease_, [lease = lease_] { lease->Lose(); },
          [dispatcher = dispatcher_] { dispatcher->Wake(); })),
      upkeep_(std::make_shared<StreamUpkeep>(context_, lease_)),
      serves_timers_(!context_->timers.Kinds().empty()),
      timers_due_(SteadyNow()),
      thread_([this] { Main(); }) {}

PartitionWorker::~PartitionWorker() {
  Abandon();
  thread_.join();
}

void PartitionWorker::Drain() {
  draining_.store(true);
  // A read that runs now may be of an event that a handler has early: only after it that one is
  // acknowledged, and the next holder does not get it once more.
  dispatcher_->Quiesce();
  reader_.EndWait();
  dispatcher_->Wake();
}

void PartitionWorker::Abandon() {
  lease_->Lose();
  abandoned_.store(true);
  dispatcher_->Abandon();
  timers_->Abandon();
  upkeep_->Close();
  caller_->Close();
  reader_.Interrupt();
  dispatcher_->Wake();
}

void PartitionWorker::Main() {
  bool pending_claimed = false;
  while (Active() && lease_->Valid()) {
    ServeDue();
    if (upkeep_->TakeEndLost()) pending_claimed = false;
    if (!pending_claimed) {
      pending_claimed = Succeeded(TakeOver());
    } else if (context_->sources.empty() || !dispatcher_->HasRoom()) {
      dispatcher_->WaitForChange(UntilDue());
    } else {
      // An answer that was lost may have had entries in it: they are pending now.
      pending_claimed = Succeeded(ReadOnce());
    }
  }
  WaitForEnds();
  finished_.store(true);
  on_finished_();
}

absl::Status PartitionWorker::TakeOver() {
  const absl::StatusOr<int> remade = reader_.EnsureGroups();
  if (!remade.ok()) return remade.status();
  if (!context_->sources.empty()) {
    absl::StatusOr<FailureLedger::Snapshot> snapshot = dispatcher_->ledger().Load();
    if (!snapshot.ok()) return snapshot.status();
    dispatcher_->Restore(*std::move(snapshot));
  }
  if (*remade > 0) {
    absl::Status skipped = SkipDead();
    if (!skipped.ok()) return skipped;
  }
  if (absl::Status claimed = ClaimReplays(); !claimed.ok()) return claimed;
  for (size_t source = 0; source < context_->sources.size(); ++source) {
    absl::Status claimed = ClaimPending(static_cast<int>(source));
    if (!claimed.ok()) return claimed;
  }
  // A group that was made again delivers entries whose records are still needed.
  if (*remade == 0) dispatcher_->ForgetOthers();
  return absl::OkStatus();
}

absl::Status PartitionWorker::ClaimReplays() {
  if (context_->sources.empty()) return absl::OkStatus();
  absl::StatusOr<std::vector<StreamEntry>> entries =
      reader_.ReadReplays(/*from_start=*/true, dispatcher_->ReplayRoom());
  if (!entries.ok()) return entries.status();
  dispatcher_->Admit(*std::move(entries));
  return absl::OkStatus();
}

absl::Status PartitionWorker::ClaimPending(int source) {
  std::string cursor = "0-0";
  int claimed = 0;
  do {
    absl::StatusOr<std::vector<StreamEntry>> entries = reader_.ClaimPending(source, cursor);
    if (!entries.ok()) return entries.status();
    claimed += static_cast<int>(entries->size());
    dispatcher_->Admit(*std::move(entries));
    while (Active() && lease_->Valid() && !dispatcher_->HasRoom()) {
      ServeDue();
      dispatcher_->WaitForChange(UntilDue());
    }
  } while (cursor != "0-0" && Active());
  if (claimed > 0) {
    LogInfo("took over pending entries", {{"source", context_->sources[source].name},
                                          {"partition", lease_->partition()},
                                          {"entries", claimed}});
  }
  return absl::OkStatus();
}

absl::Status PartitionWorker::ReadOnce() {
  std::function<void()> begin;
  if (!more_) {
    absl::StatusOr<StreamReader::Woken> wait =
        reader_.Wait(UntilDue(), dispatcher_->ReplayRoom() > 0);
    if (!wait.ok()) return wait.status();
    // Now and then it reads also without a reason, to notice that a group is missing.
    if (!wait->woken && SteadyNow() < After(last_read_, kLongestUnread)) return absl::OkStatus();
    // The read makes its entries pending, which takes a write to the disk: the handlers do not wait
    // for that, only for the read to be on its way, so that a death of theirs is counted.
    if (!wait->coming.empty()) {
      begin = [this, coming = std::move(wait->coming)]() mutable {
        dispatcher_->AdmitEarly(std::move(coming));
      };
    }
  }
  last_read_ = SteadyNow();
  absl::StatusOr<StreamReader::Batch> batch = reader_.Read(dispatcher_->ReplayRoom(), begin);
  if (!batch.ok()) {
    dispatcher_->EndEarly(/*read=*/false);
    return batch.status();
  }
  more_ = batch->more;
  if (batch->repaired) {
    absl::Status skipped = SkipDead();
    if (!skipped.ok()) {
      dispatcher_->EndEarly(/*read=*/false);
      return skipped;
    }
  }
  if (!batch->entries.empty()) dispatcher_->Admit(std::move(batch->entries));
  dispatcher_->EndEarly(/*read=*/true);
  return absl::OkStatus();
}

absl::Status PartitionWorker::SkipDead() {
  const absl::StatusOr<absl::flat_hash_set<std::string>> dead = dispatcher_->ledger().LoadDead();
  if (!dead.ok()) return dead.status();
  dispatcher_->SkipDead(*dead);
  return absl::OkStatus();
}

void PartitionWorker::ServeDue() {
  const SteadyTime now = SteadyNow();
  dispatcher_->EndOverdue();
  if (now >= timers_due_ && serves_timers_) {
    timers_due_ = After(now, context_->options.timer_poll);
    timers_->Poll();
  }
  upkeep_->RunDue(now);
}

absl::Duration PartitionWorker::UntilDue() const {
  SteadyTime due = upkeep_->next_due();
  if (serves_timers_) due = std::min(due, timers_due_);
  return std::clamp(Between(SteadyNow(), due), absl::Milliseconds(1), context_->options.read_block);
}

void PartitionWorker::WaitForEnds() {
  timers_->Quiesce();
  while (!abandoned_.load() && lease_->Valid() && !(dispatcher_->Quiet() && timers_->Quiet())) {
    dispatcher_->EndOverdue();
    dispatcher_->WaitForChange(kLongestWait);
  }
}

bool PartitionWorker::Succeeded(const absl::Status& status) {
  if (status.ok()) {
    failures_ = 0;
    return true;
  }
  if (IsFenced(status)) {
    lease_->Lose();
    return true;
  }
  // Interrupted by Drain or Abandon.
  if (!Active()) return false;
  if (++failures_ == 1) {
    LogWarning("a partition can not be read; trying again",
               {{"partition", lease_->partition()}, {"error", std::string(status.message())}});
  }
  dispatcher_->WaitForChange(BackoffDelay(failures_, kReconnectMin, kReconnectMax));
  return false;
}

}  // namespace fuju::chassis
