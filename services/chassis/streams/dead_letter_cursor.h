#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "chassis/streams/entry_id.h"

namespace fuju::chassis {

// How far a list over all partitions has come: by entry id, then by partition. Pure.
struct DeadLetterCursor {
  EntryId entry;
  int partition = -1;

  auto operator<=>(const DeadLetterCursor&) const = default;

  std::string ToString() const;
  // INVALID_ARGUMENT, PAGE_TOKEN_INVALID. Empty text: before the first.
  static absl::StatusOr<DeadLetterCursor> Parse(const std::string& text);

  // Entry id in a partition after which its part of the list goes on.
  std::string StartIn(int other_partition) const;
};

}  // namespace fuju::chassis
