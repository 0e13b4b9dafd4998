#include "dispatch/resume_token.h"

#include <cstdint>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "chassis/values/refusal.h"
#include "fuju/dispatch/storage/v1/dispatch_records.pb.h"

namespace fuju::dispatch {
namespace {

using storage::v1::OfferWatchToken;

absl::Status Invalid() {
  return chassis::Refusal(absl::StatusCode::kInvalidArgument, "RESUME_TOKEN_INVALID",
                          "续传标记无效或属于另一服务商，请不带标记重新开始",
                          "the resume token is malformed or of another vendor: start without one")
      .Field("resume_token", "不是本服务商的续传标记", "is no resume token of this vendor")
      .Build();
}

}  // namespace

std::string MakeResumeToken(const std::string& uscc, const WatchPosition& position) {
  OfferWatchToken token;
  token.set_uscc(uscc);
  const std::pair<std::string, std::string> entry =
      absl::StrSplit(position.entry_id, absl::MaxSplits('-', 1));
  uint64_t number = 0;
  if (absl::SimpleAtoi(entry.first, &number)) token.set_entry_ms(number);
  if (absl::SimpleAtoi(entry.second, &number)) token.set_entry_sequence(number);
  if (position.sent.has_value()) {
    token.set_open_from(position.sent->score);
    token.set_open_after(
        std::string(absl::StripPrefix(position.sent->offer_id, absl::StrCat(uscc, "/"))));
  }
  return absl::WebSafeBase64Escape(token.SerializeAsString());
}

absl::StatusOr<WatchPosition> ParseResumeToken(const std::string& uscc, const std::string& token) {
  std::string bytes;
  OfferWatchToken parsed;
  if (!absl::WebSafeBase64Unescape(token, &bytes) || !parsed.ParseFromString(bytes) ||
      parsed.uscc() != uscc) {
    return Invalid();
  }
  WatchPosition position;
  position.entry_id = absl::StrCat(parsed.entry_ms(), "-", parsed.entry_sequence());
  if (parsed.has_open_from()) {
    position.sent.emplace();
    position.sent->score = parsed.open_from();
    if (!parsed.open_after().empty()) {
      position.sent->offer_id = absl::StrCat(uscc, "/", parsed.open_after());
    }
  }
  // Other bytes may parse too; a token of ours is written in one way only.
  if (MakeResumeToken(uscc, position) != token) return Invalid();
  return position;
}

}  // namespace fuju::dispatch
