#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

#include "chassis/rpc/repeatable.h"
#include "chassis/rpc/status.h"

namespace fuju::scenario {

// What a call answered: its bytes, its name, and its etag where it has one.
struct Answer {
  template <typename Response>
  static Answer Of(const Response& response) {
    Answer answer{.bytes = response.SerializeAsString(), .name = response.name(), .etag = {}};
    if constexpr (requires { response.etag(); }) answer.etag = response.etag();
    return answer;
  }

  std::string bytes;
  std::string name;
  std::string etag;
};

// How one call with a request id ended, after all its attempts.
struct Changing {
  std::string method;
  std::string actor;
  absl::StatusOr<Answer> answer;
  // Makes the same call with the same request id once more.
  std::function<absl::StatusOr<Answer>()> repeat;
};

// Makes calls as a good client does: what ended without the service's word (IsRepeatable) is
// repeated with the same request and backoff. Measures every attempt. Thread-safe.
class Calls {
 public:
  using Journal = std::function<void(Changing)>;

  // Calls stop being repeated once `stop` is notified or after `patience`.
  Calls(const absl::Notification* stop, absl::Duration patience)
      : stop_(stop), patience_(patience) {}

  // Told of every call with a request id, by the caller's thread. Set it before the first call;
  // stubs outlive what it keeps.
  void set_journal(Journal journal) { journal_ = std::move(journal); }
  // How long one attempt may take.
  void set_attempt_limit(absl::Duration limit) { attempt_limit_ = limit; }

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> operator()(const char* method, Stub& stub,
                                      grpc::Status (Stub::*rpc)(grpc::ClientContext*,
                                                                const Request&, Response*),
                                      const Request& request, const std::string& actor) {
    absl::StatusOr<Response> response = Make(method, stub, rpc, request, actor, stop_);
    if constexpr (requires { request.request_id(); }) {
      if (journal_ != nullptr) Tell(method, stub, rpc, request, actor, response);
    }
    return response;
  }

  struct Latency {
    int64_t calls = 0;
    int64_t repeated = 0;
    double p50_ms = 0;
    double p99_ms = 0;
    double max_ms = 0;
  };
  std::map<std::string, Latency> Latencies() const;

 private:
  void Measure(const char* method, absl::Duration took, grpc::StatusCode code);

  // `stop` may be null.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Make(const char* method, Stub& stub,
                                grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&,
                                                          Response*),
                                const Request& request, const std::string& actor,
                                const absl::Notification* stop) {
    const absl::Time give_up = absl::Now() + patience_;
    absl::Duration backoff = absl::Milliseconds(20);
    const absl::Notification never;
    while (true) {
      grpc::ClientContext context;
      context.set_deadline(absl::ToChronoTime(absl::Now() + attempt_limit_));
      context.AddMetadata("fuju-actor", actor);
      Response response;
      const absl::Time started = absl::Now();
      const grpc::Status status = (stub.*rpc)(&context, request, &response);
      Measure(method, absl::Now() - started, status.error_code());
      if (status.ok()) return response;
      if (!fuju::chassis::IsRepeatable(status.error_code()) || absl::Now() > give_up ||
          (stop != nullptr ? *stop : never).WaitForNotificationWithTimeout(backoff)) {
        return fuju::chassis::FromGrpcStatus(status);
      }
      backoff = std::min(backoff * 2, absl::Seconds(1));
    }
  }

  template <typename Response>
  static absl::StatusOr<Answer> AnswerOf(const absl::StatusOr<Response>& response) {
    if (!response.ok()) return response.status();
    return Answer::Of(*response);
  }

  template <typename Stub, typename Request, typename Response>
  void Tell(const char* method, Stub& stub,
            grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*),
            const Request& request, const std::string& actor,
            const absl::StatusOr<Response>& response) {
    Changing call;
    call.method = method;
    call.actor = actor;
    call.answer = AnswerOf(response);
    call.repeat = [this, method, &stub, rpc, request, actor] {
      return AnswerOf(Make(method, stub, rpc, request, actor, nullptr));
    };
    journal_(std::move(call));
  }

  const absl::Notification* stop_;
  const absl::Duration patience_;
  absl::Duration attempt_limit_ = absl::Seconds(10);
  Journal journal_;
  mutable absl::Mutex mutex_;
  struct Samples {
    std::vector<float> ms;
    int64_t repeated = 0;
  };
  std::map<std::string, Samples> samples_ ABSL_GUARDED_BY(mutex_);
};

// An idempotency key that no other caller uses.
std::string NewRequestId();

}  // namespace fuju::scenario
