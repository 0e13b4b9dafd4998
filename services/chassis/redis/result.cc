#include "chassis/redis/result.h"

#include <algorithm>
#include <array>
#include <utility>

#include "chassis/values/refusal.h"

namespace fuju::chassis::redis {
namespace {

// How soon a caller may try again: Redis restarts and fails over within seconds.
constexpr absl::Duration kRetryDelay = absl::Milliseconds(500);

absl::Status Unavailable(absl::StatusCode code, std::string_view text_zh, std::string_view text_en,
                         std::string_view cause) {
  return Refusal(code, "STORE_UNAVAILABLE", text_zh,
                 std::string(text_en).append(": ").append(cause))
      .RetryAfter(kRetryDelay);
}

}  // namespace

absl::Status AnswerLost(std::string_view cause) {
  return Unavailable(absl::StatusCode::kUnavailable,
                     "与存储的连接中断，操作可能已生效，请用同一 request_id 重试",
                     "the connection to Redis was lost and the command may have been applied; "
                     "repeat it with the same request_id",
                     cause);
}

absl::Status NotApplied(std::string_view cause) {
  return Unavailable(absl::StatusCode::kUnavailable, "存储暂不可用，操作未生效，请稍后重试",
                     "Redis is not available and nothing was applied; repeat it later", cause);
}

absl::Status NoAnswerInTime(std::string_view connection_state) {
  return Unavailable(absl::StatusCode::kDeadlineExceeded,
                     "存储未及时应答，操作可能已生效，请用同一 request_id 重试",
                     "Redis did not answer in time and the command may have been applied; repeat "
                     "it with the same request_id",
                     connection_state);
}

bool RefusesForNow(const Reply& reply) {
  static constexpr std::array<std::string_view, 9> kCodes = {
      "LOADING ", "READONLY ", "MASTERDOWN ", "CLUSTERDOWN ", "TRYAGAIN ",
      "MISCONF ", "OOM ",      "NOREPLICAS ", "BUSY "};
  if (!reply.is_error()) return false;
  for (std::string_view code : kCodes) {
    if (reply.text().starts_with(code)) return true;
  }
  return false;
}

bool NotTheOneToAsk(std::string_view error) {
  static constexpr std::array<std::string_view, 5> kCodes = {"LOADING ", "READONLY ", "MASTERDOWN ",
                                                             "CLUSTERDOWN ", "TRYAGAIN "};
  return std::any_of(kCodes.begin(), kCodes.end(),
                     [error](std::string_view code) { return error.starts_with(code); });
}

absl::StatusOr<Reply> ToResult(Reply reply) {
  if (RefusesForNow(reply)) return NotApplied(reply.text());
  return reply;
}

}  // namespace fuju::chassis::redis
