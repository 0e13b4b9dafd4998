#include "applications/resume_token.h"

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

constexpr char kSeparator = '#';

}  // namespace

std::string MakeResumeToken(absl::string_view application_name, int sequence) {
  std::string token;
  absl::WebSafeBase64Escape(absl::StrCat(application_name, std::string(1, kSeparator), sequence),
                            &token);
  return token;
}

absl::Status InvalidResumeToken() {
  return chassis::Refusal(absl::StatusCode::kInvalidArgument, "RESUME_TOKEN_INVALID",
                          "续传标记不属于这个申请，请从头开始",
                          "the resume token is not one of this application; start without one")
      .Field("resume_token", "应为上次收到的标记", "must be the token received last")
      .Build();
}

absl::StatusOr<int> SequenceOf(absl::string_view token, absl::string_view application_name) {
  if (token.empty()) return 0;
  std::string text;
  int sequence = 0;
  if (!absl::WebSafeBase64Unescape(token, &text)) return InvalidResumeToken();
  const size_t cut = text.rfind(kSeparator);
  const bool ours = cut != std::string::npos && text.substr(0, cut) == application_name &&
                    absl::SimpleAtoi(text.substr(cut + 1), &sequence) && sequence >= 0 &&
                    MakeResumeToken(application_name, sequence) == token;
  if (!ours) return InvalidResumeToken();
  return sequence;
}

}  // namespace fuju::applications
