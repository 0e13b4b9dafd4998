#pragma once

#include <map>
#include <string>

#include "absl/status/status.h"

namespace fuju::chassis {

// Writes {"grpc":N,"metrics":N} and the `others` (names of letters only) so that a reader sees all
// of it or nothing. UNAVAILABLE if it can not be written.
absl::Status WritePortFile(const std::string& path, int grpc_port, int metrics_port,
                           const std::map<std::string, int>& others = {});

}  // namespace fuju::chassis
