#include "vocabulary/phone.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "vocabulary/invalid_value.h"

namespace fuju::vocabulary {
namespace {

constexpr size_t kMobileLength = 11;
constexpr size_t kHidden = 4;
constexpr size_t kLongestExtension = 6;

bool AreDigits(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return !text.empty();
}

bool IsMobile(absl::string_view digits) {
  return digits.size() == kMobileLength && digits[0] == '1' && digits[1] >= '3';
}

// Beijing and the 02x cities have three digits, all other areas four.
size_t AreaLength(absl::string_view digits) {
  return digits.size() > 1 && (digits[1] == '1' || digits[1] == '2') ? 3 : 4;
}

bool IsArea(absl::string_view area) {
  return AreDigits(area) && area.size() >= 3 && area[0] == '0' && area[1] != '0' &&
         area.size() == AreaLength(area);
}

bool IsLocalNumber(absl::string_view number) {
  return AreDigits(number) && (number.size() == 7 || number.size() == 8) && number[0] >= '2' &&
         number[0] <= '8';
}

absl::Status BadMobile() {
  return InvalidValue("手机号应为11位，以13至19开头",
                      "a mobile number has 11 digits and starts with 13 to 19");
}

absl::Status BadLandline() {
  return InvalidValue("固定电话应含区号，如0931-xxxxxxx，分机号可加在后面",
                      "a landline number needs its area code, such as 0931-xxxxxxx, and may end "
                      "with an extension");
}

// "0931" "8412345" ["12"], however it was written; empty if it is no landline number.
std::vector<std::string> LandlineParts(absl::string_view text) {
  std::vector<std::string> parts = absl::StrSplit(text, '-');
  if (parts[0].size() > 4) {
    const size_t area = AreaLength(parts[0]);
    parts.insert(parts.begin() + 1, parts[0].substr(area));
    parts[0].resize(area);
  }
  const bool ok =
      parts.size() >= 2 && parts.size() <= 3 && IsArea(parts[0]) && IsLocalNumber(parts[1]) &&
      (parts.size() == 2 || (AreDigits(parts[2]) && parts[2].size() <= kLongestExtension));
  if (!ok) parts.clear();
  return parts;
}

}  // namespace

Phone::Phone(std::string text, Kind kind) : text_(std::move(text)), kind_(kind) {}

absl::StatusOr<Phone> Phone::Parse(absl::string_view text) {
  const std::string compact = absl::StrReplaceAll(text, {{" ", ""}});
  if (compact.empty()) return InvalidValue("电话号码为空", "the phone number is empty");
  if (absl::StartsWith(compact, "0")) {
    const std::vector<std::string> parts = LandlineParts(compact);
    if (parts.empty()) return BadLandline();
    return Phone(absl::StrJoin(parts, "-"), Kind::kLandline);
  }
  std::string digits = absl::StrReplaceAll(absl::StripPrefix(compact, "+86"), {{"-", ""}});
  if (!AreDigits(digits)) {
    return InvalidValue("电话号码只能由数字、空格、连字符和开头的+86组成",
                        "a phone number consists of digits, spaces, hyphens and a leading +86");
  }
  if (IsMobile(digits)) return Phone(std::move(digits), Kind::kMobile);
  return digits[0] == '1' ? BadMobile() : BadLandline();
}

std::string Phone::Masked() const { return MaskPhone(text_); }

std::string MaskPhone(absl::string_view text) {
  if (AreDigits(text) && IsMobile(text)) {
    return absl::StrCat(text.substr(0, 3), std::string(kHidden, '*'), text.substr(3 + kHidden));
  }
  const std::vector<std::string> parts = LandlineParts(text);
  if (parts.empty()) return std::string(text.size(), '*');
  return absl::StrCat(parts[0], "-", std::string(kHidden, '*'), parts[1].substr(kHidden));
}

}  // namespace fuju::vocabulary
