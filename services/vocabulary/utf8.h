#ifndef FUJU_VOCABULARY_UTF8_H_
#define FUJU_VOCABULARY_UTF8_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace fuju::vocabulary {

// The code points of `text`; nullopt if it is not well-formed UTF-8 (overlong forms, surrogates and
// values above U+10FFFF included).
std::optional<std::vector<char32_t>> DecodeUtf8(absl::string_view text);

// Inverse of DecodeUtf8. Every element must be a Unicode scalar value.
std::string EncodeUtf8(const std::vector<char32_t>& code_points);

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_UTF8_H_
