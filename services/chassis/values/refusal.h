#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace fuju::chassis {

// Builds an absl::Status that carries the google.rpc details which the gRPC edge sends: exactly one
// ErrorInfo, and where they apply the field violations, a retry delay. Domain code uses it, so that
// a rule and its refusal stand in one place. Not thread-safe; a value.
//
//   return Refusal(absl::StatusCode::kFailedPrecondition, "STATE_FORBIDS",
//                  "状态“草稿”下不能批准", "cannot approve in state DRAFT")
//       .With("state", "DRAFT").With("legal_moves", "submit, withdraw");
class Refusal {
 public:
  // `reason` is a name of fuju.type.v1.ErrorReason without its prefix.
  Refusal(absl::StatusCode code, std::string_view reason, std::string_view text_zh,
          std::string_view text_en);

  // Adds metadata to the ErrorInfo. Never personal data.
  Refusal& With(std::string_view key, std::string_view value) &;
  Refusal&& With(std::string_view key, std::string_view value) &&;

  // Adds a field violation: path, what was wrong and how to fix it (Chinese, English).
  Refusal& Field(std::string_view path, std::string_view text_zh, std::string_view text_en) &;
  Refusal&& Field(std::string_view path, std::string_view text_zh, std::string_view text_en) &&;

  // Adds a RetryInfo.
  Refusal&& RetryAfter(absl::Duration delay) &&;

  bool has_fields() const { return !fields_.empty(); }

  absl::Status Build() const;
  operator absl::Status() const { return Build(); }  // NOLINT(google-explicit-constructor)

 private:
  absl::StatusCode code_;
  std::string reason_;
  std::string text_zh_;
  std::string text_en_;
  std::vector<std::pair<std::string, std::string>> metadata_;
  struct FieldText {
    std::string path, text_zh, text_en;
  };
  std::vector<FieldText> fields_;
  absl::Duration retry_after_ = absl::ZeroDuration();
};

// The common ones.
// INVALID_ARGUMENT, FIELD_INVALID; add the fields with Field().
Refusal InvalidFields();
// NOT_FOUND, RESOURCE_NOT_FOUND.
absl::Status NotFound(std::string_view resource_name);
// FAILED_PRECONDITION, STATE_FORBIDS, naming the state and the moves that are legal in it.
absl::Status StateForbids(std::string_view resource_name, std::string_view move,
                          std::string_view state, const std::vector<std::string>& legal_moves);

// The reason of the ErrorInfo in a status; empty if it has none.
std::string ReasonOf(const absl::Status& status);
// A value of the ErrorInfo's metadata; empty if absent.
std::string MetadataOf(const absl::Status& status, std::string_view key);

// Payload type URLs under which details are attached to an absl::Status.
inline constexpr std::string_view kErrorInfoUrl = "type.googleapis.com/google.rpc.ErrorInfo";
inline constexpr std::string_view kBadRequestUrl = "type.googleapis.com/google.rpc.BadRequest";
inline constexpr std::string_view kRetryInfoUrl = "type.googleapis.com/google.rpc.RetryInfo";
inline constexpr std::string_view kErrorDomain = "fuju.gansu";

}  // namespace fuju::chassis
