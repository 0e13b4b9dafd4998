#include "chassis/values/refusal.h"

#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/rpc/error_details.pb.h"

namespace fuju::chassis {
namespace {

// Debian's absl::string_view is a type of its own.
absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

std::string Bilingual(std::string_view text_zh, std::string_view text_en) {
  return absl::StrCat(View(text_zh), " / ", View(text_en));
}

void Attach(absl::Status& status, std::string_view url, const google::protobuf::Message& detail) {
  status.SetPayload(View(url), absl::Cord(detail.SerializeAsString()));
}

std::optional<google::rpc::ErrorInfo> ErrorInfoOf(const absl::Status& status) {
  auto payload = status.GetPayload(View(kErrorInfoUrl));
  google::rpc::ErrorInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) return std::nullopt;
  return info;
}

}  // namespace

Refusal::Refusal(absl::StatusCode code, std::string_view reason, std::string_view text_zh,
                 std::string_view text_en)
    : code_(code), reason_(reason), text_zh_(text_zh), text_en_(text_en) {}

Refusal& Refusal::With(std::string_view key, std::string_view value) & {
  metadata_.emplace_back(key, value);
  return *this;
}

Refusal&& Refusal::With(std::string_view key, std::string_view value) && {
  return std::move(With(key, value));
}

Refusal& Refusal::Field(std::string_view path, std::string_view text_zh,
                        std::string_view text_en) & {
  fields_.push_back({std::string(path), std::string(text_zh), std::string(text_en)});
  return *this;
}

Refusal&& Refusal::Field(std::string_view path, std::string_view text_zh,
                         std::string_view text_en) && {
  return std::move(Field(path, text_zh, text_en));
}

Refusal&& Refusal::RetryAfter(absl::Duration delay) && {
  retry_after_ = delay;
  return std::move(*this);
}

absl::Status Refusal::Build() const {
  absl::Status status(code_, Bilingual(text_zh_, text_en_));

  google::rpc::ErrorInfo info;
  info.set_reason(reason_);
  info.set_domain(std::string(kErrorDomain));
  for (const auto& [key, value] : metadata_) (*info.mutable_metadata())[key] = value;
  Attach(status, kErrorInfoUrl, info);

  if (has_fields()) {
    google::rpc::BadRequest bad_request;
    for (const FieldText& field : fields_) {
      auto* violation = bad_request.add_field_violations();
      violation->set_field(field.path);
      violation->set_description(Bilingual(field.text_zh, field.text_en));
    }
    Attach(status, kBadRequestUrl, bad_request);
  }

  if (retry_after_ > absl::ZeroDuration()) {
    google::rpc::RetryInfo retry;
    absl::Duration rest;
    retry.mutable_retry_delay()->set_seconds(
        absl::IDivDuration(retry_after_, absl::Seconds(1), &rest));
    retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
    Attach(status, kRetryInfoUrl, retry);
  }
  return status;
}

Refusal InvalidFields() {
  return Refusal(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
                 "请求中有不合格的字段，请逐项改正",
                 "the request has invalid fields; correct each");
}

absl::Status NotFound(std::string_view resource_name) {
  return Refusal(absl::StatusCode::kNotFound, "RESOURCE_NOT_FOUND",
                 absl::StrCat("没有“", View(resource_name), "”"),
                 absl::StrCat("\"", View(resource_name), "\" does not exist"))
      .With("resource", resource_name);
}

absl::Status StateForbids(std::string_view resource_name, std::string_view move,
                          std::string_view state, const std::vector<std::string>& legal_moves) {
  const absl::string_view name = View(resource_name);
  const std::string moves = absl::StrJoin(legal_moves, ", ");
  return Refusal(absl::StatusCode::kFailedPrecondition, "STATE_FORBIDS",
                 absl::StrCat("“", name, "”处于状态 ", View(state), "，不能 ", View(move),
                              "；可以：", moves.empty() ? "无" : moves),
                 absl::StrCat("\"", name, "\" is in state ", View(state), " and can not ",
                              View(move), "; legal moves: ", moves.empty() ? "none" : moves))
      .With("resource", resource_name)
      .With("move", move)
      .With("state", state)
      .With("legal_moves", moves);
}

std::string ReasonOf(const absl::Status& status) {
  const auto info = ErrorInfoOf(status);
  return info.has_value() ? info->reason() : "";
}

std::string MetadataOf(const absl::Status& status, std::string_view key) {
  const auto info = ErrorInfoOf(status);
  if (!info.has_value()) return "";
  const auto found = info->metadata().find(std::string(key));
  return found == info->metadata().end() ? "" : found->second;
}

}  // namespace fuju::chassis
