#include "chassis/store/update_call.h"

#include <algorithm>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"

#include "chassis/redis/result.h"
#include "chassis/store/aggregate_store.h"
#include "chassis/store/call_time.h"
#include "chassis/store/event_envelope.h"
#include "chassis/store/footprint_change.h"
#include "chassis/store/load_for_request.lua.h"
#include "chassis/store/packed_state.h"
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

const redis::Script& LoadForRequestScript() {
  static const auto* const kScript = new redis::Script(kLoadForRequestLua);
  return *kScript;
}

absl::Status ErrorReply(const redis::Reply& reply) {
  return Refusal(absl::StatusCode::kInternal, "INTERNAL", "内部错误，请联系运维人员",
                 absl::StrCat("Redis answered a read with: ", reply.text()));
}

}  // namespace

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
      request_(command_.request_id.empty()
                   ? std::nullopt
                   : std::optional(context_->keys.RecordOf(partition_, command_.request_scope,
                                                           command_.request_id))),
      decide_(std::move(decide)),
      done_(std::move(done)) {}

void UpdateCall::Start() {
  absl::Duration longest_wait;
  if (!TimeLeft(&longest_wait)) return;
  context_->turns->Take(key_, longest_wait, [self = shared_from_this()](bool has_turn) {
    self->has_turn_ = has_turn;
    self->Begin();
  });
}

void UpdateCall::Begin() {
  current_ = context_->recent->Find(key_);
  if (current_ == nullptr && command_.presumes_new) {
    current_ = std::make_shared<const RawStore::Blob>();
  }
  guessed_ = current_ != nullptr;
  if (!guessed_) return Load();
  Decide();
}

void UpdateCall::Load() {
  absl::Duration timeout;
  if (!TimeLeft(&timeout)) return;
  guessed_ = false;
  const std::string cause = command_.cause.has_value()
                                ? Keys::CauseField(command_.cause->source, command_.cause->subject)
                                : "";
  auto loaded = [self = shared_from_this()](const absl::StatusOr<redis::Reply>& reply) {
    if (!reply.ok()) {
      self->Finish(ForCaller(reply.status(), self->command_.deadline));
    } else {
      self->OnLoaded(*reply);
    }
  };
  if (request_.has_value()) {
    context_->client->Eval(LoadForRequestScript(), {key_, request_->even, request_->odd},
                           {request_->field, cause}, timeout, std::move(loaded));
  } else {
    context_->client->Send({"HMGET", key_, "v", "s", cause}, timeout, std::move(loaded));
  }
}

void UpdateCall::OnLoaded(const redis::Reply& loaded) {
  if (loaded.is_error()) return Finish(ErrorReply(loaded));
  const redis::Reply none;
  const redis::Reply& even = request_.has_value() ? loaded[3] : none;
  const redis::Reply& odd = request_.has_value() ? loaded[4] : none;
  const redis::Reply& request = even.is_nil() ? odd : even;
  absl::StatusOr<RawStore::Blob> blob = UnpackState(loaded[1].text(), location_.id);
  if (!blob.ok()) return Finish(blob.status());
  blob->version = loaded[0].integer();
  current_ = std::make_shared<const RawStore::Blob>(*std::move(blob));

  const bool requested = !request.is_nil();
  const size_t width = command_.fingerprint.size();
  if (requested && request.text().substr(0, width) != command_.fingerprint) {
    return Finish(RequestIdReused());
  }
  const bool handled = command_.cause.has_value() && !loaded[2].is_nil() &&
                       loaded[2].integer() >= command_.cause->version;
  if (!requested && !handled) return Decide();

  // A repeat. The script is still needed where it has to be known that the replicas have the first
  // effect.
  if (context_->options.wait_replicas > 0) return Send(NewCommit());
  if (requested) {
    const std::string created = request.text().substr(width);
    return AnswerRepeat(created.empty() ? location_.id : created);
  }
  FinishUnchanged(/*repeated=*/true);
}

void UpdateCall::Decide() {
  if (!command_.expected_etag.empty() && current_->version > 0 &&
      command_.expected_etag != EtagOf(current_->version)) {
    if (guessed_) return Load();
    return Finish(EtagMismatch(location_.name, current_->version));
  }
  decide_(*current_, [self = shared_from_this()](absl::StatusOr<RawStore::Change> change) {
    self->OnDecided(std::move(change));
  });
}

void UpdateCall::OnDecided(absl::StatusOr<RawStore::Change> change) {
  if (guessed_ && (!change.ok() || !change->changed)) return Load();
  if (!change.ok()) return Finish(change.status());
  if (change->changed && change->facts.empty()) {
    return Finish(
        Refusal(absl::StatusCode::kInternal, "INTERNAL", "内部错误，请联系运维人员",
                absl::StrCat("a decision changes ", location_.name, " without publishing a fact")));
  }

  Commit commit = NewCommit();
  if (change->changed) {
    commit.next_version += static_cast<int64_t>(change->facts.size());
    commit.state = std::move(change->state);
    commit.footprint = Difference(change->before, change->after);
    commit.footprint.claims_barred = std::move(change->unclaimed);
    for (std::string& counter : change->zero_counters) {
      commit.footprint.counter_moves.emplace_back(std::move(counter), 0);
    }
    commit.events = SerializeEvents(change->facts, commit, command_, context_->keys.service(),
                                    context_->clock->Now());
  }
  Send(std::move(commit));
}

