#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "chassis/values/decision.h"

namespace fuju::chassis {

// Opaque text of an entry's place in an index: the next page starts after it.
std::string EncodeListCursor(const IndexEntry& last);

// Score and member of the place; nullopt for the empty cursor, which is the top. INVALID_ARGUMENT,
// PAGE_TOKEN_INVALID for a text that EncodeListCursor did not make.
absl::StatusOr<std::optional<IndexEntry>> DecodeListCursor(const std::string& cursor);

}  // namespace fuju::chassis
