#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fuju::chassis {

// Id of a stream entry, "<ms>-<sequence>", as an ordered value.
struct EntryId {
  uint64_t ms = 0;
  uint64_t sequence = 0;

  // Absent if the text is not exactly that form.
  static std::optional<EntryId> Parse(std::string_view text);
  std::string ToString() const;
  // The id right before this one, which is not 0-0.
  EntryId Before() const;

  auto operator<=>(const EntryId&) const = default;
};

}  // namespace fuju::chassis
