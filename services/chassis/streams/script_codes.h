#pragma once

#include <cstdint>

#include "absl/status/status.h"

#include "chassis/redis/reply.h"
#include "chassis/values/refusal.h"

namespace fuju::chassis {

// What the scripts of this room return beside their results.
inline constexpr int64_t kLeaseLost = -1;
// acknowledge.lua: another position is kept than the one that the holder knows.
inline constexpr int64_t kPositionMoved = -2;

inline bool IsLeaseLost(const redis::Reply& reply) {
  return reply.type() == redis::Reply::Type::kInteger && reply.integer() == kLeaseLost;
}

inline bool IsNoGroup(const redis::Reply& reply) {
  return reply.is_error() && reply.text().rfind("NOGROUP", 0) == 0;
}

// FAILED_PRECONDITION, FENCED: another consumer has the partition.
inline absl::Status FencedStatus() {
  return Refusal(absl::StatusCode::kFailedPrecondition, "FENCED",
                 "本实例已不再持有该分区，由其他实例继续处理",
                 "this instance lost the partition; another one continues")
      .Build();
}

inline bool IsFenced(const absl::Status& status) { return ReasonOf(status) == "FENCED"; }

}  // namespace fuju::chassis
