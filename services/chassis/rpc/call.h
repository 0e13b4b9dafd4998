#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include "chassis/rpc/status.h"
#include "chassis/rpc/validation.h"
#include "chassis/store/command.h"
#include "chassis/telemetry/trace_context.h"

namespace prometheus {
class Registry;
}

namespace fuju::chassis {

class WatchKeeper;

// What the edge knows of one call before the handler runs. A value.
struct CallInfo {
  // "fuju.applications.v1.ApplicationsService/SubmitApplication".
  std::string method;
  // "<role>:<id>" from the metadata "fuju-actor"; empty on a read without it.
  std::string actor;
  TraceContext trace = TraceContext::New();
  // The caller's deadline, or now + the configured longest time if it set none or a later one.
  absl::Time deadline;

  // The command of this call. The request's field request_id is taken, its scope is the name of the
  // method; the fingerprint is the beginning, 4 bytes, of a SHA-256 over the full method
  // and the deterministically serialised request without request_id; the
  // request's field etag becomes expected_etag, or, beside an update_mask, the resource's own.
  Command ToCommand(const google::protobuf::Message& request) const;
};

// How much one server takes on.
struct CallLimits {
  // The longest time for one call.
  absl::Duration longest = absl::Seconds(10);
  // Unary calls that run at once; what comes above is refused at once, so that those that run end
  // in time.
  int most_running = 512;
};

// Shared by all calls of a server: validation, metrics per method, log lines, limits. Thread-safe.
// Outlives the server.
class CallGate {
 public:
  // `formats` are the service's named formats. Registers
  //   fuju_rpc_server_handled_total{method,code}, fuju_rpc_server_handling_seconds{method} (unary
  //   calls), fuju_rpc_server_running_calls (unary). A method is the one whose request message it
  //   is: one request type for each.
  CallGate(FormatRegistry formats, std::shared_ptr<prometheus::Registry> registry,
           CallLimits limits);
  // Destroys what ended watches left behind, waiting for it.
  ~CallGate();
  CallGate(const CallGate&) = delete;
  CallGate& operator=(const CallGate&) = delete;

  // Runs a unary call: reads metadata, refuses calls during a drain, beyond the limit
  // (RESOURCE_EXHAUSTED, OVERLOADED with a retry delay) and after their deadline, mutations
  // (requests with a request_id field) without an actor, and what ValidateMessage refuses (all
  // violations at once); then `handler`, whose `done` may be called on any thread, once. The answer
  // is moved into *response. CallInfo and Request live until `done` is called. A handler that drops
  // `done` without a call answers INTERNAL. Status details are attached as rpc/status.h describes;
  // metrics and one log line for each error of our side and slow call are written.
  template <typename Request, typename Response>
  grpc::ServerUnaryReactor* Unary(
      grpc::CallbackServerContext* context, const Request* request, Response* response,
      std::function<void(const CallInfo&, const Request&,
                         std::function<void(absl::StatusOr<Response>)> done)>
          handler);

  // The same checks for any call but the limit: an error is how it must end at once (and is counted
  // here).
  absl::StatusOr<CallInfo> Admit(grpc::CallbackServerContext* context,
                                 const google::protobuf::Message& request);
  // Counts and logs the end of an admitted call; once for each.
  void Finished(const CallInfo& call, const absl::Status& status, absl::Time started);
  // The status to send: ToGrpcStatus, and the trace id in the metadata of an error of our side.
  static grpc::Status ToWire(const CallInfo& call, const absl::Status& status);

  // From now on calls are refused with UNAVAILABLE, SHUTTING_DOWN; open watches end with the same.
  // Running unary calls go on. Idempotent.
  void Drain();
  // Waits until no admitted call runs any more, after Drain. False when `patience` ended first.
  bool AwaitIdle(absl::Duration patience);

  // For OpenWatch.
  WatchKeeper& watches();

 private:
  struct Impl;

  // A place among the unary calls that run; an admitted call gives it back when it is Finished. If
  // there is none: how the call must end at once, counted here; lives as long as the gate.
  const grpc::Status* TakePlace(const google::protobuf::Message& request);
  void GiveBackPlace();

  const std::unique_ptr<Impl> impl_;
};

}  // namespace fuju::chassis

#include "chassis/rpc/call.inl.h"
