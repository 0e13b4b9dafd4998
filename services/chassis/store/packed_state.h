#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace fuju::chassis {

// The bytes of a state as Redis keeps them: the state itself, or, where that is shorter, a zero
// byte and a zstd frame. No protobuf message begins with a zero byte. A frame is made with a
// dictionary of what the states of this house have in common, state_dictionary.<id>.b64; its id
// stands in the frame, and frames without one are read, too (adr/0011). Thread-safe.
std::string PackState(const std::string& state);

// DATA_LOSS for bytes that PackState did not make, or made with a dictionary that this binary does
// not have.
absl::StatusOr<std::string> UnpackState(const std::string& packed);

}  // namespace fuju::chassis
