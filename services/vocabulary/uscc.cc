#include "vocabulary/uscc.h"

#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "vocabulary/invalid_value.h"

namespace fuju::vocabulary {
namespace {

constexpr size_t kLength = 18;
constexpr size_t kModulus = 31;
constexpr absl::string_view kCharacters = "0123456789ABCDEFGHJKLMNPQRTUWXY";

char CheckCharacterOf(absl::string_view text) {
  size_t sum = 0;
  size_t weight = 1;
  for (size_t i = 0; i < kLength - 1; ++i) {
    sum += kCharacters.find(text[i]) * weight;
    weight = weight * 3 % kModulus;
  }
  return kCharacters[(kModulus - sum % kModulus) % kModulus];
}

}  // namespace

Uscc::Uscc(std::string text) : text_(std::move(text)) {}

absl::StatusOr<Uscc> Uscc::Parse(absl::string_view text) {
  if (text.size() != kLength) {
    return InvalidValue(
        absl::StrCat("统一社会信用代码应为18位，现为", text.size(), "位"),
        absl::StrCat("a unified social credit code has 18 characters, not ", text.size()));
  }
  std::string normalised = absl::AsciiStrToUpper(text);
  for (size_t i = 0; i < kLength; ++i) {
    const bool division = i >= 2 && i < 8;
    if (division && !absl::ascii_isdigit(static_cast<unsigned char>(normalised[i]))) {
      return InvalidValue(
          absl::StrCat("统一社会信用代码第", i + 1, "位应为数字"),
          absl::StrCat("character ", i + 1, " of the unified social credit code must be a digit"));
    }
    if (kCharacters.find(normalised[i]) == absl::string_view::npos) {
      return InvalidValue(
          absl::StrCat("统一社会信用代码第", i + 1, "位应为数字或除I、O、S、V、Z外的大写字母"),
          absl::StrCat("character ", i + 1,
                       " of the unified social credit code must be a digit or a capital letter "
                       "other than I, O, S, V, Z"));
    }
  }
  if (normalised.back() != CheckCharacterOf(normalised)) {
    return InvalidValue("统一社会信用代码校验码不符，请核对是否抄错",
                        "the check character of the unified social credit code is wrong");
  }
  return Uscc(std::move(normalised));
}

}  // namespace fuju::vocabulary
