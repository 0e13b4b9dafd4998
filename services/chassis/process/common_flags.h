#pragma once

#include <string>

#include "absl/time/time.h"

#include "chassis/process/process.h"

namespace fuju::chassis {

// The values of the common flags. A value.
struct CommonSettings {
  redis::Deployment redis;
  std::string listen;
  std::string metrics_listen;
  std::string port_file;
  int partitions = 0;
  std::string instance;
  std::string log_level;
  bool accept_weak_durability = false;
  int wait_replicas = 0;
  int max_attempts = 0;
  absl::Duration lease_ttl;
  absl::Duration drain;
  absl::Duration request_retention;
  absl::Duration stream_retention;
  CallLimits calls;
  size_t recent_states_bytes = 0;
  absl::Duration start_timeout;
};

// Reads the flags and the files they name; every complaint goes to `check`.
CommonSettings ReadCommonSettings(SettingsCheck& check);

}  // namespace fuju::chassis
