#pragma once

#include "absl/status/status.h"
#include <grpcpp/support/status.h>

namespace fuju::chassis {

// True if a call ended without the service's word on it: whether it was applied is open, and the
// same call with the same request_id has one effect. UNAVAILABLE, ABORTED, DEADLINE_EXCEEDED, and
// CANCELLED, which is what gRPC 1.51 answers to a call that arrives while its server begins to stop
// (a client that cancels its own call does not ask). The codes that a channel repeats by itself
// (deploy/clients/service_config.json) are among them. Pure.
bool IsRepeatable(absl::StatusCode code);
inline bool IsRepeatable(grpc::StatusCode code) {
  return IsRepeatable(static_cast<absl::StatusCode>(code));
}

}  // namespace fuju::chassis
