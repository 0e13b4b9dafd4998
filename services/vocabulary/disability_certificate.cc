#include "vocabulary/disability_certificate.h"

#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "vocabulary/invalid_value.h"

namespace fuju::vocabulary {
namespace {

constexpr size_t kIdLength = 18;
constexpr size_t kFirstIssueLength = 20;
constexpr size_t kReissueLength = 22;

struct CategoryName {
  absl::string_view zh;
  absl::string_view en;
};

constexpr std::array<CategoryName, 7> kCategoryNames = {{{"视力", "visual"},
                                                         {"听力", "hearing"},
                                                         {"言语", "speech"},
                                                         {"肢体", "physical"},
                                                         {"智力", "intellectual"},
                                                         {"精神", "psychiatric"},
                                                         {"多重", "multiple"}}};
constexpr std::array<absl::string_view, 4> kGradesZh = {"一级", "二级", "三级", "四级"};

const CategoryName& NameOf(DisabilityCategory category) {
  return kCategoryNames[static_cast<size_t>(category) - 1];
}

bool IsWithin(char c, char first, char last) { return c >= first && c <= last; }

absl::Status CheckSuffix(absl::string_view text) {
  if (text.size() != kFirstIssueLength && text.size() != kReissueLength) {
    return InvalidValue(
        absl::StrCat("残疾人证号应为20位（补换证为22位），现为", text.size(), "位"),
        absl::StrCat("a disability certificate number has 20 characters (22 after a "
                     "re-issue), not ",
                     text.size()));
  }
  if (!IsWithin(text[kIdLength], '1', '7')) {
    return InvalidValue("残疾人证号第19位（残疾类别）应为1至7",
                        "character 19 (category) of the certificate number must be 1 to 7");
  }
  if (!IsWithin(text[kIdLength + 1], '1', '4')) {
    return InvalidValue("残疾人证号第20位（残疾等级）应为1至4",
                        "character 20 (grade) of the certificate number must be 1 to 4");
  }
  const bool reissued = text.size() == kReissueLength;
  if (reissued && (text[20] != 'B' || !IsWithin(text[21], '1', '9'))) {
    return InvalidValue("残疾人证号补换证后缀应为B1至B9",
                        "the re-issue suffix of the certificate number must be B1 to B9");
  }
  return absl::OkStatus();
}

}  // namespace

absl::string_view CategoryZh(DisabilityCategory category) { return NameOf(category).zh; }

absl::string_view CategoryEn(DisabilityCategory category) { return NameOf(category).en; }

DisabilityCertificate::DisabilityCertificate(std::string text, ResidentId resident_id,
                                             DisabilityCategory category, int grade, int reissue)
    : text_(std::move(text)),
      resident_id_(std::move(resident_id)),
      category_(category),
      grade_(grade),
      reissue_(reissue) {}

absl::StatusOr<DisabilityCertificate> DisabilityCertificate::Parse(absl::string_view text,
                                                                   absl::CivilDay today) {
  std::string normalised = absl::AsciiStrToUpper(text);
  if (absl::Status s = CheckSuffix(normalised); !s.ok()) return s;
  absl::StatusOr<ResidentId> resident_id =
      ResidentId::Parse(absl::string_view(normalised).substr(0, kIdLength), today);
  if (!resident_id.ok()) {
    const absl::string_view why = resident_id.status().message();
    const size_t split = why.find(kLanguageSeparator);
    return InvalidValue(absl::StrCat("残疾人证号前18位有误：", why.substr(0, split)),
                        absl::StrCat("the first 18 characters of the certificate number: ",
                                     why.substr(split + kLanguageSeparator.size())));
  }
  const auto category = static_cast<DisabilityCategory>(normalised[kIdLength] - '0');
  const int grade = normalised[kIdLength + 1] - '0';
  const int reissue = normalised.size() == kReissueLength ? normalised[21] - '0' : 0;
  return DisabilityCertificate(std::move(normalised), *std::move(resident_id), category, grade,
                               reissue);
}

std::string DisabilityCertificate::DescriptionZh() const {
  return absl::StrCat(CategoryZh(category_), kGradesZh[static_cast<size_t>(grade_ - 1)]);
}

std::string DisabilityCertificate::DescriptionEn() const {
  return absl::StrCat(CategoryEn(category_), ", grade ", grade_);
}

std::string DisabilityCertificate::Masked() const { return MaskResidentId(text_); }

}  // namespace fuju::vocabulary
