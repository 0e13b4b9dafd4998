#pragma once

#include "chassis/admin/dead_letter_answers.h"
#include "chassis/admin/operator_thread.h"
#include "chassis/rpc/call.h"
#include "fuju/admin/v1/dead_letters_service.grpc.pb.h"

namespace fuju::chassis {

// The gRPC edge of a service's dead letters. Every service process serves it (chassis/process).
class DeadLettersService final : public admin::v1::DeadLettersService::CallbackService {
 public:
  // All outlive it.
  DeadLettersService(CallGate* gate, DeadLetterAnswers* answers, OperatorThread* thread)
      : gate_(gate), answers_(answers), thread_(thread) {}

  grpc::ServerUnaryReactor* ListDeadLetters(grpc::CallbackServerContext* context,
                                            const admin::v1::ListDeadLettersRequest* request,
                                            admin::v1::ListDeadLettersResponse* response) override;
  grpc::ServerUnaryReactor* GetDeadLetter(grpc::CallbackServerContext* context,
                                          const admin::v1::GetDeadLetterRequest* request,
                                          admin::v1::DeadLetter* response) override;
  grpc::ServerUnaryReactor* ReplayDeadLetters(
      grpc::CallbackServerContext* context, const admin::v1::ReplayDeadLettersRequest* request,
      admin::v1::ReplayDeadLettersResponse* response) override;
  grpc::ServerUnaryReactor* DiscardDeadLetter(grpc::CallbackServerContext* context,
                                              const admin::v1::DiscardDeadLetterRequest* request,
                                              admin::v1::DeadLetter* response) override;

 private:
  template <typename Request, typename Response>
  grpc::ServerUnaryReactor* Answer(
      grpc::CallbackServerContext* context, const Request* request, Response* response,
      absl::StatusOr<Response> (DeadLetterAnswers::*ask)(const CallInfo&, const Request&));

  CallGate* const gate_;
  DeadLetterAnswers* const answers_;
  OperatorThread* const thread_;
};

}  // namespace fuju::chassis
