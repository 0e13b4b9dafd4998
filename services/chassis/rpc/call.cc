#include "chassis/rpc/call.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "chassis/rpc/message_digest.h"
#include "chassis/rpc/method_metrics.h"
#include "chassis/rpc/watch_keeper.h"
#include "chassis/telemetry/log.h"
#include "chassis/values/refusal.h"

namespace fuju::chassis {
namespace {

constexpr absl::Duration kSlowCall = absl::Seconds(1);
constexpr int kLogLinesPerSecond = 20;

std::optional<std::string_view> Metadata(grpc::CallbackServerContext* context,
                                         const std::string& key) {
  const auto& all = context->client_metadata();
  const auto found = all.find(grpc::string_ref(key.data(), key.size()));
  if (found == all.end()) return std::nullopt;
  return std::string_view(found->second.data(), found->second.size());
}

// "<role>:<id>": role of a-z and _, id of letters, digits and . _ / -.
bool IsActor(std::string_view text) {
  constexpr size_t kLongestRole = 32;
  constexpr size_t kLongestId = 80;
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view role = text.substr(0, colon);
  const std::string_view id = text.substr(colon + 1);
  if (role.empty() || role.size() > kLongestRole || id.empty() || id.size() > kLongestId) {
    return false;
  }
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto in_role = [&](char c) { return lower(c) || c == '_'; };
  const auto in_id = [&](char c) {
    return lower(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '/' || c == '-';
  };
  return std::all_of(role.begin(), role.end(), in_role) && std::all_of(id.begin(), id.end(), in_id);
}

absl::Status ShuttingDown() {
  return Refusal(absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
                 "服务实例正在停止，请重试，其他实例会应答",
                 "this instance is stopping; repeat the call, another one answers")
      .RetryAfter(absl::Milliseconds(500));
}

// The refusals of calls beyond the limit, taken in turns: their delays are spread, so that those
// who were refused together do not come back together. Made before, because a server that has too
// much to do has no time for them.
using Overloaded = std::array<grpc::Status, 16>;

Overloaded MakeOverloaded() {
  constexpr absl::Duration kDelay = absl::Seconds(1);
  Overloaded refusals;
  for (size_t i = 0; i < refusals.size(); ++i) {
    refusals[i] = ToGrpcStatus(
        Refusal(absl::StatusCode::kResourceExhausted, "OVERLOADED", "服务繁忙，请稍后重试",
                "the service has as many calls as it can end in time; repeat later")
            .RetryAfter(kDelay + kDelay * i / refusals.size())
            .Build());
  }
  return refusals;
}

absl::Status Late() {
  return Refusal(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED", "调用已超时，操作未生效",
                 "the deadline of the call had passed before it began; nothing was applied");
}

absl::Status ActorMissing() {
  return Refusal(absl::StatusCode::kUnauthenticated, "ACTOR_MISSING",
                 "缺少操作人；请在元数据 fuju-actor 中写明“角色:编号”，例如 operator:a01",
                 "nobody is named as acting; send the metadata fuju-actor as \"<role>:<id>\", such "
                 "as \"operator:a01\"");
}

// Lets through a bounded number of log lines a second: when Redis is away every call fails.
class LineBudget {
 public:
  bool Take(absl::Time now) {
    const int64_t second = absl::ToUnixSeconds(now);
    int64_t current = second_.load(std::memory_order_relaxed);
    if (current != second && second_.compare_exchange_strong(current, second)) {
      left_.store(kLogLinesPerSecond, std::memory_order_relaxed);
    }
    return left_.fetch_sub(1, std::memory_order_relaxed) > 0;
  }

 private:
  std::atomic<int64_t> second_{0};
  std::atomic<int> left_{kLogLinesPerSecond};
};

// The etag that an update expects: its own field, or the one of the resource beside the mask.
std::string ExpectedEtag(const google::protobuf::Message& request) {
  const google::protobuf::Descriptor* descriptor = request.GetDescriptor();
  if (descriptor->FindFieldByName("etag") != nullptr) return TextField(request, "etag");
  const google::protobuf::FieldDescriptor* resource = MaskedField(descriptor);
  if (resource == nullptr) return "";
  return TextField(request.GetReflection()->GetMessage(request, resource), "etag");
}

}  // namespace

Command CallInfo::ToCommand(const google::protobuf::Message& request) const {
  Command command;
  command.actor = actor;
  command.request_scope = method.substr(method.find('/') + 1);
  command.request_id = TextField(request, "request_id");
  constexpr size_t kFingerprintBytes = 4;
  command.fingerprint = MessageDigest(method, request, {"request_id"}).substr(0, kFingerprintBytes);
  command.traceparent = trace.ToHeader();
  command.expected_etag = ExpectedEtag(request);
  command.deadline = deadline;
  return command;
}

struct CallGate::Impl {
  Impl(FormatRegistry known_formats, std::shared_ptr<prometheus::Registry> metrics,
       CallLimits call_limits)
      : formats(std::move(known_formats)),
        registry(std::move(metrics)),
        limits(call_limits),
        methods(*registry),
        running_unary(prometheus::BuildGauge()
                          .Name("fuju_rpc_server_running_calls")
                          .Help("Unary calls that run now")
                          .Register(*registry)
                          .Add({})) {}

