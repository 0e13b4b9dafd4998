// Templates of call.h; included by it only.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "absl/time/clock.h"

namespace fuju::chassis {
namespace internal {

// Finishes one unary call exactly once, whatever the handler does with its `done`. Thread-safe.
template <typename Response>
class UnaryCompletion {
 public:
  UnaryCompletion(CallGate* gate, CallInfo call, absl::Time started, Response* response,
                  grpc::ServerUnaryReactor* reactor)
      : gate_(gate),
        call_(std::move(call)),
        started_(started),
        response_(response),
        reactor_(reactor) {}
  ~UnaryCompletion() { Finish(absl::InternalError("the handler dropped the call unanswered")); }
  UnaryCompletion(const UnaryCompletion&) = delete;
  UnaryCompletion& operator=(const UnaryCompletion&) = delete;

  const CallInfo& call() const { return call_; }

  // The first answer counts.
  void Finish(absl::StatusOr<Response> answer) {
    if (finished_.exchange(true, std::memory_order_acq_rel)) return;
    if (answer.ok()) *response_ = *std::move(answer);
    const absl::Status status = answer.status();
    gate_->Finished(call_, status, started_);
    // The last step: gRPC may free request, response and context at once.
    reactor_->Finish(CallGate::ToWire(call_, status));
  }

 private:
  CallGate* const gate_;
  const CallInfo call_;
  const absl::Time started_;
  Response* const response_;
  grpc::ServerUnaryReactor* const reactor_;
  std::atomic<bool> finished_{false};
};

}  // namespace internal

template <typename Request, typename Response>
grpc::ServerUnaryReactor* CallGate::Unary(
    grpc::CallbackServerContext* context, const Request* request, Response* response,
    std::function<void(const CallInfo&, const Request&,
                       std::function<void(absl::StatusOr<Response>)> done)>
        handler) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (const grpc::Status* overloaded = TakePlace(*request); overloaded != nullptr) {
    reactor->Finish(*overloaded);
    return reactor;
  }
  const absl::Time started = absl::Now();
  absl::StatusOr<CallInfo> call = Admit(context, *request);
  if (!call.ok()) {
    GiveBackPlace();
    reactor->Finish(ToGrpcStatus(call.status()));
    return reactor;
  }
  auto completion = std::make_shared<internal::UnaryCompletion<Response>>(
      this, *std::move(call), started, response, reactor);
  const CallInfo& info = completion->call();
  handler(info, *request, [completion = std::move(completion)](absl::StatusOr<Response> answer) {
    completion->Finish(std::move(answer));
  });
  return reactor;
}

}  // namespace fuju::chassis
