#include "chassis/store/list_cursor.h"

#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "chassis/values/refusal.h"

namespace fuju::chassis {

std::string EncodeListCursor(const IndexEntry& last) {
  return absl::WebSafeBase64Escape(absl::StrCat(last.score, "|", last.member));
}

absl::StatusOr<std::optional<IndexEntry>> DecodeListCursor(const std::string& cursor) {
  if (cursor.empty()) return std::nullopt;
  std::string text;
  IndexEntry place;
  if (absl::WebSafeBase64Unescape(cursor, &text)) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits('|', 1));
    // Encoding it again finds other spellings of a number and texts without a bar.
    if (absl::SimpleAtoi(parts.first, &place.score)) {
      place.member = parts.second;
      if (EncodeListCursor(place) == cursor) return place;
    }
  }
  return Refusal(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID",
                 "分页标记无效，请从第一页重新读取",
                 "the page token is not valid; start again from the first page");
}

}  // namespace fuju::chassis
