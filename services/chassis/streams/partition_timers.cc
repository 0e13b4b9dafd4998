#include "chassis/streams/partition_timers.h"

#include <exception>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "chassis/streams/backoff.h"
#include "chassis/streams/script_codes.h"
#include "chassis/telemetry/log.h"

namespace fuju::chassis {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(2);

// Reads "<kind>|<id>|<name>".
bool ParseMember(const std::string& member, DueTimer& timer) {
  const size_t first = member.find('|');
  const size_t last = member.rfind('|');
  if (first == std::string::npos || first == last) return false;
  timer.kind = member.substr(0, first);
  timer.id = member.substr(first + 1, last - first - 1);
  timer.name = member.substr(last + 1);
  return true;
}

}  // namespace

PartitionTimers::PartitionTimers(std::shared_ptr<const WorkerContext> context,
                                 std::shared_ptr<LeaseTerm> lease, std::function<void()> on_lost,
                                 std::function<void()> on_quiet)
    : context_(std::move(context)),
      lease_(std::move(lease)),
      on_lost_(std::move(on_lost)),
      on_quiet_(std::move(on_quiet)),
      pulse_(context_->watchdog->NewPulse(
          absl::StrCat("a timer of partition ", lease_->partition()))) {}

void PartitionTimers::Poll() {
  size_t busy = 0;
  {
    const absl::MutexLock lock(&mutex_);
    if (!active_ || asking_) return;
    asking_ = true;
    EndOverdue();
    busy = calls_.size();
  }
  // So many more that those which run or wait for a retry can not hide the others.
  const size_t limit = busy + static_cast<size_t>(context_->options.read_count);
  context_->client->Send(
      {"ZRANGEBYSCORE", context_->keys.Timers(lease_->partition()), "-inf",
       absl::StrCat(absl::ToUnixMillis(context_->clock->Now())), "WITHSCORES", "LIMIT", "0",
       absl::StrCat(limit)},
      kTimeout,
      [self = shared_from_this(), asked = SteadyNow()](const absl::StatusOr<redis::Reply>& reply) {
        if (reply.ok() && reply->is_array()) return self->OnDue(*reply, asked);
        const absl::MutexLock lock(&self->mutex_);
        self->asking_ = false;
      });
}

void PartitionTimers::OnDue(const redis::Reply& reply, SteadyTime asked) {
  std::vector<Due> chosen;
  {
    const absl::MutexLock lock(&mutex_);
    asking_ = false;
    if (!active_) return;
    if (!lease_->Valid()) return;
    chosen = Choose(reply, asked);
    ++calling_;
  }
  for (const Due& due : chosen) Fire(due);
  const absl::MutexLock lock(&mutex_);
  --calling_;
}

std::vector<PartitionTimers::Due> PartitionTimers::Choose(const redis::Reply& reply,
                                                          SteadyTime asked) {
  const SteadyTime now = SteadyNow();
  std::vector<Due> chosen;
  absl::flat_hash_set<std::string> still_due;
  for (size_t i = 0; i + 1 < reply.size(); i += 2) {
    const std::string& member = reply[i].text();
    const int64_t due_ms = reply[i + 1].integer();
    still_due.insert(member);
    Call& call = calls_[member];
    if (call.run != 0) continue;
    if (call.due_ms != due_ms) {
      call = Call();
      call.due_ms = due_ms;
    }
    // Asked before the handler had answered: the list may show what it has cleared.
    if (now < call.not_before || asked < call.answered) continue;
    Due due{.member = member, .timer = {}, .handler = nullptr, .run = 0};
    if (ParseMember(member, due.timer)) due.handler = context_->timers.Find(due.timer.kind);
    if (due.handler == nullptr) {
      LogWarning("nobody handles this timer", {{"timer", member}});
      BackOff(call);
      continue;
    }
    due.timer.due = absl::FromUnixMillis(due_ms);
    due.timer.fence = {.partition = lease_->partition(), .lease = lease_->value()};
    due.run = ++last_run_;
    call.run = due.run;
    call.started = now;
    ++running_;
    chosen.push_back(std::move(due));
  }
  // What is not due any more was handled.
  for (auto it = calls_.begin(); it != calls_.end();) {
    if (it->second.run == 0 && !still_due.contains(it->first)) {
      calls_.erase(it++);
    } else {
      ++it;
    }
  }
  return chosen;
}

void PartitionTimers::EndOverdue() {
  const SteadyTime now = SteadyNow();
  for (auto& [member, call] : calls_) {
    if (call.run == 0 || now < After(call.started, context_->options.reaction_timeout)) continue;
    LogWarning("a timer's handler did not answer in time", {{"timer", member}});
    call.run = 0;
    --running_;
    BackOff(call);
  }
}

void PartitionTimers::BackOff(Call& call) {
  ++call.failures;
  call.not_before = After(SteadyNow(), BackoffDelay(call.failures, context_->options.retry_min,
                                                    context_->options.retry_max));
}

void PartitionTimers::Fire(const Due& due) {
  {
    const absl::MutexLock lock(&mutex_);
    if (abandoned_) return;
  }
  context_->metrics->timer_late().Observe(
      absl::ToDoubleSeconds(context_->clock->Now() - due.timer.due));
  const ReactionDone done = [self = shared_from_this(), member = due.member, kind = due.timer.kind,
                             run = due.run](const absl::Status& status) {
    self->OnAnswer(member, kind, run, status);
  };
  const HandlerWatchdog::Call watched(pulse_.get());
  try {
    (*due.handler)(due.timer, done);
  } catch (const std::exception& error) {
    done(absl::InternalError(absl::StrCat("exception: ", error.what())));
  } catch (...) {
    done(absl::InternalError("exception of an unknown type"));
  }
}

void PartitionTimers::OnAnswer(const std::string& member, const std::string& kind, uint64_t run,
                               const absl::Status& status) {
  bool quiet = false;
  {
    const absl::MutexLock lock(&mutex_);
    if (abandoned_) return;
    const auto found = calls_.find(member);
    // Answered twice, or too late.
    if (found == calls_.end() || found->second.run != run) return;
    found->second.run = 0;
    found->second.answered = SteadyNow();
    --running_;
    // After a success too: if it is due nevertheless, it is not called in a hot loop.
    BackOff(found->second);
    quiet = !active_ && running_ == 0;
  }
  const StreamMetrics::TimerKind& metrics = context_->metrics->timer_kind(kind);
  if (status.ok()) {
    metrics.done->Increment();
  } else {
    metrics.failed->Increment();
    LogWarning(
        "a timer failed",
        {{"timer", member},
         {"error", absl::StrCat(absl::StatusCodeToString(status.code()), ": ", status.message())}});
    if (IsFenced(status)) on_lost_();
  }
  if (quiet) on_quiet_();
}

void PartitionTimers::Quiesce() {
  const absl::MutexLock lock(&mutex_);
  active_ = false;
}

bool PartitionTimers::Quiet() const {
  const absl::MutexLock lock(&mutex_);
  return running_ == 0;
}

void PartitionTimers::Abandon() {
  const absl::MutexLock lock(&mutex_);
  active_ = false;
  abandoned_ = true;
  mutex_.Await(absl::Condition(
      +[](int* calling) { return *calling == 0; }, &calling_));
}

}  // namespace fuju::chassis
