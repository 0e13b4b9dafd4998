#include "applications/needs/survey_row.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

#include "applications/needs/need_codes.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/device_code.h"
#include "vocabulary/disability_certificate.h"
#include "vocabulary/invalid_value.h"
#include "vocabulary/person_name.h"
#include "vocabulary/phone.h"
#include "vocabulary/utf8.h"

namespace fuju::applications {
namespace {

constexpr size_t kCountyDigits = 6;
constexpr size_t kTownDigits = 9;
constexpr size_t kVillageDigits = 12;
constexpr size_t kLongestText = 200;     // characters
constexpr size_t kLongestSurveyor = 50;  // characters
constexpr size_t kShownOfCell = 40;      // characters

bool AreDigits(absl::string_view text) {
  return absl::c_all_of(text,
                        [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
}

size_t Characters(absl::string_view text) {
  return vocabulary::DecodeUtf8(text).value_or(std::vector<char32_t>(text.size())).size();
}

// "2026/3/5" and "2026-3-5" as "2026-03-05"; anything else as it is.
std::string NormalDate(absl::string_view cell) {
  const std::string dashed = absl::StrReplaceAll(cell, {{"/", "-"}});
  std::vector<std::string> parts = absl::StrSplit(dashed, '-');
  if (parts.size() != 3) return dashed;
  for (size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].size() == 1) parts[i] = absl::StrCat("0", parts[i]);
  }
  return absl::StrCat(parts[0], "-", parts[1], "-", parts[2]);
}

// One row on its way.
class RowCheck {
 public:
  RowCheck(const SurveyHeader& header, int64_t row, const std::vector<std::string>& cells,
           const SurveyRules& rules, std::vector<v1::BadCell>& bad)
      : header_(header), row_(row), cells_(cells), rules_(rules), bad_(bad), told_(bad.size()) {}

  std::optional<SurveyedNeed> Read() {
    need_.set_survey_year(rules_.survey_year);
    ReadPlace();
    ReadPerson();
    ReadNeed();
    if (bad_.size() > told_) return std::nullopt;
    return SurveyedNeed{std::move(need_), *std::move(resident_id_)};
  }

 private:
  // Without white space around it; empty if the file has no such column.
  absl::string_view Cell(SurveyColumn column) const {
    const size_t index = header_.IndexOf(column);
    return index < cells_.size() ? absl::StripAsciiWhitespace(cells_[index]) : "";
  }

  // The cell if it has a value; a missing one that is required is told.
  std::optional<absl::string_view> Value(SurveyColumn column) {
    const absl::string_view cell = Cell(column);
    if (!cell.empty()) return cell;
    if (InfoOf(column).required) Bad(column, "必填", "is required");
    return std::nullopt;
  }

  void Bad(SurveyColumn column, absl::string_view zh, absl::string_view en) {
    v1::BadCell cell = BadRow(row_, zh, en);
    const size_t index = header_.IndexOf(column);
    cell.set_column(static_cast<int32_t>(index + 1));
    cell.set_header(header_.cell(index));
    cell.set_value(ShownCell(column, Cell(column)));
    bad_.push_back(std::move(cell));
  }

  // Takes the two halves of a message of the vocabulary.
  void Bad(SurveyColumn column, const absl::Status& why) {
    const absl::string_view message = why.message();
    const size_t cut = message.find(vocabulary::kLanguageSeparator);
    if (cut == absl::string_view::npos) return Bad(column, message, message);
    Bad(column, message.substr(0, cut),
        message.substr(cut + vocabulary::kLanguageSeparator.size()));
  }

  void BadWord(SurveyColumn column, const AllowedWords& words) {
    Bad(column, absl::StrCat("应为以下之一：", words.zh, "（", words.en, "）"),
        absl::StrCat("is one of ", words.en, " (", words.zh, ")"));
  }

