#include "vocabulary/person_name.h"

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "vocabulary/invalid_value.h"
#include "vocabulary/utf8.h"

namespace fuju::vocabulary {
namespace {

constexpr char32_t kNameDot = U'\u00B7';
constexpr char32_t kIdeographicSpace = U'\u3000';

// Input methods offer several dots for the one on the identity card.
bool IsDotLookAlike(char32_t c) {
  return c == U'\u00B7' || c == U'\u2022' || c == U'\u2027' || c == U'\u30FB' || c == U'\uFF65' ||
         c == U'\u22C5' || c == U'.' || c == U'\uFF0E';
}

bool IsSpace(char32_t c) { return c == U' ' || c == kIdeographicSpace; }

bool IsLatin(char32_t c) { return c < 0x250 && c != kNameDot && !IsSpace(c); }

// Letters of any script, which for our purpose is all that is not known to be something else.
bool IsNameCharacter(char32_t c) {
  if (c < 0x80) {
    return absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == U'-' || c == U'\'';
  }
  const bool control = c < 0xA0;
  const bool general_punctuation = c >= 0x2000 && c <= 0x206F;
  const bool cjk_punctuation = c >= 0x3001 && c <= 0x3020 && c != U'\u3007';  // 〇 is in names
  const bool full_width_ascii = c >= 0xFF01 && c <= 0xFF20;
  const bool private_or_special = (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xFFF0 && c <= 0xFFFF) ||
                                  c == 0xFEFF || (c >= 0x1F000 && c <= 0x1FAFF);
  return !control && !general_punctuation && !cjk_punctuation && !full_width_ascii &&
         !private_or_special;
}

}  // namespace

PersonName::PersonName(std::string text) : text_(std::move(text)) {}

absl::StatusOr<PersonName> PersonName::Parse(absl::string_view text) {
  std::optional<std::vector<char32_t>> decoded = DecodeUtf8(text);
  if (!decoded.has_value()) {
    return InvalidValue("姓名不是有效的UTF-8文字", "the name is not valid UTF-8 text");
  }
  size_t first = 0;
  size_t last = decoded->size();
  while (first < last && IsSpace((*decoded)[first])) ++first;
  while (last > first && IsSpace((*decoded)[last - 1])) --last;

  std::vector<char32_t> name;
  for (size_t i = first; i < last; ++i) {
    const char32_t c = (*decoded)[i];
    if (IsSpace(c)) {
      // Never the first or the last, so both neighbours exist.
      if (IsLatin(name.back()) && IsLatin((*decoded)[i + 1])) name.push_back(U' ');
      continue;
    }
    if (IsDotLookAlike(c)) {
      name.push_back(kNameDot);
      continue;
    }
    if (!IsNameCharacter(c)) {
      return InvalidValue(absl::StrCat("姓名第", i - first + 1, "个字不能用于姓名"),
                          absl::StrCat("character ", i - first + 1, " cannot be part of a name"));
    }
    name.push_back(c);
  }
  if (name.size() < kShortest || name.size() > kLongest) {
    return InvalidValue(
        absl::StrCat("姓名应为", kShortest, "至", kLongest, "个字，现为", name.size(), "个"),
        absl::StrCat("a name has ", kShortest, " to ", kLongest, " characters, not ", name.size()));
  }
  if (name.front() == kNameDot || name.back() == kNameDot) {
    return InvalidValue("姓名不能以间隔号开头或结尾", "a name must not begin or end with a dot");
  }
  return PersonName(EncodeUtf8(name));
}

std::string PersonName::Masked() const { return MaskPersonName(text_); }

std::string MaskPersonName(absl::string_view text) {
  const std::optional<std::vector<char32_t>> decoded = DecodeUtf8(text);
  if (!decoded.has_value() || decoded->size() < 2) return text.empty() ? "" : "*";
  std::vector<char32_t> masked(decoded->size(), U'*');
  masked.front() = decoded->front();
  if (masked.size() > 2) masked.back() = decoded->back();
  return EncodeUtf8(masked);
}

}  // namespace fuju::vocabulary
