#include "applications/desk/remote_catalogue.h"

#include <utility>

#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

#include "chassis/rpc/status.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

constexpr int kMostReconnectPauseMs = 1000;

absl::Status Unavailable(std::string_view why) {
  return chassis::Refusal(absl::StatusCode::kUnavailable, "SOURCE_UNAVAILABLE",
                          "补贴目录服务没有应答", why);
}

// An error of gRPC itself names no reason.
absl::Status ToAnswer(const grpc::Status& status) {
  absl::Status answer = chassis::FromGrpcStatus(status);
  if (!chassis::ReasonOf(answer).empty()) return answer;
  return Unavailable("the catalogue service did not answer");
}

// One question on its way.
template <typename Request, typename Answer>
struct Question {
  grpc::ClientContext context;
  Request request;
  Answer answer;
};

template <typename Request, typename Answer, typename Send>
void Ask(const std::string& name, const CatalogueSource::Asking& asking,
         CatalogueSource::Done<Answer> done, Send send) {
  auto question = std::make_shared<Question<Request, Answer>>();
  question->request.set_name(name);
  question->context.set_deadline(absl::ToChronoTime(asking.deadline));
  question->context.AddMetadata("fuju-actor", asking.actor);
  question->context.AddMetadata("traceparent", asking.traceparent);
  send(*question, [question, done = std::move(done)](const grpc::Status& status) {
    if (!status.ok()) return done(ToAnswer(status));
    done(std::move(question->answer));
  });
}

}  // namespace

RemoteCatalogue::RemoteCatalogue(const std::string& address) {
  if (address.empty()) return;
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMostReconnectPauseMs);
  stub_ = catalogue::v1::CatalogueService::NewStub(
      grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
}

void RemoteCatalogue::GetGrant(const std::string& name, const Asking& asking,
                               Done<catalogue::v1::Grant> done) {
  if (stub_ == nullptr) return done(Unavailable("no address of it is configured"));
  Ask<catalogue::v1::GetGrantRequest>(name, asking, std::move(done), [this](auto& q, auto end) {
    stub_->async()->GetGrant(&q.context, &q.request, &q.answer, std::move(end));
  });
}

void RemoteCatalogue::GetBudget(const std::string& name, const Asking& asking,
                                Done<catalogue::v1::Budget> done) {
  if (stub_ == nullptr) return done(Unavailable("no address of it is configured"));
  Ask<catalogue::v1::GetBudgetRequest>(name, asking, std::move(done), [this](auto& q, auto end) {
    stub_->async()->GetBudget(&q.context, &q.request, &q.answer, std::move(end));
  });
}

}  // namespace fuju::applications