  void ReadPlace() {
    const auto cell = Value(SurveyColumn::kCounty);
    if (!cell.has_value()) return ReadBelow("");
    const auto code = vocabulary::RegionCode::Parse(*cell);
    if (!code.ok()) {
      Bad(SurveyColumn::kCounty, code.status());
      return ReadBelow("");
    }
    if (!rules_.regions->IsReviewingOffice(*code)) {
      Bad(SurveyColumn::kCounty, "不是县（市、区）残联的代码",
          "is not the code of a county office");
    } else if (!rules_.county_code.empty() && *cell != rules_.county_code) {
      Bad(SurveyColumn::kCounty, absl::StrCat("本次导入只接受", rules_.county_code),
          absl::StrCat("this import takes rows of ", rules_.county_code, " only"));
    }
    need_.set_county_code(NumberOf<int32_t>(*cell));
    // The towns of an office that is no division have the codes of the counties that they come
    // from.
    const vocabulary::Region* region = rules_.regions->Find(*code);
    const bool division = region != nullptr && region->level == vocabulary::RegionLevel::kCounty;
    ReadBelow(division ? *cell : "");
  }

  // `county`: what town and village begin with.
  void ReadBelow(absl::string_view county) {
    const auto town = Value(SurveyColumn::kTown);
    const bool town_right = town.has_value() && CheckCode(SurveyColumn::kTown, *town, kTownDigits,
                                                          county, "县区", "county");
    if (town_right) need_.set_town_code(NumberOf<int32_t>(*town));
    const auto village = Value(SurveyColumn::kVillage);
    if (!village.has_value()) return;
    const bool right =
        town_right
            ? CheckCode(SurveyColumn::kVillage, *village, kVillageDigits, *town, "乡镇", "town")
            : CheckCode(SurveyColumn::kVillage, *village, kVillageDigits, county, "县区", "county");
    if (right) need_.set_village_code(NumberOf<int64_t>(*village));
  }

  bool CheckCode(SurveyColumn column, absl::string_view cell, size_t digits,
                 absl::string_view prefix, absl::string_view prefix_zh,
                 absl::string_view prefix_en) {
    if (cell.size() != digits || !AreDigits(cell) || cell.front() == '0') {
      Bad(column, absl::StrCat("应为", digits, "位数字，或留空"),
          absl::StrCat("is ", digits, " digits, or empty"));
      return false;
    }
    if (absl::StartsWith(cell, prefix)) return true;
    Bad(column, absl::StrCat("不在本行的", prefix_zh, prefix, "之内"),
        absl::StrCat("does not lie in the ", prefix_en, " ", prefix, " of this row"));
    return false;
  }

  void ReadPerson() {
    if (const auto cell = Value(SurveyColumn::kName)) {
      const auto name = vocabulary::PersonName::Parse(*cell);
      if (name.ok()) need_.set_person_name(name->text());
      if (!name.ok()) Bad(SurveyColumn::kName, name.status());
    }
    if (const auto cell = Value(SurveyColumn::kResidentId)) {
      auto id = vocabulary::ResidentId::Parse(*cell, rules_.today);
      if (!id.ok()) Bad(SurveyColumn::kResidentId, id.status());
      if (id.ok()) {
        need_.set_resident_id(id->text());
        resident_id_ = *std::move(id);
      }
    }
    if (const auto cell = Value(SurveyColumn::kCertificate)) ReadCertificate(*cell);
    if (const auto cell = Value(SurveyColumn::kPhone)) {
      const auto phone = vocabulary::Phone::Parse(*cell);
      if (phone.ok()) need_.set_phone(phone->text());
      if (!phone.ok()) Bad(SurveyColumn::kPhone, phone.status());
    }
    if (const auto text = Text(SurveyColumn::kAddress, kLongestText)) need_.set_address(*text);
    if (const auto cell = Value(SurveyColumn::kEconomicStatus)) {
      const auto status = EconomicStatusOf(*cell);
      if (status.has_value()) need_.set_economic_status(*status);
      if (!status.has_value()) BadWord(SurveyColumn::kEconomicStatus, EconomicStatusWords());
    }
  }

