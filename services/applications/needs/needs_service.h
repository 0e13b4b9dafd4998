#pragma once

#include <functional>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "applications/needs/wiring.h"
#include "chassis/rpc/call.h"
#include "fuju/applications/v1/needs_service.grpc.pb.h"

namespace fuju::applications {

// The gRPC edge of the demand register. Thread-safe. What is passed outlives it and every call in
// flight.
class NeedsService final : public v1::NeedsService::CallbackService {
 public:
  NeedsService(chassis::CallGate* gate, const Needs* needs);

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* CreateNeedsImport(Context* context, const v1::CreateNeedsImportRequest* request,
                             v1::NeedsImport* response) override;
  grpc::ServerBidiReactor<v1::UploadNeedsSurveyRequest, v1::UploadNeedsSurveyResponse>*
  UploadNeedsSurvey(Context* context) override;
  Reactor* GetNeedsImport(Context* context, const v1::GetNeedsImportRequest* request,
                          v1::NeedsImport* response) override;
  Reactor* ListBadCells(Context* context, const v1::ListBadCellsRequest* request,
                        v1::ListBadCellsResponse* response) override;
  Reactor* ListNeeds(Context* context, const v1::ListNeedsRequest* request,
                     v1::ListNeedsResponse* response) override;
  Reactor* DemandStatistics(Context* context, const v1::DemandStatisticsRequest* request,
                            v1::DemandStatisticsResponse* response) override;

 private:
  using ListDone = std::function<void(absl::StatusOr<v1::ListNeedsResponse>)>;

  void ListOfPerson(const chassis::CallInfo& call, const v1::ListNeedsRequest& asked,
                    ListDone done) const;
  void ListOfCounty(const chassis::CallInfo& call, const v1::ListNeedsRequest& asked,
                    ListDone done) const;
  void ReadBadCells(const chassis::CallInfo& call, const v1::ListBadCellsRequest& asked,
                    int64_t first, const NeedsImportRecord& import,
                    std::function<void(absl::StatusOr<v1::ListBadCellsResponse>)> done) const;

  chassis::CallGate* const gate_;
  const Needs* const needs_;
  // Of each partition that has needs, a route that leads to it.
  const std::vector<std::string> routes_;
};

}  // namespace fuju::applications
