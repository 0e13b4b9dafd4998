#pragma once

#include <atomic>
#include <cstdint>
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

#include "chassis/rpc/status.h"

namespace fuju::scenario {

// Makes calls as a good client does: UNAVAILABLE, ABORTED and DEADLINE_EXCEEDED are repeated with
// the same request and backoff. Measures every attempt. Thread-safe.
class Calls {
 public:
  // Calls stop being repeated once `stop` is notified or after `patience`.
  Calls(const absl::Notification* stop, absl::Duration patience)
      : stop_(stop), patience_(patience) {}

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> operator()(const char* method, Stub& stub,
                                      grpc::Status (Stub::*rpc)(grpc::ClientContext*,
                                                                const Request&, Response*),
                                      const Request& request, const std::string& actor) {
    const absl::Time give_up = absl::Now() + patience_;
    absl::Duration backoff = absl::Milliseconds(20);
    while (true) {
      grpc::ClientContext context;
      context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
      context.AddMetadata("fuju-actor", actor);
      Response response;
      const absl::Time started = absl::Now();
      const grpc::Status status = (stub.*rpc)(&context, request, &response);
      Measure(method, absl::Now() - started, status.error_code());
      if (status.ok()) return response;
      if (!Repeatable(status.error_code()) || absl::Now() > give_up ||
          stop_->WaitForNotificationWithTimeout(backoff)) {
        return fuju::chassis::FromGrpcStatus(status);
      }
      backoff = std::min(backoff * 2, absl::Seconds(1));
    }
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
  static bool Repeatable(grpc::StatusCode code) {
    return code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::ABORTED ||
           code == grpc::StatusCode::DEADLINE_EXCEEDED;
  }
  void Measure(const char* method, absl::Duration took, grpc::StatusCode code);

  const absl::Notification* stop_;
  const absl::Duration patience_;
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
