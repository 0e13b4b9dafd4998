#include "chassis/process/common_flags.h"

#include <unistd.h>

#include <array>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"

#include "chassis/process/address.h"
#include "chassis/process/redis_flags.h"

ABSL_FLAG(std::string, listen, "127.0.0.1:0", "Address for gRPC, as host:port; port 0: a free one");
ABSL_FLAG(std::string, metrics_listen, "127.0.0.1:0",
          "Address for /metrics, as host:port; port 0: a free one");
ABSL_FLAG(std::string, port_file, "",
          "Written when serving: {\"grpc\":N,\"metrics\":N}; empty: none");
ABSL_FLAG(int32_t, partitions, 16, "Partitions of the store, 1 to 1024; fixed at its first use");
ABSL_FLAG(std::string, instance, "", "Unique name of this process; empty: <host>-<pid>");
ABSL_FLAG(int32_t, lease_ttl_ms, 5000,
          "A dead instance's partitions move after this, 500 to 60000 ms");
ABSL_FLAG(int32_t, drain_ms, 10000,
          "Running calls and reactions may take this long at a stop, 0 to 600000 ms");
ABSL_FLAG(std::string, log_level, "info", "Least important log lines: info, warning or error");
ABSL_FLAG(bool, accept_weak_durability, false,
          "Start even if Redis may lose answered writes (appendfsync is not always)");
ABSL_FLAG(int32_t, request_retention_h, 168,
          "Answers to request ids are remembered at least this long, at most twice; 1 to 8784 h");
ABSL_FLAG(int32_t, wait_replicas, 0,
          "Replicas that must have a commit before it is answered, 0 to 8");
ABSL_FLAG(int32_t, stream_retention_h, 168, "Events are kept at least this long, 0 to 8784 h");
ABSL_FLAG(int32_t, max_attempts, 8,
          "Failed attempts until an event becomes a dead letter, 1 to 1000");
ABSL_FLAG(int32_t, longest_call_ms, 10000, "Longest time for one call, 100 to 600000 ms");
ABSL_FLAG(int32_t, max_running_calls, 512,
          "Unary calls that run at once, 1 to 100000; more are refused with a retry delay");
ABSL_FLAG(
    int32_t, recent_states_mib, 32,
    "Memory for the states committed last, so that the next change of one needs no read, 0 to "
    "65536 MiB");
ABSL_FLAG(int32_t, start_timeout_s, 60, "How long to wait for Redis at the start, 0 to 3600 s");

namespace fuju::chassis {
namespace {

std::string DefaultInstance() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) return absl::StrCat("unknown-", getpid());
  return absl::StrCat(host.data(), "-", getpid());
}

class Reader {
 public:
  explicit Reader(SettingsCheck& check) : check_(check) {}

  int Number(const absl::Flag<int32_t>& flag, int least, int most) {
    const int value = absl::GetFlag(flag);
    check_.Require(
        value >= least && value <= most,
        absl::StrCat("--", flag.Name(), " is ", value, ", must be ", least, " to ", most));
    return value;
  }

  std::string Listen(const absl::Flag<std::string>& flag) {
    const std::string value = absl::GetFlag(flag);
    check_.Require(ParseAddress(value).has_value(),
                   absl::StrCat("--", flag.Name(), " is \"", value, "\", must be host:port"));
    return value;
  }

 private:
  SettingsCheck& check_;
};

bool IsInstanceName(const std::string& name) {
  constexpr size_t kLongest = 128;
  // "|" parts the lease of a partition.
  return !name.empty() && name.size() <= kLongest &&
         name.find_first_of("| \t\n") == std::string::npos;
}

}  // namespace

CommonSettings ReadCommonSettings(SettingsCheck& check) {
  constexpr int kHoursOfYear = 8784;
  Reader reader(check);
  CommonSettings settings;
  std::vector<std::string> redis_complaints;
  settings.redis = ReadRedisFlags(redis_complaints);
  for (const std::string& complaint : redis_complaints) check.Require(false, complaint);
  settings.listen = reader.Listen(FLAGS_listen);
  settings.metrics_listen = reader.Listen(FLAGS_metrics_listen);
  settings.port_file = absl::GetFlag(FLAGS_port_file);
  settings.partitions = reader.Number(FLAGS_partitions, 1, 1024);
  settings.instance = absl::GetFlag(FLAGS_instance);
  if (settings.instance.empty()) settings.instance = DefaultInstance();
  check.Require(IsInstanceName(settings.instance),
                "--instance must have 1 to 128 characters, no space and no |");
  settings.log_level = absl::GetFlag(FLAGS_log_level);
  check.Require(
      settings.log_level == "info" || settings.log_level == "warning" ||
          settings.log_level == "error",
      absl::StrCat("--log_level is \"", settings.log_level, "\", must be info, warning or error"));
  settings.accept_weak_durability = absl::GetFlag(FLAGS_accept_weak_durability);
  settings.wait_replicas = reader.Number(FLAGS_wait_replicas, 0, 8);
  settings.max_attempts = reader.Number(FLAGS_max_attempts, 1, 1000);
  settings.lease_ttl = absl::Milliseconds(reader.Number(FLAGS_lease_ttl_ms, 500, 60000));
  settings.drain = absl::Milliseconds(reader.Number(FLAGS_drain_ms, 0, 600000));
  settings.request_retention =
      absl::Hours(reader.Number(FLAGS_request_retention_h, 1, kHoursOfYear));
  settings.stream_retention = absl::Hours(reader.Number(FLAGS_stream_retention_h, 0, kHoursOfYear));
  settings.calls.longest = absl::Milliseconds(reader.Number(FLAGS_longest_call_ms, 100, 600000));
  settings.calls.most_running = reader.Number(FLAGS_max_running_calls, 1, 100000);
  settings.recent_states_bytes =
      static_cast<size_t>(reader.Number(FLAGS_recent_states_mib, 0, 65536)) << 20;
  settings.start_timeout = absl::Seconds(reader.Number(FLAGS_start_timeout_s, 0, 3600));
  return settings;
}

}  // namespace fuju::chassis
