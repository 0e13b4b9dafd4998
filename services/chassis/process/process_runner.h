#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"

#include "chassis/process/common_flags.h"
#include "chassis/process/process.h"
#include "chassis/process/stop_signals.h"

namespace fuju::chassis {

// The life of one process: Start, then the wait for a signal, then Stop. Of the main thread.
class ProcessRunner {
 public:
  ProcessRunner(std::string service, CommonSettings settings, StopSignals* signals);
  // Stops what has been started.
  ~ProcessRunner();
  ProcessRunner(const ProcessRunner&) = delete;
  ProcessRunner& operator=(const ProcessRunner&) = delete;

  // Until it is SERVING. CANCELLED when a stop signal came first.
  absl::Status Start(const std::function<absl::Status(Process&)>& wire);
  // In the order that process.h gives. Idempotent.
  void Stop();

 private:
  void ExposeProcessMetrics();
  absl::Status WaitForRedis();
  absl::Status CheckNodes();
  void ServeDeadLetters();
  absl::Status StartConsumer();
  absl::Status StartServer();
  absl::Status BeServing();
  void Destroy();

  const CommonSettings settings_;
  StopSignals* const signals_;
  std::unique_ptr<MetricsEndpoint> metrics_;
  Process process_;
  std::unique_ptr<Consumer> consumer_;
  std::unique_ptr<Server> server_;
  bool stopped_ = false;
};

}  // namespace fuju::chassis
