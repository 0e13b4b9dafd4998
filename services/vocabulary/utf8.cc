#include "vocabulary/utf8.h"

#include <cstddef>

namespace fuju::vocabulary {
namespace {

// Shape of a sequence by its first byte.
struct Lead {
  size_t length = 0;      // 0: not a first byte
  char32_t bits = 0;      // payload of the first byte
  char32_t smallest = 0;  // below it the form is overlong
};

Lead LeadOf(unsigned char byte) {
  if (byte < 0x80) return {1, byte, 0};
  if ((byte & 0xE0) == 0xC0) return {2, static_cast<char32_t>(byte & 0x1F), 0x80};
  if ((byte & 0xF0) == 0xE0) return {3, static_cast<char32_t>(byte & 0x0F), 0x800};
  if ((byte & 0xF8) == 0xF0) return {4, static_cast<char32_t>(byte & 0x07), 0x10000};
  return {};
}

}  // namespace

std::optional<std::vector<char32_t>> DecodeUtf8(absl::string_view text) {
  std::vector<char32_t> code_points;
  size_t at = 0;
  while (at < text.size()) {
    const Lead lead = LeadOf(static_cast<unsigned char>(text[at]));
    if (lead.length == 0 || at + lead.length > text.size()) return std::nullopt;
    char32_t value = lead.bits;
    for (size_t i = 1; i < lead.length; ++i) {
      const unsigned char byte = static_cast<unsigned char>(text[at + i]);
      if ((byte & 0xC0) != 0x80) return std::nullopt;
      value = (value << 6) | (byte & 0x3F);
    }
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < lead.smallest || value > 0x10FFFF || surrogate) return std::nullopt;
    code_points.push_back(value);
    at += lead.length;
  }
  return code_points;
}

std::string EncodeUtf8(const std::vector<char32_t>& code_points) {
  std::string text;
  text.reserve(code_points.size() * 3);
  const auto push = [&text](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  for (const char32_t c : code_points) {
    if (c < 0x80) {
      push(c);
    } else if (c < 0x800) {
      push(0xC0 | (c >> 6));
      push(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      push(0xE0 | (c >> 12));
      push(0x80 | ((c >> 6) & 0x3F));
      push(0x80 | (c & 0x3F));
    } else {
      push(0xF0 | (c >> 18));
      push(0x80 | ((c >> 12) & 0x3F));
      push(0x80 | ((c >> 6) & 0x3F));
      push(0x80 | (c & 0x3F));
    }
  }
  return text;
}

}  // namespace fuju::vocabulary
