#pragma once

#include "audit/audit_answers.h"
#include "chassis/rpc/call.h"
#include "fuju/audit/v1/audit_service.grpc.pb.h"

namespace fuju::audit {

// The gRPC edge of the archive: reads only. Thread-safe.
class AuditService final : public v1::AuditService::CallbackService {
 public:
  // Both outlive the server.
  AuditService(chassis::CallGate* gate, AuditAnswers* answers) : gate_(gate), answers_(answers) {}

  grpc::ServerUnaryReactor* GetApplicationTrace(grpc::CallbackServerContext* context,
                                                const v1::GetApplicationTraceRequest* request,
                                                v1::ApplicationTrace* response) override;
  grpc::ServerUnaryReactor* ListSpending(grpc::CallbackServerContext* context,
                                         const v1::ListSpendingRequest* request,
                                         v1::ListSpendingResponse* response) override;
  grpc::ServerUnaryReactor* GetOverview(grpc::CallbackServerContext* context,
                                        const v1::GetOverviewRequest* request,
                                        v1::Overview* response) override;

 private:
  chassis::CallGate* const gate_;
  AuditAnswers* const answers_;
};

}  // namespace fuju::audit
