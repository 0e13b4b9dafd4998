#include "chassis/rpc/page_token.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "chassis/rpc/message_digest.h"
#include "chassis/values/refusal.h"

namespace fuju::chassis {
namespace {

constexpr size_t kBindingBytes = 9;

std::string BindingOf(const google::protobuf::Message& query) {
  return MessageDigest("page_token", query, {"page_size", "page_token"}).substr(0, kBindingBytes);
}

absl::Status Invalid(std::string_view text_zh, std::string_view text_en) {
  return Refusal(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID", text_zh, text_en)
      .Field("page_token", text_zh, text_en);
}

}  // namespace

std::string MakePageToken(const google::protobuf::Message& query, std::string_view cursor) {
  if (cursor.empty()) return "";
  std::string token = BindingOf(query);
  token.append(cursor);
  return absl::WebSafeBase64Escape(token);
}

absl::StatusOr<std::string> CursorOf(const google::protobuf::Message& query) {
  const std::string token = TextField(query, "page_token");
  if (token.empty()) return std::string();
  std::string bytes;
  // Only the one spelling that MakePageToken writes.
  if (!absl::WebSafeBase64Unescape(token, &bytes) || bytes.size() <= kBindingBytes ||
      absl::WebSafeBase64Escape(bytes) != token) {
    return Invalid("翻页令牌无法识别；请原样使用上一页回答中的 next_page_token，或留空从第一页开始",
                   "the page token is malformed; use next_page_token of the answer before as it "
                   "is, or leave it empty for the first page");
  }
  if (bytes.compare(0, kBindingBytes, BindingOf(query)) != 0) {
    return Invalid("翻页令牌属于另一个查询；翻页时除 page_size 外其他条件须与第一页相同",
                   "the page token belongs to another query; all fields but page_size must stay as "
                   "they were for the first page");
  }
  return bytes.substr(kBindingBytes);
}

int PageSize(int asked, int normal, int most) {
  return asked <= 0 ? normal : std::min(asked, most);
}

}  // namespace fuju::chassis
