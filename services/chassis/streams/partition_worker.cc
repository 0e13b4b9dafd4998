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
// How soon overdue reactions are noticed while the last ones end.
constexpr absl::Duration kLongestWait = absl::Milliseconds(500);

}  // namespace

PartitionWorker::PartitionWorker(std::shared_ptr<const WorkerContext> context,
                                 std::shared_ptr<LeaseTerm> lease,
                                 std::shared_ptr<StreamPoller> poller,
                                 std::function<void()> on_finished)
    : context_(std::move(context)),
      lease_(std::move(lease)),
      on_finished_(std::move(on_finished)),
      poller_(std::move(poller)),
      caller_(std::make_shared<PersistentCaller>(context_->client, context_->options.retry_min,
                                                 context_->options.retry_max)),
      reader_(context_, lease_,
              std::make_unique<redis::BlockingConnection>(
                  context_->topology, context_->keys.Lease(lease_->partition()))),
      dispatcher_(EventDispatcher::Create(
          context_, lease_, caller_, [lease = lease_] { lease->Lose(); },
          [amiss = amiss_] { amiss->store(true); })),
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
  dispatcher_->Quiesce();
  reader_.Interrupt();
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
  while (Active() && lease_->Valid()) {
    ServeDue();
    if (upkeep_->TakeAmiss() || amiss_->exchange(false)) begun_ = false;
    // After an error Redis may have been restored from a copy: where the groups are now counts.
    if (const absl::Status error = TakeReadError(); !error.ok()) begun_ = Succeeded(error);
    if (!begun_) {
      poller_->Remove(this);
      begun_ = Succeeded(Begin());
      if (begun_) poller_->Add(this);
      continue;
    }
    if (left_out_.load() && dispatcher_->HasRoom()) poller_->Refresh();
    dispatcher_->WaitForChange(UntilDue());
  }
  poller_->Remove(this);
  WaitForEnds();
  finished_.store(true);
  on_finished_();
}

absl::Status PartitionWorker::Begin() {
  const absl::StatusOr<StreamReader::Start> start = reader_.Begin();
  if (!start.ok()) return start.status();
  if (context_->sources.empty()) return absl::OkStatus();
  absl::StatusOr<FailureLedger::Snapshot> snapshot = dispatcher_->ledger().Load();
  if (!snapshot.ok()) return snapshot.status();
  dispatcher_->Restart(*std::move(snapshot), *start);
  if (start->remade > 0) {
    absl::Status skipped = SkipDead();
    if (!skipped.ok()) return skipped;
  }
  absl::StatusOr<std::vector<StreamEntry>> replays = reader_.ReadReplays(dispatcher_->ReplayRoom());
  if (!replays.ok()) return replays.status();
  dispatcher_->Admit(*std::move(replays));
  dispatcher_->ForgetPassed(*start);
  return absl::OkStatus();
}

std::vector<StreamPosition> PartitionWorker::Wanted() {
  if (context_->sources.empty() || !Active()) return {};
  // Before it is looked, so that room that comes right after it is noticed.
  left_out_.store(true);
  if (!dispatcher_->HasRoom()) return {};
  left_out_.store(false);
  return reader_.Positions(dispatcher_->ReplayRoom() > 0);
}

void PartitionWorker::OnRead(const std::vector<redis::Reply>& streams) {
  absl::StatusOr<std::vector<StreamEntry>> entries = reader_.Take(streams);
  if (!entries.ok()) return OnError(entries.status());
  dispatcher_->Admit(*std::move(entries));
}

void PartitionWorker::OnError(const absl::Status& status) {
  {
    const absl::MutexLock lock(&mutex_);
    read_error_ = status;
  }
  dispatcher_->Wake();
}

absl::Status PartitionWorker::TakeReadError() {
  const absl::MutexLock lock(&mutex_);
  return std::exchange(read_error_, absl::OkStatus());
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
  // The groups that it looks at are there.
  if (begun_) upkeep_->RunDue(now);
}

absl::Duration PartitionWorker::UntilDue() const {
  SteadyTime due = upkeep_->next_due();
  if (serves_timers_) due = std::min(due, timers_due_);
  return std::clamp(Between(SteadyNow(), due), absl::Milliseconds(1), context_->options.read_block);
}

void PartitionWorker::WaitForEnds() {
  timers_->Quiesce();
  WaitUntilQuiet();
  dispatcher_->Leave();
  WaitUntilQuiet();
}

void PartitionWorker::WaitUntilQuiet() {
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
