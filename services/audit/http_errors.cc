#include "audit/http_errors.h"

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"
#include <nlohmann/json.hpp>

#include "chassis/rpc/status.h"
#include "chassis/values/refusal.h"

namespace fuju::audit {

int HttpCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return 413;
    case absl::StatusCode::kUnimplemented:
      return 501;
    case absl::StatusCode::kUnavailable:
      return 503;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

std::string ErrorJson(const absl::Status& status) {
  // Through the one translation of errors, so that both edges say the same.
  const absl::Status told = chassis::FromGrpcStatus(chassis::ToGrpcStatus(status));
  nlohmann::json error = {{"code", absl::StatusCodeToString(told.code())},
                          {"reason", chassis::ReasonOrDefault(told)},
                          {"message", std::string(told.message())}};
  const auto payload = told.GetPayload(
      absl::string_view(chassis::kBadRequestUrl.data(), chassis::kBadRequestUrl.size()));
  google::rpc::BadRequest bad_request;
  if (payload.has_value() && bad_request.ParseFromString(std::string(*payload))) {
    for (const auto& violation : bad_request.field_violations()) {
      error["fields"].push_back(
          {{"field", violation.field()}, {"description", violation.description()}});
    }
  }
  return error.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace fuju::audit