Commit UpdateCall::NewCommit() const {
  Commit commit;
  commit.location = location_;
  commit.partition = partition_;
  commit.loaded_version = current_->version;
  commit.next_version = current_->version;
  commit.request = request_;
  // The case that an aggregate belongs to never changes; one without a case starts its own.
  commit.correlation_id = !current_->correlation_id.empty()  ? current_->correlation_id
                          : !command_.correlation_id.empty() ? command_.correlation_id
                                                             : location_.name;
  return commit;
}

void UpdateCall::Send(Commit commit) {
  absl::Duration timeout;
  if (!TimeLeft(&timeout)) return;
  if (absl::Status size = ExamineSize(commit); !size.ok()) return Finish(std::move(size));
  std::shared_ptr<const RawStore::Blob> next;
  if (commit.next_version != commit.loaded_version) {
    next = std::make_shared<const RawStore::Blob>(
        RawStore::Blob{.state = std::move(commit.state),
                       .version = commit.next_version,
                       .correlation_id = commit.correlation_id});
    commit.state =
        context_->options.pack_states ? PackState(*next, location_.id) : PackPlainly(*next);
  }
  CommitQueue::Item item;
  item.keys = CommitKeys(commit, key_, context_->keys);
  item.args = CommitArgs(commit, command_, context_->keys);
  item.deadline = command_.deadline;
  item.done = [self = shared_from_this(), commit = std::move(commit),
               next = std::move(next)](absl::StatusOr<redis::Reply> reply) {
    self->OnAnswer(commit, next, std::move(reply));
  };
  context_->commits->Add(partition_, std::move(item));
}

void UpdateCall::OnAnswer(const Commit& commit, std::shared_ptr<const RawStore::Blob> next,
                          absl::StatusOr<redis::Reply> reply) {
  if (!reply.ok()) {
    context_->recent->Forget(key_);
    return Finish(ForCaller(reply.status(), command_.deadline));
  }
  absl::StatusOr<CommitResult> result = ParseCommitReply(*reply, commit);
  if (!result.ok()) {
    context_->recent->Forget(key_);
    return Finish(result.status());
  }
  switch (result->kind) {
    case CommitResult::Kind::kVersionConflict:
      return OnConflict();
    case CommitResult::Kind::kRepeated:
      return AnswerRepeat(std::move(result->id));
    case CommitResult::Kind::kDone:
      break;
  }
  if (next == nullptr) return FinishUnchanged(/*repeated=*/false);
  context_->recent->Put(key_, next);
  Finish(RawStore::Outcome{.id = location_.id,
                           .version = next->version,
                           .repeated = false,
                           .decided = true,
                           .state = ""});
}

void UpdateCall::OnConflict() {
  context_->recent->Forget(key_);
  // A guess that was wrong is no contest.
  if (guessed_) return Load();
  if (++attempt_ >= context_->options.max_attempts) {
    return Finish(VersionConflict(location_.name, attempt_));
  }
  const absl::Duration ceiling =
      std::min(kFirstBackoff * (1 << std::min(attempt_, 16)), kLongestBackoff);
  auto retry = std::make_shared<Retry>(shared_from_this());
  absl::InsecureBitGen bits;
  context_->client->Schedule(ceiling * absl::Uniform(bits, 0.0, 1.0),
                             [retry] { std::exchange(retry->call, nullptr)->Load(); });
}

void UpdateCall::AnswerRepeat(std::string id) {
  absl::Duration timeout;
  if (!TimeLeft(&timeout)) return;
  // Read only now: the state that was loaded may be from before the first call's effect.
  redis::Command read = {"HMGET", context_->keys.Aggregate(partition_, location_.kind, id), "v",
                         "s"};
  context_->client->Send(
      std::move(read), timeout,
      [self = shared_from_this(), id = std::move(id)](absl::StatusOr<redis::Reply> reply) mutable {
        if (!reply.ok()) return self->Finish(ForCaller(reply.status(), self->command_.deadline));
        if (reply->is_error()) return self->Finish(ErrorReply(*reply));
        absl::StatusOr<RawStore::Blob> blob = UnpackState((*reply)[1].text(), id);
        if (!blob.ok()) return self->Finish(blob.status());
        self->Finish(RawStore::Outcome{.id = std::move(id),
                                       .version = (*reply)[0].integer(),
                                       .repeated = true,
                                       .decided = false,
                                       .state = std::move(blob->state)});
      });
}

void UpdateCall::FinishUnchanged(bool repeated) {
  Finish(RawStore::Outcome{.id = location_.id,
                           .version = current_->version,
                           .repeated = repeated,
                           .decided = false,
                           .state = current_->state});
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
