#include "chassis/admin/dead_letters_service.h"

#include <functional>
#include <utility>

namespace fuju::chassis {

template <typename Request, typename Response>
grpc::ServerUnaryReactor* DeadLettersService::Answer(
    grpc::CallbackServerContext* context, const Request* request, Response* response,
    absl::StatusOr<Response> (DeadLetterAnswers::*ask)(const CallInfo&, const Request&)) {
  return gate_->Unary<Request, Response>(
      context, request, response,
      [this, ask](const CallInfo& call, const Request& asked,
                  std::function<void(absl::StatusOr<Response>)> done) {
        // Call and request live until `done` is called.
        thread_->Ask<Response>(
            call.deadline, [this, ask, &call, &asked] { return (answers_->*ask)(call, asked); },
            std::move(done));
      });
}

grpc::ServerUnaryReactor* DeadLettersService::ListDeadLetters(
    grpc::CallbackServerContext* context, const admin::v1::ListDeadLettersRequest* request,
    admin::v1::ListDeadLettersResponse* response) {
  return Answer(context, request, response, &DeadLetterAnswers::List);
}

grpc::ServerUnaryReactor* DeadLettersService::GetDeadLetter(
    grpc::CallbackServerContext* context, const admin::v1::GetDeadLetterRequest* request,
    admin::v1::DeadLetter* response) {
  return Answer(context, request, response, &DeadLetterAnswers::Get);
}

grpc::ServerUnaryReactor* DeadLettersService::ReplayDeadLetters(
    grpc::CallbackServerContext* context, const admin::v1::ReplayDeadLettersRequest* request,
    admin::v1::ReplayDeadLettersResponse* response) {
  return Answer(context, request, response, &DeadLetterAnswers::Replay);
}

grpc::ServerUnaryReactor* DeadLettersService::DiscardDeadLetter(
    grpc::CallbackServerContext* context, const admin::v1::DiscardDeadLetterRequest* request,
    admin::v1::DeadLetter* response) {
  return Answer(context, request, response, &DeadLetterAnswers::Discard);
}

}  // namespace fuju::chassis