  void GiveBackPlace();

  absl::Status Check(grpc::CallbackServerContext* context, const google::protobuf::Message& request,
                     bool uploading, CallInfo& call) const;
  void Record(const CallInfo& call, const absl::Status& status, absl::Time started);

  const FormatRegistry formats;
  const std::shared_ptr<prometheus::Registry> registry;
  const CallLimits limits;
  MethodTable methods;
  LineBudget lines;
  std::atomic<bool> draining{false};
  // Admitted and not yet finished.
  std::atomic<int64_t> running{0};
  // Of these, the unary ones.
  std::atomic<int64_t> unary{0};
  // Calls beyond the limit, ever.
  std::atomic<size_t> refused{0};
  const Overloaded overloaded = MakeOverloaded();
  prometheus::Gauge& running_unary;
  absl::Mutex idle_mutex;
  absl::CondVar idle;
  WatchKeeper watches;
};

void CallGate::Impl::GiveBackPlace() {
  unary.fetch_sub(1, std::memory_order_relaxed);
  running_unary.Decrement();
}

absl::Status CallGate::Impl::Check(grpc::CallbackServerContext* context,
                                   const google::protobuf::Message& request, bool uploading,
                                   CallInfo& call) const {
  const std::optional<std::string_view> actor = Metadata(context, "fuju-actor");
  const bool mutation =
      uploading || request.GetDescriptor()->FindFieldByName("request_id") != nullptr;
  if (mutation && (!actor.has_value() || actor->empty())) return ActorMissing();

  Refusal refusal = InvalidFields();
  if (actor.has_value() && !actor->empty()) {
    if (IsActor(*actor)) {
      call.actor = std::string(*actor);
    } else {
      refusal.Field(
          "metadata.fuju-actor",
          "操作人格式不对；须为“角色:编号”，角色为 1 至 32 个小写字母或下划线，编号为 1 至 80 "
          "个字母、数字或 . _ / -",
          "malformed; send \"<role>:<id>\", a role of 1 to 32 of a-z and _, an id of 1 "
          "to 80 letters, digits or . _ / -");
    }
  }
  if (absl::Status status = FindViolations(request, formats, &refusal); !status.ok()) {
    return status;
  }
  if (refusal.has_fields()) return refusal;
  return absl::OkStatus();
}

CallGate::CallGate(FormatRegistry formats, std::shared_ptr<prometheus::Registry> registry,
                   CallLimits limits)
    : impl_(std::make_unique<Impl>(std::move(formats), std::move(registry), limits)) {}

CallGate::~CallGate() = default;

const grpc::Status* CallGate::TakePlace(const google::protobuf::Message& request) {
  // In a drain Admit refuses them all, with a code that is repeated elsewhere.
  if (impl_->unary.fetch_add(1, std::memory_order_relaxed) < impl_->limits.most_running ||
      impl_->draining) {
    impl_->running_unary.Increment();
    return nullptr;
  }
  impl_->unary.fetch_sub(1, std::memory_order_relaxed);
  impl_->methods.Find(request.GetDescriptor())
      ->Count(absl::StatusCode::kResourceExhausted, absl::ZeroDuration());
  return &impl_->overloaded[impl_->refused++ % impl_->overloaded.size()];
}

void CallGate::GiveBackPlace() { impl_->GiveBackPlace(); }

absl::StatusOr<CallInfo> CallGate::Admit(grpc::CallbackServerContext* context,
                                         const google::protobuf::Message& request) {
  const absl::Time now = absl::Now();
  CallInfo call;
  const MethodMetrics* method = impl_->methods.Find(request.GetDescriptor());
  call.method = method->method();
  const std::optional<std::string_view> parent = Metadata(context, "traceparent");
  if (parent.has_value()) call.trace = TraceContext::FromHeader(*parent).Child();
  call.deadline = std::min(absl::FromChrono(context->deadline()), now + impl_->limits.longest);

  absl::Status status;
  if (impl_->draining) {
    status = ShuttingDown();
  } else if (call.deadline <= now) {
    status = Late();
  } else {
    status = impl_->Check(context, request, method->uploading(), call);
  }
  if (status.ok()) {
    ++impl_->running;
    return call;
  }
  impl_->Record(call, status, now);
  return IsOurFault(status.code()) ? WithErrorMetadata(status, "trace_id", call.trace.trace_id())
                                   : status;
}

void CallGate::Finished(const CallInfo& call, const absl::Status& status, absl::Time started) {
  impl_->Record(call, status, started);
  if (!impl_->methods.Find(call.method)->streaming()) impl_->GiveBackPlace();
  if (--impl_->running == 0 && impl_->draining) {
    absl::MutexLock lock(&impl_->idle_mutex);
    impl_->idle.SignalAll();
  }
}

void CallGate::Impl::Record(const CallInfo& call, const absl::Status& status, absl::Time started) {
  const absl::Time now = absl::Now();
  const absl::Duration taken = now - started;
  MethodMetrics* metrics = methods.Find(call.method);
  if (metrics == nullptr) return;
  metrics->Count(status.code(), taken);

  const std::string reason = ReasonOrDefault(status);
  if (IsOurFault(status.code()) && reason != "SHUTTING_DOWN") {
    if (!lines.Take(now)) return;
    LogError("an RPC failed", {{"method", call.method},
                               {"code", absl::StatusCodeToString(status.code())},
                               {"reason", reason},
                               {"error", std::string(status.message())},
                               {"trace_id", call.trace.trace_id()},
                               {"milliseconds", absl::ToDoubleMilliseconds(taken)}});
  } else if (taken > kSlowCall && !metrics->streaming()) {
    if (!lines.Take(now)) return;
    LogWarning("an RPC was slow", {{"method", call.method},
                                   {"code", absl::StatusCodeToString(status.code())},
                                   {"trace_id", call.trace.trace_id()},
                                   {"milliseconds", absl::ToDoubleMilliseconds(taken)}});
  }
}

grpc::Status CallGate::ToWire(const CallInfo& call, const absl::Status& status) {
  if (!IsOurFault(status.code())) return ToGrpcStatus(status);
  return ToGrpcStatus(WithErrorMetadata(status, "trace_id", call.trace.trace_id()));
}

void CallGate::Drain() {
  impl_->draining = true;
  impl_->watches.EndAll(ShuttingDown());
}

bool CallGate::AwaitIdle(absl::Duration patience) {
  const absl::Time end = absl::Now() + patience;
  absl::MutexLock lock(&impl_->idle_mutex);
  while (impl_->running > 0) {
    if (impl_->idle.WaitWithDeadline(&impl_->idle_mutex, end)) return impl_->running == 0;
  }
  return true;
}

WatchKeeper& CallGate::watches() { return impl_->watches; }

}  // namespace fuju::chassis
