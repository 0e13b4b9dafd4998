#include <exception>
#include <iostream>
#include <utility>

#include "absl/synchronization/mutex.h"

#include "chassis/process/command_line.h"
#include "chassis/process/common_flags.h"
#include "chassis/process/process.h"
#include "chassis/process/process_runner.h"
#include "chassis/process/stop_signals.h"
#include "chassis/telemetry/log.h"

namespace fuju::chassis {
namespace {

// The codes of sysexits.h.
constexpr int kUsage = 64;
constexpr int kUnavailable = 69;
constexpr int kDefect = 70;

int ExitCode(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
    case absl::StatusCode::kCancelled:
      return 0;
    case absl::StatusCode::kInvalidArgument:
      return kUsage;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return kUnavailable;
    default:
      return kDefect;
  }
}

int Run(const std::string& service, const CommonSettings& settings, StopSignals& signals,
        const std::function<absl::Status(Process&)>& wire) {
  ProcessRunner runner(service, settings, &signals);
  const absl::Status started = runner.Start(wire);
  if (started.ok()) {
    const int signal_number = signals.Wait();
    LogInfo("stopping", {{"signal", signal_number}});
  } else if (started.code() != absl::StatusCode::kCancelled) {
    LogError("can not start", {{"error", std::string(started.message())},
                               {"code", absl::StatusCodeToString(started.code())}});
  }
  runner.Stop();
  if (ExitCode(started.code()) == 0) LogInfo("stopped");
  return ExitCode(started.code());
}

}  // namespace

int RunService(std::string service, int argc, char** argv,
               std::function<absl::Status(Process&)> wire,
               std::function<void(SettingsCheck&)> check_settings) {
  // Debian's Abseil looks for deadlocks at every lock, gRPC's included: a quarter of a call's time.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  StopSignals signals;
  const std::string program = "fuju-" + service;

  SettingsCheck check;
  ParseFlags(program, argc, argv,
             [&](const std::string& complaint) { check.Require(false, complaint); });
  const CommonSettings settings = ReadCommonSettings(check);
  if (check_settings != nullptr) check_settings(check);
  if (!check.complaints().empty()) {
    for (const std::string& complaint : check.complaints()) {
      std::cerr << program << ": " << complaint << "\n";
    }
    return kUsage;
  }

  InitLogging(service, settings.instance, settings.log_level);
  try {
    return Run(service, settings, signals, wire);
  } catch (const std::exception& exception) {
    LogError("can not go on", {{"error", exception.what()}});
    return kDefect;
  }
}

}  // namespace fuju::chassis
