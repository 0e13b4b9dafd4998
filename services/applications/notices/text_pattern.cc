#include "applications/notices/text_pattern.h"

#include <optional>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "vocabulary/utf8.h"

namespace fuju::applications {
namespace {

bool IsName(absl::string_view text) {
  return !text.empty() &&
         absl::c_all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

absl::StatusOr<std::vector<PatternPiece>> ParsePattern(absl::string_view pattern) {
  std::vector<PatternPiece> pieces;
  while (!pattern.empty()) {
    const size_t brace = pattern.find_first_of("{}");
    if (brace != 0) pieces.push_back({false, std::string(pattern.substr(0, brace))});
    if (brace == absl::string_view::npos) break;
    pattern.remove_prefix(brace);
    const size_t end = pattern.find('}');
    if (pattern.front() == '}' || end == absl::string_view::npos) {
      return absl::InvalidArgumentError("has a brace without its other one");
    }
    const absl::string_view name = pattern.substr(1, end - 1);
    if (!IsName(name)) {
      return absl::InvalidArgumentError(absl::StrCat("{", name, "} is no placeholder"));
    }
    pieces.push_back({true, std::string(name)});
    pattern.remove_prefix(end + 1);
  }
  return pieces;
}

std::string FillPattern(absl::string_view pattern,
                        const std::function<std::string(absl::string_view name)>& value) {
  const auto pieces = ParsePattern(pattern);
  if (!pieces.ok()) return std::string(pattern);
  std::string filled;
  for (const PatternPiece& piece : *pieces) {
    filled += piece.placeholder ? value(piece.text) : piece.text;
  }
  return filled;
}

int CharactersOf(absl::string_view text) {
  const auto characters = vocabulary::DecodeUtf8(text);
  return characters.has_value() ? static_cast<int>(characters->size()) : 0;
}

std::string CutTo(absl::string_view text, int most_characters) {
  std::optional<std::vector<char32_t>> characters = vocabulary::DecodeUtf8(text);
  if (!characters.has_value() || static_cast<int>(characters->size()) <= most_characters) {
    return std::string(text);
  }
  characters->resize(static_cast<size_t>(most_characters));
  characters->back() = U'…';
  return vocabulary::EncodeUtf8(*characters);
}

}  // namespace fuju::applications