  void ReadCertificate(absl::string_view cell) {
    const auto certificate = vocabulary::DisabilityCertificate::Parse(cell, rules_.today);
    if (!certificate.ok()) return Bad(SurveyColumn::kCertificate, certificate.status());
    if (resident_id_.has_value() && !certificate->BelongsTo(*resident_id_)) {
      return Bad(SurveyColumn::kCertificate, "与本行的身份证号不是同一人",
                 "is not of the person of this row's resident id");
    }
    need_.set_certificate_suffix(
        certificate->text().substr(certificate->resident_id().text().size()));
  }

  // Text in anybody's words: line breaks become spaces.
  std::optional<std::string> Text(SurveyColumn column, size_t longest) {
    const auto cell = Value(column);
    if (!cell.has_value()) return std::nullopt;
    const std::string text = absl::StrReplaceAll(*cell, {{"\r\n", " "}, {"\n", " "}, {"\t", " "}});
    if (absl::c_any_of(text,
                       [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); })) {
      Bad(column, "含有不允许的控制字符", "holds a control character");
      return std::nullopt;
    }
    if (Characters(text) > longest) {
      Bad(column, absl::StrCat("最多", longest, "个字"),
          absl::StrCat("has at most ", longest, " characters"));
      return std::nullopt;
    }
    return text;
  }

  void ReadNeed() {
    if (const auto cell = Value(SurveyColumn::kArea)) {
      const auto area = NeedAreaOf(*cell);
      if (area.has_value()) need_.set_area(*area);
      if (!area.has_value()) BadWord(SurveyColumn::kArea, NeedAreaWords());
    }
    if (const auto cell = Value(SurveyColumn::kDevice)) ReadDevice(*cell);
    need_.set_urgency(v1::NEED_URGENCY_NORMAL);
    if (const auto cell = Value(SurveyColumn::kUrgency)) {
      const auto urgency = NeedUrgencyOf(*cell);
      if (urgency.has_value()) need_.set_urgency(*urgency);
      if (!urgency.has_value()) BadWord(SurveyColumn::kUrgency, NeedUrgencyWords());
    }
    std::optional<absl::CivilDay> day;
    if (const auto cell = Value(SurveyColumn::kSurveyDate)) day = ReadDate(*cell);
    if (const auto text = Text(SurveyColumn::kSurveyor, kLongestSurveyor)) {
      need_.set_surveyor(*text);
    }
    if (const auto text = Text(SurveyColumn::kRemark, kLongestText)) need_.set_remark(*text);
    if (const auto cell = Value(SurveyColumn::kConsent)) ReadConsent(*cell, day);
  }

  void ReadDevice(absl::string_view cell) {
    const auto item = rules_.items->find(cell);
    if (item != rules_.items->end()) {
      need_.set_item_code(item->first);
      need_.set_device_division(NumberOf<int32_t>(item->second));
      return;
    }
    const auto scope = vocabulary::DeviceScope::Parse(cell);
    if (scope.ok() && scope->digits().size() == 6) {
      need_.set_device_division(NumberOf<int32_t>(cell));
      return;
    }
    Bad(SurveyColumn::kDevice, "应为目录中的项目编码（如M01）、6位辅具分类代码（如122203），或留空",
        "is an item code of the catalogue, such as M01, a device division of six digits, such as "
        "122203, or empty");
  }

  std::optional<absl::CivilDay> ReadDate(absl::string_view cell) {
    const auto day = vocabulary::ParseCivilDate(NormalDate(cell));
    if (!day.ok()) {
      Bad(SurveyColumn::kSurveyDate, day.status());
      return std::nullopt;
    }
    if (day->year() != rules_.survey_year || *day > rules_.today) {
      Bad(SurveyColumn::kSurveyDate, absl::StrCat("应在", rules_.survey_year, "年内，且不晚于今天"),
          absl::StrCat("lies in ", rules_.survey_year, " and not after today"));
      return std::nullopt;
    }
    need_.set_survey_date(
        static_cast<int32_t>(day->year() * 10000 + day->month() * 100 + day->day()));
    return *day;
  }

