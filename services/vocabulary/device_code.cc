#include "vocabulary/device_code.h"

#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "vocabulary/invalid_value.h"

namespace fuju::vocabulary {
namespace {

constexpr size_t kLongestEdition = 100;

// Pairs of digits, none of them 00.
bool ArePairs(absl::string_view digits) {
  if (digits.empty() || digits.size() % 2 != 0) return false;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(digits[i]))) return false;
    if (i % 2 == 1 && digits[i] == '0' && digits[i - 1] == '0') return false;
  }
  return true;
}

// Takes out the single spaces between pairs; leaves any other space in, where ArePairs rejects it.
std::string WithoutPairSpaces(absl::string_view text) {
  std::string digits;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool between_pairs = i % 3 == 2 && i + 1 < text.size();
    if (text[i] == ' ' && between_pairs) continue;
    digits.push_back(text[i]);
  }
  return digits;
}

}  // namespace

DeviceCode::DeviceCode(std::string digits, std::string edition)
    : digits_(std::move(digits)), edition_(std::move(edition)) {}

absl::StatusOr<DeviceCode> DeviceCode::Parse(absl::string_view text, absl::string_view edition) {
  const bool spaced = absl::StrContains(text, ' ');
  std::string digits = spaced ? WithoutPairSpaces(text) : std::string(text);
  const bool evenly_spaced = !spaced || text.size() == digits.size() / 2 * 3 - 1;
  if (!ArePairs(digits) || !evenly_spaced || (digits.size() != 6 && digits.size() != 8)) {
    return InvalidValue(
        absl::StrCat("辅助器具分类代码“", text, "”应为6位或8位数字（如122203），每两位不为00"),
        absl::StrCat("device code '", text,
                     "' must have 6 or 8 digits (such as 122203) and no pair 00"));
  }
  if (edition.empty() || edition.size() > kLongestEdition) {
    return InvalidValue(
        "辅助器具分类代码缺少标准版本（如GB/T 16432-2016）",
        "the device code needs the edition of the standard (such as GB/T 16432-2016)");
  }
  return DeviceCode(std::move(digits), std::string(edition));
}

std::string DeviceCode::Formatted() const {
  std::string text = digits_.substr(0, 2);
  for (size_t i = 2; i < digits_.size(); i += 2) absl::StrAppend(&text, " ", digits_.substr(i, 2));
  return text;
}

DeviceScope::DeviceScope(std::string digits) : digits_(std::move(digits)) {}

absl::StatusOr<DeviceScope> DeviceScope::Parse(absl::string_view text) {
  if (!ArePairs(text) || text.size() > 6) {
    return InvalidValue(absl::StrCat("辅助器具类别“", text, "”应为2位主类、4位次类或6位支类数字"),
                        absl::StrCat("device class '", text,
                                     "' must be 2 digits (class), 4 (subclass) or 6 (division)"));
  }
  return DeviceScope(std::string(text));
}

bool DeviceScope::Covers(const DeviceCode& code) const {
  return absl::StartsWith(code.digits(), digits_);
}

}  // namespace fuju::vocabulary
