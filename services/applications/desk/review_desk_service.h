#pragma once

#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

#include "applications/desk/catalogue_source.h"
#include "applications/desk/claim_decisions.h"
#include "applications/wiring.h"
#include "chassis/rpc/call.h"
#include "fuju/applications/v1/review_desk_service.grpc.pb.h"

namespace fuju::applications {

// The gRPC edge of the reviewer's desk: checks the shape (the gate does) and the role, maps in,
// calls a decision through Wiring or a reader, maps out. Thread-safe. What is passed outlives it
// and every call in flight.
class ReviewDeskService final : public v1::ReviewDeskService::CallbackService {
 public:
  struct Parts {
    chassis::CallGate* gate;
    const Wiring* wiring;
    Rules rules;
    ClaimPolicy claims;
    CatalogueSource* catalogue;
    absl::Duration catalogue_timeout;
  };

  explicit ReviewDeskService(Parts parts) : parts_(std::move(parts)) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* ListQueuedCases(Context* context, const v1::ListQueuedCasesRequest* request,
                           v1::ListQueuedCasesResponse* response) override;
  Reactor* ClaimCase(Context* context, const v1::ClaimCaseRequest* request,
                     v1::QueuedCase* response) override;
  Reactor* ReleaseCase(Context* context, const v1::ReleaseCaseRequest* request,
                       v1::QueuedCase* response) override;
  Reactor* GetCaseEvidence(Context* context, const v1::GetCaseEvidenceRequest* request,
                           v1::CaseEvidence* response) override;
  Reactor* BulkApproveCases(Context* context, const v1::BulkApproveCasesRequest* request,
                            v1::BulkApproveCasesResponse* response) override;
  Reactor* GetWorkload(Context* context, const v1::GetWorkloadRequest* request,
                       v1::Workload* response) override;

 private:
  // A call of a member of staff.
  template <typename Request, typename Response, typename Handle>
  Reactor* Staffed(Context* context, const Request* request, Response* response, Handle handle);

  const Parts parts_;
};

}  // namespace fuju::applications
