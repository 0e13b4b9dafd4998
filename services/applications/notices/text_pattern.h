#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fuju::applications {

// A text with placeholders in braces, "请在{deadline}补正。". Pure.

struct PatternPiece {
  // The name of a placeholder, or text as it is.
  bool placeholder = false;
  std::string text;
};

// INVALID_ARGUMENT for a brace without its other one, or braces around anything but lower-case
// letters and "_".
absl::StatusOr<std::vector<PatternPiece>> ParsePattern(absl::string_view pattern);

// The pattern with `value` of each name; a pattern that does not parse stays as it is.
std::string FillPattern(absl::string_view pattern,
                        const std::function<std::string(absl::string_view name)>& value);

// Number of characters; 0 if it is not UTF-8.
int CharactersOf(absl::string_view text);

// At most so many characters; what is cut is told by "…".
std::string CutTo(absl::string_view text, int most_characters);

}  // namespace fuju::applications
