#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

#include "chassis/rpc/status.h"

namespace fuju::test_support {

// What tests of one service, run in this process, have in common.

// Calls a method of a stub as `actor`, who is not named if empty.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(
    Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    const Request& request, const std::string& actor, absl::Duration limit = absl::Seconds(20)) {
  grpc::ClientContext context;
  if (!actor.empty()) context.AddMetadata("fuju-actor", actor);
  context.set_deadline(absl::ToChronoTime(absl::Now() + limit));
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return chassis::FromGrpcStatus(status);
  return response;
}

// A request id that no other call of this process has.
std::string NewRequestId();

// A file of deploy/data/gansu, as it is in the repository. Tests run in its root.
std::string GansuFile(const std::string& name);

// Waits until it holds, asking again and again; fails the test if it does not within half a minute.
void Eventually(const std::string& what, const std::function<bool()>& holds);

}  // namespace fuju::test_support
