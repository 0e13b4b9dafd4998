#include "audit/dashboard_api.h"

#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include <google/protobuf/util/json_util.h>

#include "audit/http_errors.h"
#include "chassis/values/refusal.h"

namespace fuju::audit {
namespace {

std::string ParameterOf(const DashboardApi::Parameters& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? "" : found->second;
}

ApiAnswer ToAnswer(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  ApiAnswer answer;
  const auto status = google::protobuf::util::MessageToJsonString(message, &answer.body, options);
  if (status.ok()) return answer;
  return audit::ToAnswer(absl::InternalError("an answer has no JSON form"));
}

// Asks by `ask(done)` and waits: every question is answered, at the latest when the readers stop.
template <typename Message>
ApiAnswer Await(const std::function<void(AuditAnswers::Done<Message>)>& ask) {
  struct Shared {
    absl::Notification answered;
    absl::StatusOr<Message> answer = absl::UnknownError("");
  };
  auto shared = std::make_shared<Shared>();
  ask([shared](absl::StatusOr<Message> answer) {
    shared->answer = std::move(answer);
    shared->answered.Notify();
  });
  shared->answered.WaitForNotification();
  return shared->answer.ok() ? ToAnswer(*shared->answer) : audit::ToAnswer(shared->answer.status());
}

}  // namespace

ApiAnswer ToAnswer(const absl::Status& status) {
  return {.http_code = HttpCodeOf(status), .body = ErrorJson(status)};
}

DashboardApi::DashboardApi(AuditAnswers* answers, const chassis::FormatRegistry* formats,
                           std::string names_json, absl::Duration longest)
    : answers_(answers), formats_(formats), names_json_(std::move(names_json)), longest_(longest) {}

ApiAnswer DashboardApi::Answer(const std::string& path, const Parameters& parameters) const {
  if (path == "/api/overview") return Overview();
  if (path == "/api/spending") return Spending(parameters);
  if (path == "/api/trace") return Trace(parameters);
  if (path == "/api/names") return {.http_code = 200, .body = names_json_};
  return ToAnswer(chassis::NotFound(path));
}

ApiAnswer DashboardApi::Overview() const {
  return Await<v1::Overview>([this](auto done) {
    answers_->Overview(v1::GetOverviewRequest(), absl::Now() + longest_, std::move(done));
  });
}

ApiAnswer DashboardApi::Spending(const Parameters& parameters) const {
  v1::ListSpendingRequest request;
  request.set_county_code(ParameterOf(parameters, "county_code"));
  request.set_item_code(ParameterOf(parameters, "item_code"));
  request.set_page_token(ParameterOf(parameters, "page_token"));
  chassis::Refusal refusal = chassis::InvalidFields();
  const std::string page_size = ParameterOf(parameters, "page_size");
  int32_t lines = 0;
  if (!page_size.empty() && !absl::SimpleAtoi(page_size, &lines)) {
    // What was too large is saturated, which would be a second complaint.
    lines = 0;
    refusal.Field("page_size", "每页条数应为整数", "the page size is a whole number");
  }
  request.set_page_size(lines);
  if (absl::Status status = chassis::FindViolations(request, *formats_, &refusal); !status.ok()) {
    return audit::ToAnswer(status);
  }
  if (refusal.has_fields()) return audit::ToAnswer(refusal.Build());
  return Await<v1::ListSpendingResponse>(
      [&](auto done) { answers_->Spending(request, absl::Now() + longest_, std::move(done)); });
}

ApiAnswer DashboardApi::Trace(const Parameters& parameters) const {
  v1::GetApplicationTraceRequest request;
  request.set_application(ParameterOf(parameters, "application"));
  if (absl::Status status = chassis::ValidateMessage(request, *formats_); !status.ok()) {
    return audit::ToAnswer(status);
  }
  return Await<v1::ApplicationTrace>(
      [&](auto done) { answers_->Trace(request, absl::Now() + longest_, std::move(done)); });
}

}  // namespace fuju::audit
