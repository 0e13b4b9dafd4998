#include "chassis/rpc/status.h"

#include <algorithm>
#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

#include "chassis/values/refusal.h"

namespace fuju::chassis {
namespace {

using google::rpc::BadRequest;
using google::rpc::ErrorInfo;
using google::rpc::RetryInfo;

// gRPC clients take 8192 bytes of trailers. The text travels percent-encoded (three bytes for one),
// the details in base64 (four for three).
constexpr size_t kMaxTextBytes = 512;
constexpr size_t kMaxDetailsBytes = 4700;
constexpr absl::string_view kBareViolation = "无效 / invalid";
constexpr absl::string_view kHiddenText = "内部错误 / internal error";
constexpr std::string_view kTraceId = "trace_id";

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

bool HidesText(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss;
}

// Names of the registry of reasons (proto/fuju/type/v1/error_reason.proto).
std::string_view DefaultReason(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return "";
    case absl::StatusCode::kCancelled:
      return "CANCELLED";
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return "FIELD_INVALID";
    case absl::StatusCode::kDeadlineExceeded:
      return "DEADLINE_PASSED";
    case absl::StatusCode::kNotFound:
      return "RESOURCE_NOT_FOUND";
    case absl::StatusCode::kAlreadyExists:
      return "ALREADY_EXISTS";
    case absl::StatusCode::kPermissionDenied:
      return "PERMISSION_DENIED";
    case absl::StatusCode::kResourceExhausted:
      return "TOO_LARGE";
    case absl::StatusCode::kFailedPrecondition:
      return "STATE_FORBIDS";
    case absl::StatusCode::kAborted:
      return "VERSION_CONFLICT";
    case absl::StatusCode::kUnimplemented:
      return "NOT_IMPLEMENTED";
    case absl::StatusCode::kUnavailable:
      return "STORE_UNAVAILABLE";
    case absl::StatusCode::kUnauthenticated:
      return "ACTOR_MISSING";
    default:
      return "INTERNAL";
  }
}

template <typename Detail>
std::optional<Detail> PayloadOf(const absl::Status& status, std::string_view url) {
  const auto payload = status.GetPayload(View(url));
  Detail detail;
  if (!payload.has_value() || !detail.ParseFromString(std::string(*payload))) return std::nullopt;
  return detail;
}

ErrorInfo InfoOf(const absl::Status& status) {
  ErrorInfo info = PayloadOf<ErrorInfo>(status, kErrorInfoUrl).value_or(ErrorInfo());
  if (info.reason().empty()) info.set_reason(std::string(DefaultReason(status.code())));
  if (info.domain().empty()) info.set_domain(std::string(kErrorDomain));
  return info;
}

// At most `bytes` of the text, cut between characters.
std::string Shortened(const std::string& text, size_t bytes) {
  constexpr absl::string_view kCut = "…";
  if (text.size() <= bytes) return text;
  size_t end = bytes > kCut.size() ? bytes - kCut.size() : 0;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return absl::StrCat(text.substr(0, end), kCut);
}

// Makes the violations fit into `bytes`.
void Shorten(BadRequest& bad_request, ErrorInfo& info, size_t bytes) {
  if (bad_request.ByteSizeLong() <= bytes) return;
  constexpr size_t kFraming = 8;
  auto& violations = *bad_request.mutable_field_violations();
  const int all = violations.size();
  size_t used = 0;
  int kept = 0;
  while (kept < all) {
    const size_t next = violations[kept].field().size() + kBareViolation.size() + kFraming;
    if (used + next > bytes) break;
    used += next;
    ++kept;
  }
  violations.DeleteSubrange(kept, all - kept);
  const size_t share = kept == 0 ? 0 : (bytes - used) / static_cast<size_t>(kept);
  for (auto& violation : violations) {
    const std::string shorter = Shortened(violation.description(), share + kBareViolation.size());
    violation.set_description(share < kBareViolation.size() ? std::string(kBareViolation)
                                                            : shorter);
  }
  (*info.mutable_metadata())["violations"] = absl::StrCat(all);
}

RetryInfo DefaultRetry(absl::StatusCode code) {
  RetryInfo retry;
  if (code == absl::StatusCode::kUnavailable) {
    retry.mutable_retry_delay()->set_seconds(1);
  } else {
    retry.mutable_retry_delay()->set_nanos(50'000'000);
  }
  return retry;
}

}  // namespace

bool IsOurFault(absl::StatusCode code) {
  return HidesText(code) || code == absl::StatusCode::kUnavailable ||
         code == absl::StatusCode::kDeadlineExceeded || code == absl::StatusCode::kUnimplemented;
}

std::string ReasonOrDefault(const absl::Status& status) {
  return status.ok() ? "" : InfoOf(status).reason();
}

absl::Status WithErrorMetadata(const absl::Status& status, std::string_view key,
                               std::string_view value) {
  if (status.ok()) return status;
  ErrorInfo info = InfoOf(status);
  (*info.mutable_metadata())[std::string(key)] = std::string(value);
  absl::Status with = status;
  with.SetPayload(View(kErrorInfoUrl), absl::Cord(info.SerializeAsString()));
  return with;
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const absl::StatusCode code = status.code();
  const bool hidden = HidesText(code);

  google::rpc::Status details;
  details.set_code(static_cast<int>(code));
  details.set_message(hidden ? std::string(kHiddenText)
                             : Shortened(std::string(status.message()), kMaxTextBytes));

  ErrorInfo info = InfoOf(status);
  if (hidden) {
    const auto found = info.metadata().find(std::string(kTraceId));
    const std::string trace_id = found == info.metadata().end() ? "" : found->second;
    info.clear_metadata();
    if (!trace_id.empty()) (*info.mutable_metadata())[std::string(kTraceId)] = trace_id;
  }
  // The ErrorInfo is the first detail; its place is taken now and filled last.
  google::protobuf::Any* info_detail = details.add_details();

  std::optional<RetryInfo> retry = PayloadOf<RetryInfo>(status, kRetryInfoUrl);
  if (!retry.has_value() &&
      (code == absl::StatusCode::kUnavailable || code == absl::StatusCode::kAborted)) {
    retry = DefaultRetry(code);
  }
  if (retry.has_value()) details.add_details()->PackFrom(*retry);

  std::optional<BadRequest> bad_request = PayloadOf<BadRequest>(status, kBadRequestUrl);
  if (bad_request.has_value() && !hidden) {
    constexpr size_t kFraming = 120;
    const size_t used = details.ByteSizeLong() + info.ByteSizeLong() + kFraming;
    Shorten(*bad_request, info, used < kMaxDetailsBytes ? kMaxDetailsBytes - used : 0);
    details.add_details()->PackFrom(*bad_request);
  }
  info_detail->PackFrom(info);
  return grpc::Status(static_cast<grpc::StatusCode>(code), details.message(),
                      details.SerializeAsString());
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status details;
  if (details.ParseFromString(status.error_details())) {
    for (const auto& detail : details.details()) {
      result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
    }
  }
  return result;
}

}  // namespace fuju::chassis
