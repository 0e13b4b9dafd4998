#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include <grpcpp/grpcpp.h>

#include "fuju/audit/v1/audit_service.grpc.pb.h"
#include "fuju/event/v1/event.pb.h"
#include "support/child_process.h"
#include "support/redis_server.h"

namespace fuju::audit {

// The real program, fuju-audit, on an archive file in a folder of the test's.
class AuditProcess {
 public:
  // Starts it and waits until it serves; the test fails if it does not.
  AuditProcess(const test_support::RedisServer& redis, const std::string& folder,
               const std::string& instance);

  // The command line of a start.
  static std::vector<std::string> CommandOf(const test_support::RedisServer& redis,
                                            const std::string& folder, const std::string& instance);

  v1::AuditService::Stub& stub() { return *stub_; }
  int grpc_port() const { return grpc_port_; }
  int metrics_port() const { return metrics_port_; }
  int dashboard_port() const { return dashboard_port_; }
  std::shared_ptr<grpc::Channel> channel() { return channel_; }

  absl::StatusOr<v1::Overview> Overview();
  absl::StatusOr<v1::ApplicationTrace> Trace(const std::string& application);
  absl::StatusOr<v1::ListSpendingResponse> Spending(const v1::ListSpendingRequest& request);

  // Waits until so many events are archived; fails the test after a minute.
  void AwaitEvents(int64_t events);
  // Waits until it holds, or the process has ended, or a minute has passed.
  bool Await(const std::function<bool()>& holds);

  // SIGKILL, as a crash.
  void Kill();
  // SIGTERM; the exit code.
  int Stop();

 private:
  const std::string folder_;
  test_support::ChildProcess process_;
  int grpc_port_ = 0;
  int metrics_port_ = 0;
  int dashboard_port_ = 0;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::AuditService::Stub> stub_;
};

// Appends an event to the stream that its source and partition name.
void Publish(const test_support::RedisServer& redis, const event::v1::Event& event);

}  // namespace fuju::audit
