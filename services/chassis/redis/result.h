#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "chassis/redis/reply.h"

namespace fuju::chassis::redis {

// The errors of client.h, built in one place. All carry the reason STORE_UNAVAILABLE.

// UNAVAILABLE: the command was sent and its answer is lost; it may have been applied.
absl::Status AnswerLost(std::string_view cause);
// UNAVAILABLE: the command did not reach Redis, or Redis refused to work: nothing was applied.
absl::Status NotApplied(std::string_view cause);
// DEADLINE_EXCEEDED: no answer in time; it may have been applied.
absl::Status NoAnswerInTime(std::string_view connection_state);

// What the caller of a command gets for a reply: errors by which Redis refuses to work for now
// become UNAVAILABLE, every other reply is passed on.
absl::StatusOr<Reply> ToResult(Reply reply);

// True for the replies that ToResult turns into UNAVAILABLE.
bool RefusesForNow(const Reply& reply);

// True for an error reply that another node may be the one to ask, or this one soon.
bool NotTheOneToAsk(std::string_view error);

}  // namespace fuju::chassis::redis
