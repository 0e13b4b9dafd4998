#include "vocabulary/resident_id.h"

#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "vocabulary/civil_date.h"
#include "vocabulary/invalid_value.h"

namespace fuju::vocabulary {
namespace {

constexpr size_t kLength = 18;
constexpr size_t kOldLength = 15;
constexpr size_t kShown = 4;
constexpr std::array<int, kLength - 1> kWeights = {7, 9, 10, 5,  8, 4, 2, 1, 6,
                                                   3, 7, 9,  10, 5, 8, 4, 2};
constexpr absl::string_view kCheckCharacters = "10X98765432";

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

char CheckCharacterOf(absl::string_view text) {
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) sum += (text[i] - '0') * kWeights[i];
  return kCheckCharacters[static_cast<size_t>(sum % 11)];
}

absl::Status CheckCharacters(absl::string_view text) {
  if (text.size() == kOldLength) {
    return InvalidValue("15位旧身份证号已停用，请填写18位身份证号",
                        "15-digit resident ids are no longer valid, give the 18-character one");
  }
  if (text.size() != kLength) {
    return InvalidValue(absl::StrCat("身份证号应为18位，现为", text.size(), "位"),
                        absl::StrCat("a resident id has 18 characters, not ", text.size()));
  }
  for (size_t i = 0; i < kLength - 1; ++i) {
    if (!IsDigit(text[i])) {
      return InvalidValue(absl::StrCat("身份证号第", i + 1, "位应为数字"),
                          absl::StrCat("character ", i + 1, " of the resident id must be a digit"));
    }
  }
  if (!IsDigit(text.back()) && text.back() != 'X') {
    return InvalidValue("身份证号最后一位应为数字或X",
                        "the last character of the resident id must be a digit or X");
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::CivilDay> BirthDateOf(absl::string_view text, absl::CivilDay today) {
  const absl::StatusOr<absl::CivilDay> birth = ParseCivilDate(
      absl::StrCat(text.substr(6, 4), "-", text.substr(10, 2), "-", text.substr(12, 2)));
  if (!birth.ok()) {
    // Not the message of ParseCivilDate: it repeats the date, which is personal here.
    return InvalidValue("身份证号中的出生日期不存在",
                        "the birth date in the resident id does not exist");
  }
  if (*birth > today) {
    return InvalidValue("身份证号中的出生日期晚于今天",
                        "the birth date in the resident id lies in the future");
  }
  if (AgeOn(*birth, today) > ResidentId::kOldestAge) {
    return InvalidValue(
        absl::StrCat("按身份证号计算的年龄超过", ResidentId::kOldestAge, "岁"),
        absl::StrCat("the age in the resident id is above ", ResidentId::kOldestAge, " years"));
  }
  return *birth;
}

}  // namespace

ResidentId::ResidentId(std::string text, absl::CivilDay birth_date, Sex sex)
    : text_(std::move(text)), birth_date_(birth_date), sex_(sex) {}

absl::StatusOr<ResidentId> ResidentId::Parse(absl::string_view text, absl::CivilDay today) {
  std::string normalised(text);
  if (!normalised.empty() && normalised.back() == 'x') normalised.back() = 'X';
  if (absl::Status s = CheckCharacters(normalised); !s.ok()) return s;
  const absl::StatusOr<absl::CivilDay> birth = BirthDateOf(normalised, today);
  if (!birth.ok()) return birth.status();
  if (normalised.back() != CheckCharacterOf(normalised)) {
    return InvalidValue("身份证号校验码不符，请核对是否抄错",
                        "the check character of the resident id is wrong, look for a slip");
  }
  // The sequence number is odd for men, even for women.
  const Sex sex = (normalised[16] - '0') % 2 == 1 ? Sex::kMale : Sex::kFemale;
  return ResidentId(std::move(normalised), *birth, sex);
}

std::string ResidentId::Masked() const { return MaskResidentId(text_); }

std::string MaskResidentId(absl::string_view text) {
  if (text.size() < kLength) return std::string(text.size(), '*');
  return absl::StrCat(text.substr(0, kShown), std::string(text.size() - 2 * kShown, '*'),
                      text.substr(text.size() - kShown));
}

}  // namespace fuju::vocabulary
