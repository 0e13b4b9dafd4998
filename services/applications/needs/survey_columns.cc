#include "applications/needs/survey_columns.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "vocabulary/invalid_value.h"

namespace fuju::applications {
namespace {

constexpr SurveyColumnInfo kColumns[] = {
    {SurveyColumn::kCounty, "县区代码", "county_code", true},
    {SurveyColumn::kTown, "乡镇代码", "town_code", false},
    {SurveyColumn::kVillage, "村社区代码", "village_code", false},
    {SurveyColumn::kName, "姓名", "name", true},
    {SurveyColumn::kResidentId, "身份证号", "resident_id", true},
    {SurveyColumn::kCertificate, "残疾人证号", "certificate_number", false},
    {SurveyColumn::kPhone, "联系电话", "phone", false},
    {SurveyColumn::kAddress, "住址", "address", false},
    {SurveyColumn::kEconomicStatus, "经济状况", "economic_status", true},
    {SurveyColumn::kArea, "需求领域", "need_area", true},
    {SurveyColumn::kDevice, "辅具编码", "device", false},
    {SurveyColumn::kUrgency, "紧急程度", "urgency", false},
    {SurveyColumn::kSurveyDate, "调查日期", "survey_date", true},
    {SurveyColumn::kSurveyor, "调查人", "surveyor", true},
    {SurveyColumn::kRemark, "备注", "remark", false},
    {SurveyColumn::kConsent, "同意登记", "consent", true},
};
static_assert(std::size(kColumns) == kSurveyColumns);

constexpr size_t kShownOfHeader = 40;  // bytes

std::string Both(const SurveyColumnInfo& info) { return absl::StrCat(info.zh, "(", info.en, ")"); }

const SurveyColumnInfo* FindColumn(absl::string_view header) {
  for (const SurveyColumnInfo& info : kColumns) {
    if (header == info.zh || absl::EqualsIgnoreCase(header, info.en)) return &info;
  }
  return nullptr;
}

}  // namespace

absl::Span<const SurveyColumnInfo> AllSurveyColumns() { return kColumns; }

const SurveyColumnInfo& InfoOf(SurveyColumn column) {
  return kColumns[static_cast<size_t>(column)];
}

absl::StatusOr<SurveyHeader> SurveyHeader::Parse(const std::vector<std::string>& cells) {
  SurveyHeader header;
  header.cells_ = cells;
  header.index_.fill(cells.size());
  std::vector<std::string> zh;
  std::vector<std::string> en;
  for (size_t i = 0; i < cells.size(); ++i) {
    const absl::string_view name = absl::StripAsciiWhitespace(cells[i]);
    const SurveyColumnInfo* info = FindColumn(name);
    if (info == nullptr) {
      // A file without a header has personal data here.
      const bool short_name =
          !name.empty() && name.size() <= kShownOfHeader && absl::c_none_of(name, [](char c) {
            return absl::ascii_isdigit(static_cast<unsigned char>(c));
          });
      const std::string shown = short_name ? std::string(name) : "";
      zh.push_back(absl::StrCat("第", i + 1, "列的列名“", shown, "”不认识"));
      en.push_back(absl::StrCat("the name '", shown, "' of column ", i + 1, " is not known"));
      continue;
    }
    size_t& index = header.index_[static_cast<size_t>(info->column)];
    if (index < cells.size()) {
      zh.push_back(absl::StrCat("第", i + 1, "列与第", index + 1, "列都是", Both(*info)));
      en.push_back(absl::StrCat("columns ", index + 1, " and ", i + 1, " are both ", Both(*info)));
    }
    index = i;
  }
  for (const SurveyColumnInfo& info : kColumns) {
    if (!info.required || header.IndexOf(info.column) < cells.size()) continue;
    zh.push_back(absl::StrCat("缺少列", Both(info)));
    en.push_back(absl::StrCat("the column ", Both(info), " is missing"));
  }
  if (zh.empty()) return header;
  const std::string all = absl::StrJoin(
      kColumns, "、", [](std::string* out, const auto& info) { absl::StrAppend(out, Both(info)); });
  return vocabulary::InvalidValue(
      absl::StrCat("表头有误：", absl::StrJoin(zh, "；"), "。可用的列：", all),
      absl::StrCat("the header is wrong: ", absl::StrJoin(en, "; "), ". Columns: ", all));
}

}  // namespace fuju::applications
