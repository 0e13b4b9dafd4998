#include "chassis/store/update_call.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/redis/result.h"
#include "chassis/store/aggregate_store.h"
#include "chassis/store/event_envelope.h"
#include "chassis/store/footprint_change.h"
#include "chassis/values/refusal.h"

namespace fuju::chassis {
namespace {

constexpr absl::Duration kFirstBackoff = absl::Milliseconds(2);
constexpr absl::Duration kLongestBackoff = absl::Milliseconds(250);

absl::Status VersionConflict(const std::string& name, int attempts) {
  return Refusal(absl::StatusCode::kAborted, "VERSION_CONFLICT",
                 absl::StrCat("“", name, "”正被多方同时修改，请重试"),
                 absl::StrCat("\"", name, "\" was changed by others in each of ", attempts,
                              " attempts; repeat"))
      .RetryAfter(kLongestBackoff);
}

absl::Status EtagMismatch(const std::string& name, int64_t version) {
  return Refusal(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                 absl::StrCat("“", name, "”在读取之后已被修改，请重新读取"),
                 absl::StrCat("\"", name, "\" has changed since its etag was read; read it again"))
      .With("etag", EtagOf(version));
}

absl::Status ErrorReply(const redis::Reply& reply) {
  return Refusal(absl::StatusCode::kInternal, "INTERNAL", "内部错误，请联系运维人员",
                 absl::StrCat("Redis answered a read with: ", reply.text()));
}

}  // namespace

absl::Duration TimeTo(absl::Time deadline, absl::Duration limit) {
  return std::min(limit, deadline - absl::Now());
}

absl::Status DeadlinePassed() {
  return Refusal(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED", "调用已超时，操作未生效",
                 "the deadline of the call passed before anything was applied");
}

absl::Status ForCaller(const absl::Status& status, absl::Time deadline) {
  // The time-out ran on another clock than the deadline.
  constexpr absl::Duration kClockDifference = absl::Milliseconds(2);
  if (!absl::IsDeadlineExceeded(status) || absl::Now() + kClockDifference >= deadline)
    return status;
  return redis::AnswerLost("no answer in time");
}

// A retry that the stopping client drops still ends the call.
struct UpdateCall::Retry {
  explicit Retry(std::shared_ptr<UpdateCall> retried) : call(std::move(retried)) {}
  ~Retry() {
    if (call != nullptr) call->Finish(redis::NotApplied("the client is stopping"));
  }
  std::shared_ptr<UpdateCall> call;
};

UpdateCall::UpdateCall(std::shared_ptr<const StoreContext> context, RawStore::Location location,
                       Command command, RawStore::Decide decide, Done done)
    : context_(std::move(context)),
      location_(std::move(location)),
      partition_(context_->keys.PartitionOf(location_.route)),
      key_(context_->keys.Aggregate(partition_, location_.kind, location_.id)),
      command_(std::move(command)),
      decide_(std::move(decide)),
      done_(std::move(done)) {}

void UpdateCall::Start() {
  absl::Duration longest_wait;
  if (!TimeLeft(&longest_wait)) return;
  context_->turns->Take(key_, longest_wait, [self = shared_from_this()](bool has_turn) {
    self->has_turn_ = has_turn;
    self->Load();
  });
}

void UpdateCall::Load() {
  absl::Duration timeout;
  if (!TimeLeft(&timeout)) return;
  const Keys& keys = context_->keys;
  redis::Command aggregate = {"HMGET", key_, "v", "s", "c"};
  if (command_.cause.has_value()) {
    aggregate.push_back(Keys::CauseField(command_.cause->source, command_.cause->subject));
  }
  auto self = shared_from_this();
  if (command_.request_id.empty()) {
    context_->client->Send(std::move(aggregate), timeout,
                           [self](absl::StatusOr<redis::Reply> reply) {
                             if (!reply.ok()) {
                               self->Finish(ForCaller(reply.status(), self->command_.deadline));
                             } else {
                               self->OnLoaded(*reply, redis::Reply());
                             }
                           });
    return;
  }
  // The aggregate first: if the record is then found to be absent, the state is from before this
  // request, so the decision can not be made on its own effect.
  auto loaded = std::make_shared<absl::StatusOr<redis::Reply>>(redis::Reply());
  context_->client->Send(
      std::move(aggregate), timeout,
      [loaded](absl::StatusOr<redis::Reply> reply) { *loaded = std::move(reply); });
  context_->client->Send(
      {"HMGET", keys.Request(partition_, command_.request_scope, command_.request_id), "f", "v",
       "s", "i"},
      timeout, [self, loaded](absl::StatusOr<redis::Reply> reply) {
        const absl::Status status = loaded->ok() ? reply.status() : loaded->status();
        if (!status.ok()) {
          self->Finish(ForCaller(status, self->command_.deadline));
        } else {
          self->OnLoaded(**loaded, *reply);
        }
      });
}

void UpdateCall::OnLoaded(const redis::Reply& aggregate, const redis::Reply& request) {
  if (aggregate.is_error()) return Finish(ErrorReply(aggregate));
  if (request.is_error()) return Finish(ErrorReply(request));
  RawStore::Blob current = {.state = aggregate[1].text(),
                            .version = aggregate[0].integer(),
                            .correlation_id = aggregate[2].text()};

  const bool requested = request.is_array() && !request[0].is_nil();
  if (requested && request[0].text() != command_.fingerprint) return Finish(RequestIdReused());
  const bool handled = command_.cause.has_value() && !aggregate[3].is_nil() &&
                       aggregate[3].integer() >= command_.cause->version;
  if (!requested && !handled) return Decide(std::move(current));

  // A repeat. The script is still needed where it acknowledges, or where it has to be known that
  // the replicas have the first effect.
  if (command_.acknowledge.has_value() || context_->options.wait_replicas > 0) {
    return Send(Unchanged(std::move(current)));
  }
  RawStore::Outcome outcome = {.id = location_.id,
                               .state = std::move(current.state),
                               .version = current.version,
                               .repeated = true};
  if (requested) {
    outcome.version = request[1].integer();
    outcome.state = request[2].text();
    outcome.id = request[3].text();
  }
  Finish(std::move(outcome));
}

void UpdateCall::Decide(RawStore::Blob current) {
  if (!command_.expected_etag.empty() && current.version > 0 &&
      command_.expected_etag != EtagOf(current.version)) {
    return Finish(EtagMismatch(location_.name, current.version));
  }
  absl::StatusOr<RawStore::Change> change = decide_(current);
  if (!change.ok()) return Finish(change.status());
  if (change->changed && change->facts.empty()) {
    return Finish(
        Refusal(absl::StatusCode::kInternal, "INTERNAL", "内部错误，请联系运维人员",
                absl::StrCat("a decision changes ", location_.name, " without publishing a fact")));
  }

  Commit commit = Unchanged(std::move(current));
  if (!change->changed) return Send(std::move(commit));
  commit.next_version += static_cast<int64_t>(change->facts.size());
  commit.state = std::move(change->state);
  commit.footprint = Difference(change->before, change->after);
  commit.events = SerializeEvents(change->facts, commit, command_, context_->keys.service(),
                                  context_->clock->Now());
  Send(std::move(commit));
}

Commit UpdateCall::Unchanged(RawStore::Blob current) const {
  Commit commit;
  commit.location = location_;
  commit.partition = partition_;
  commit.loaded_version = current.version;
  commit.next_version = current.version;
  commit.state = std::move(current.state);
  // The case that an aggregate belongs to never changes; one without a case starts its own.
  commit.correlation_id = !current.correlation_id.empty()    ? std::move(current.correlation_id)
                          : !command_.correlation_id.empty() ? command_.correlation_id
                                                             : location_.name;
  return commit;
}

void UpdateCall::Send(Commit commit) {
  absl::Duration timeout;
  if (!TimeLeft(&timeout)) return;
  std::vector<std::string> keys = CommitKeys(commit, command_, context_->keys);
  std::vector<std::string> args =
      CommitArgs(commit, command_, context_->keys, context_->options.request_retention);
  auto answer = [self = shared_from_this(),
                 commit = std::move(commit)](absl::StatusOr<redis::Reply> reply) {
    self->OnAnswer(commit, std::move(reply));
  };
  if (context_->options.wait_replicas > 0) {
    context_->client->EvalAndWait(CommitScript(), std::move(keys), std::move(args),
                                  context_->options.wait_replicas, timeout, std::move(answer));
  } else {
    context_->client->Eval(CommitScript(), std::move(keys), std::move(args), timeout,
                           std::move(answer));
  }
}

void UpdateCall::OnAnswer(const Commit& commit, absl::StatusOr<redis::Reply> reply) {
  if (!reply.ok()) return Finish(ForCaller(reply.status(), command_.deadline));
  absl::StatusOr<std::optional<RawStore::Outcome>> outcome = ParseCommitReply(*reply, commit);
  if (!outcome.ok()) return Finish(outcome.status());
  if (!outcome->has_value()) return OnConflict();
  Finish(**std::move(outcome));
}

void UpdateCall::OnConflict() {
  if (++attempt_ >= context_->options.max_attempts) {
    return Finish(VersionConflict(location_.name, attempt_));
  }
  const absl::Duration ceiling =
      std::min(kFirstBackoff * (1 << std::min(attempt_, 16)), kLongestBackoff);
  auto retry = std::make_shared<Retry>(shared_from_this());
  context_->client->Schedule(ceiling * absl::Uniform(bits_, 0.0, 1.0),
                             [retry] { std::exchange(retry->call, nullptr)->Load(); });
}

void UpdateCall::Finish(absl::StatusOr<RawStore::Outcome> outcome) {
  if (std::exchange(has_turn_, false)) context_->turns->Leave(key_);
  std::exchange(done_, nullptr)(std::move(outcome));
}

bool UpdateCall::TimeLeft(absl::Duration* timeout) {
  *timeout = TimeTo(command_.deadline, context_->options.command_timeout);
  if (*timeout > absl::ZeroDuration()) return true;
  Finish(DeadlinePassed());
  return false;
}

}  // namespace fuju::chassis
