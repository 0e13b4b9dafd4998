#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include <grpcpp/grpcpp.h>

#include "chassis/admin/dead_letters_service.h"
#include "chassis/rpc/server.h"
#include "chassis/rpc/status.h"
#include "integration/streams/dead_letter_fixture.h"

namespace fuju::chassis {

// The dead letters' API of the fixture's service, as chassis/process wires it. It reads the
// fixture's source.
class AdminFixture : public DeadLetterFixture {
 protected:
  using Stub = admin::v1::DeadLettersService::Stub;

  AdminFixture();

  const std::string& address() const { return address_; }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) const {
    grpc::ClientContext context;
    context.AddMetadata("fuju-actor", "operator:a01");
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
    Response response;
    const grpc::Status status = (stub_.get()->*method)(&context, request, &response);
    if (!status.ok()) return FromGrpcStatus(status);
    return response;
  }

  std::string NameOfLetter(const OpenDeadLetter& open) const;
  absl::StatusOr<admin::v1::DeadLetter> Get(const std::string& name) const;
  absl::StatusOr<admin::v1::DeadLetter> DiscardByName(const std::string& name,
                                                      const std::string& request_id) const;
  // A request for all letters of the fixture's source.
  admin::v1::ReplayDeadLettersRequest ReplaySource(const std::string& request_id) const;
  absl::StatusOr<admin::v1::ReplayDeadLettersResponse> Replay(
      const admin::v1::ReplayDeadLettersRequest& request) const {
    return Call(&Stub::ReplayDeadLetters, request);
  }

  // Everything in Redis, to see that nothing changes.
  std::map<std::string, std::string> Everything() const;

 private:
  DeadLetterDesk desk_;
  DeadLetterAnswers answers_;
  OperatorThread thread_;
  CallGate gate_;
  DeadLettersService service_;
  std::unique_ptr<Server> grpc_server_;
  std::string address_;
  std::unique_ptr<Stub> stub_;
};

}  // namespace fuju::chassis
