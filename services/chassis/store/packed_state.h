#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace fuju::chassis {

// The bytes of a state as Redis keeps them: the state itself, or, where that is shorter, a zero
// byte and a zstd frame. No protobuf message begins with a zero byte. Long states are long by
// texts, which shrink to a third; short ones are kept as they are, for speed. Thread-safe.
std::string PackState(const std::string& state);

// DATA_LOSS for bytes that PackState did not make.
absl::StatusOr<std::string> UnpackState(const std::string& packed);

}  // namespace fuju::chassis
