#include "chassis/streams/entry_id.h"

#include <charconv>
#include <limits>

#include "absl/strings/str_cat.h"

namespace fuju::chassis {
namespace {

bool ParseDigits(std::string_view text, uint64_t& value) {
  const char* const end = text.data() + text.size();
  const std::from_chars_result result = std::from_chars(text.data(), end, value);
  return result.ec == std::errc() && result.ptr == end;
}

}  // namespace

std::optional<EntryId> EntryId::Parse(std::string_view text) {
  const size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  EntryId id;
  if (!ParseDigits(text.substr(0, dash), id.ms)) return std::nullopt;
  if (!ParseDigits(text.substr(dash + 1), id.sequence)) return std::nullopt;
  return id;
}

EntryId EntryId::Before() const {
  if (sequence > 0) return {.ms = ms, .sequence = sequence - 1};
  return {.ms = ms - 1, .sequence = std::numeric_limits<uint64_t>::max()};
}

std::string EntryId::ToString() const { return absl::StrCat(ms, "-", sequence); }

}  // namespace fuju::chassis
