#include "audit/audit_service.h"

#include <utility>

namespace fuju::audit {

grpc::ServerUnaryReactor* AuditService::GetApplicationTrace(
    grpc::CallbackServerContext* context, const v1::GetApplicationTraceRequest* request,
    v1::ApplicationTrace* response) {
  return gate_->Unary<v1::GetApplicationTraceRequest, v1::ApplicationTrace>(
      context, request, response,
      [this](const chassis::CallInfo& call, const auto& asked, auto done) {
        answers_->Trace(asked, call.deadline, std::move(done));
      });
}

grpc::ServerUnaryReactor* AuditService::ListSpending(grpc::CallbackServerContext* context,
                                                     const v1::ListSpendingRequest* request,
                                                     v1::ListSpendingResponse* response) {
  return gate_->Unary<v1::ListSpendingRequest, v1::ListSpendingResponse>(
      context, request, response,
      [this](const chassis::CallInfo& call, const auto& asked, auto done) {
        answers_->Spending(asked, call.deadline, std::move(done));
      });
}

grpc::ServerUnaryReactor* AuditService::GetOverview(grpc::CallbackServerContext* context,
                                                    const v1::GetOverviewRequest* request,
                                                    v1::Overview* response) {
  return gate_->Unary<v1::GetOverviewRequest, v1::Overview>(
      context, request, response,
      [this](const chassis::CallInfo& call, const auto& asked, auto done) {
        answers_->Overview(asked, call.deadline, std::move(done));
      });
}

}  // namespace fuju::audit
