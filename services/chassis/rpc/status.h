#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include <grpcpp/support/status.h>

namespace fuju::chassis {

// The one translation of errors at the edge: same code and message; details carry exactly one
// google.rpc.ErrorInfo (from the status' payload, else the default reason of its code, domain
// "fuju.gansu"), all field violations (BadRequest), and RetryInfo on UNAVAILABLE and ABORTED.
// INTERNAL, UNKNOWN and DATA_LOSS errors keep their text in the log only. The whole stays below the
// 8 KiB that gRPC clients take as trailers: with very many violations the texts get shorter, then
// the last paths are left out (metadata "violations" tells how many there are). Pure.
grpc::Status ToGrpcStatus(const absl::Status& status);

// The way back, for clients and tests: payloads of the details are attached again.
absl::Status FromGrpcStatus(const grpc::Status& status);

// The same status with metadata added to its ErrorInfo, which is made if it has none.
absl::Status WithErrorMetadata(const absl::Status& status, std::string_view key,
                               std::string_view value);

// The reason of a status: of its ErrorInfo, else the default one of its code; empty for OK.
std::string ReasonOrDefault(const absl::Status& status);

// True if the service, not the caller, is at fault: INTERNAL, UNKNOWN, DATA_LOSS, UNAVAILABLE,
// DEADLINE_EXCEEDED, UNIMPLEMENTED.
bool IsOurFault(absl::StatusCode code);

}  // namespace fuju::chassis
