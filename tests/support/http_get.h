#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace fuju::test_support {

// Body of http://127.0.0.1:<port><path>; an error for anything but 200.
absl::StatusOr<std::string> HttpGet(int port, const std::string& path);

}  // namespace fuju::test_support
