#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "chassis/values/decision.h"

namespace fuju::dispatch {

// Where a watch of a vendor's offers goes on. A value.
struct WatchPosition {
  // Entry of the vendor's event stream after which changes are still to come.
  std::string entry_id;
  // While the open offers are still being sent: the one that was sent last, as it stands in their
  // index (its id, and the time of its placing); an empty id before the first. Absent afterwards.
  struct Sent {
    int64_t score = 0;
    std::string offer_id;
    friend bool operator==(const Sent&, const Sent&) = default;
  };
  std::optional<Sent> sent;

  friend bool operator==(const WatchPosition&, const WatchPosition&) = default;
};

// Resume tokens: opaque, URL-safe, bound to the vendor, at most 128 characters. Pure.
std::string MakeResumeToken(const std::string& uscc, const WatchPosition& position);
// INVALID_ARGUMENT, RESUME_TOKEN_INVALID for a text that is no token of this vendor.
absl::StatusOr<WatchPosition> ParseResumeToken(const std::string& uscc, const std::string& token);

}  // namespace fuju::dispatch
