#include "chassis/streams/dead_letter_cursor.h"

#include <limits>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "chassis/values/refusal.h"

namespace fuju::chassis {
namespace {

absl::Status Malformed() {
  return Refusal(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID",
                 "翻页令牌无法识别；请原样使用上一页回答中的 next_page_token",
                 "the page token is malformed; use next_page_token of the answer before as it is");
}

EntryId Before(EntryId id) {
  if (id.sequence > 0) return {id.ms, id.sequence - 1};
  if (id.ms == 0) return id;
  return {id.ms - 1, std::numeric_limits<uint64_t>::max()};
}

}  // namespace

std::string DeadLetterCursor::ToString() const {
  return absl::StrCat(entry.ToString(), "|", partition);
}

absl::StatusOr<DeadLetterCursor> DeadLetterCursor::Parse(const std::string& text) {
  if (text.empty()) return DeadLetterCursor();
  const size_t bar = text.find('|');
  if (bar == std::string::npos) return Malformed();
  const std::optional<EntryId> entry = EntryId::Parse(std::string_view(text).substr(0, bar));
  DeadLetterCursor cursor;
  if (!entry.has_value() || !absl::SimpleAtoi(text.substr(bar + 1), &cursor.partition) ||
      cursor.partition < 0) {
    return Malformed();
  }
  cursor.entry = *entry;
  return cursor;
}

std::string DeadLetterCursor::StartIn(int other_partition) const {
  return (other_partition > partition ? Before(entry) : entry).ToString();
}

}  // namespace fuju::chassis