  void ReadConsent(absl::string_view cell, std::optional<absl::CivilDay> day) {
    const auto consent = NeedConsentOf(cell);
    if (!consent.has_value()) return BadWord(SurveyColumn::kConsent, NeedConsentWords());
    if (*consent == v1::NEED_CONSENT_UNSPECIFIED) {
      return Bad(SurveyColumn::kConsent, "本人或监护人未同意，不得登记个人信息",
                 "without consent the data of a person is not kept");
    }
    if (*consent == v1::NEED_CONSENT_PERSON && day.has_value() && resident_id_.has_value() &&
        vocabulary::IsUnder14On(resident_id_->birth_date(), *day)) {
      return Bad(SurveyColumn::kConsent, "不满14周岁，须由监护人同意，填“监护人”",
                 "the person is under 14: the guardian has to agree, write 'guardian'");
    }
    need_.set_consent(*consent);
  }

  // Of digits, few enough.
  template <typename Number>
  static Number NumberOf(absl::string_view digits) {
    Number number = 0;
    return absl::SimpleAtoi(digits, &number) ? number : 0;
  }

  const SurveyHeader& header_;
  const int64_t row_;
  const std::vector<std::string>& cells_;
  const SurveyRules& rules_;
  std::vector<v1::BadCell>& bad_;
  const size_t told_;
  storage::v1::NeedRecord need_;
  std::optional<vocabulary::ResidentId> resident_id_;
};

std::string Stars(absl::string_view text) {
  return std::string(std::min(Characters(text), kShownOfCell), '*');
}

// Digits that a code of this column has.
size_t DigitsOf(SurveyColumn column) {
  switch (column) {
    case SurveyColumn::kTown:
      return kTownDigits;
    case SurveyColumn::kVillage:
      return kVillageDigits;
    case SurveyColumn::kSurveyDate:
      return 8;
    case SurveyColumn::kCounty:
    case SurveyColumn::kDevice:
      return kCountyDigits;
    default:
      return 0;
  }
}

}  // namespace

v1::BadCell BadRow(int64_t row, absl::string_view zh, absl::string_view en) {
  v1::BadCell cell;
  cell.set_row(row);
  cell.set_text_zh(std::string(zh));
  cell.set_text_en(std::string(en));
  return cell;
}

std::string ShownCell(SurveyColumn column, absl::string_view cell) {
  const bool ascii = absl::c_all_of(
      cell, [](char c) { return absl::ascii_isascii(static_cast<unsigned char>(c)); });
  if (Characters(cell) > kShownOfCell) return Stars(cell);
  switch (column) {
    case SurveyColumn::kName:
      return vocabulary::MaskPersonName(cell);
    case SurveyColumn::kResidentId:
    case SurveyColumn::kCertificate:
      return ascii ? vocabulary::MaskResidentId(cell) : Stars(cell);
    case SurveyColumn::kPhone:
      return ascii ? vocabulary::MaskPhone(cell) : Stars(cell);
    case SurveyColumn::kAddress:
    case SurveyColumn::kSurveyor:
    case SurveyColumn::kRemark:
      return Stars(cell);
    default:
      break;
  }
  // A code or a word. If columns were shifted, somebody's number or name stands here.
  const auto digits = static_cast<size_t>(absl::c_count_if(
      cell, [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }));
  if (digits > DigitsOf(column) || vocabulary::Phone::Parse(cell).ok()) return Stars(cell);
  return ascii ? std::string(cell) : vocabulary::MaskPersonName(cell);
}

std::optional<SurveyedNeed> ReadSurveyRow(const SurveyHeader& header, int64_t row,
                                          const std::vector<std::string>& cells,
                                          const SurveyRules& rules, std::vector<v1::BadCell>& bad) {
  if (cells.size() != header.width()) {
    bad.push_back(
        BadRow(row, absl::StrCat("有", cells.size(), "列，表头有", header.width(), "列"),
               absl::StrCat("has ", cells.size(), " columns, the header has ", header.width())));
    return std::nullopt;
  }
  return RowCheck(header, row, cells, rules, bad).Read();
}

}  // namespace fuju::applications
