#include "vocabulary/region.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "vocabulary/csv.h"
#include "vocabulary/invalid_value.h"

namespace fuju::vocabulary {
namespace {

constexpr size_t kLength = 6;

std::optional<RegionLevel> LevelOf(absl::string_view text) {
  if (text == "province") return RegionLevel::kProvince;
  if (text == "prefecture") return RegionLevel::kPrefecture;
  if (text == "county") return RegionLevel::kCounty;
  if (text == "functional_area") return RegionLevel::kFunctionalArea;
  return std::nullopt;
}

// The level that the zeros of a code claim, the two kinds of office being alike.
bool LevelFits(const RegionCode& code, RegionLevel level) {
  switch (level) {
    case RegionLevel::kProvince:
      return code.IsProvince();
    case RegionLevel::kPrefecture:
      return code.IsPrefecture();
    case RegionLevel::kCounty:
    case RegionLevel::kFunctionalArea:
      return !code.IsProvince() && !code.IsPrefecture();
  }
  return false;
}

// What parent_code has to be; empty for a province.
std::string ParentOf(const RegionCode& code) {
  if (code.IsProvince()) return "";
  return code.IsPrefecture() ? code.Province().digits() : code.Prefecture().digits();
}

absl::Status Unknown(const RegionCode& code) {
  return absl::NotFoundError(absl::StrCat("没有行政区划“", code.digits(), "”", kLanguageSeparator,
                                          "there is no region '", code.digits(), "'"));
}

bool Reviews(const Region& region) {
  return region.level == RegionLevel::kCounty || region.level == RegionLevel::kFunctionalArea;
}

// The parsed cells of one row; `code` is empty for an office without one.
struct RegionRow {
  std::optional<RegionCode> code;
  std::string name;
  RegionLevel level = RegionLevel::kCounty;
};

absl::StatusOr<RegionRow> ReadRow(const CsvRow& row, bool code_may_be_empty) {
  RegionRow read;
  const absl::string_view code = *row.Field("code");
  const std::optional<RegionLevel> level = LevelOf(*row.Field("level"));
  read.name = std::string(*row.Field("name"));
  if (read.name.empty()) return row.Wrong("name", "名称为空", "the name is empty");
  if (!level.has_value()) {
    return row.Wrong("level", "级别应为province、prefecture、county或functional_area",
                     "the level must be province, prefecture, county or functional_area");
  }
  read.level = *level;
  if (code.empty() && code_may_be_empty) return read;

  const absl::StatusOr<RegionCode> parsed = RegionCode::Parse(code);
  if (!parsed.ok()) return row.Wrong("code", parsed.status());
  if (!LevelFits(*parsed, *level)) {
    return row.Wrong("level", "级别与区划代码不符", "the level does not fit the code");
  }
  if (*row.Field("parent_code") != ParentOf(*parsed)) {
    return row.Wrong("parent_code", "上级代码与区划代码不符", "the parent does not fit the code");
  }
  read.code = *parsed;
  return read;
}

}  // namespace

RegionCode::RegionCode(std::string digits) : digits_(std::move(digits)) {}

absl::StatusOr<RegionCode> RegionCode::Parse(absl::string_view text) {
  bool digits = text.size() == kLength && text[0] != '0';
  for (const char c : text) digits = digits && absl::ascii_isdigit(static_cast<unsigned char>(c));
  if (!digits) {
    return InvalidValue(absl::StrCat("行政区划代码“", text, "”应为6位数字"),
                        absl::StrCat("region code '", text, "' must be six digits"));
  }
  return RegionCode(std::string(text));
}

RegionCode RegionCode::Prefecture() const {
  return RegionCode(absl::StrCat(digits_.substr(0, 4), "00"));
}

RegionCode RegionCode::Province() const {
  return RegionCode(absl::StrCat(digits_.substr(0, 2), "0000"));
}

bool RegionCode::IsProvince() const { return digits_.substr(2) == "0000"; }

bool RegionCode::IsPrefecture() const { return !IsProvince() && digits_.substr(4) == "00"; }

bool RegionCode::IsWithin(const RegionCode& other) const {
  return *this == other || Prefecture() == other || Province() == other;
}

absl::Status RegionTable::AddRows(absl::string_view csv, bool code_may_be_empty) {
  const absl::StatusOr<CsvTable> table = CsvTable::Parse(csv);
  if (!table.ok()) return table.status();
  if (absl::Status s = table->RequireColumns({"code", "name", "parent_code", "level"}); !s.ok()) {
    return s;
  }
  for (const CsvRow& row : table->rows()) {
    absl::StatusOr<RegionRow> read = ReadRow(row, code_may_be_empty);
    if (!read.ok()) return read.status();
    if (!read->code.has_value()) {
      offices_without_code_.push_back(std::move(read->name));
      continue;
    }
    if (!index_.emplace(*read->code, 0).second) {
      return row.Wrong("code", "区划代码重复", "the code stands there twice");
    }
    const std::string parent = ParentOf(*read->code);
    if (!parent.empty() && !index_.contains(*RegionCode::Parse(parent))) {
      return row.Wrong("parent_code", "上级区划应列在前面", "the parent must stand before it");
    }
    regions_.push_back(Region{*read->code, std::move(read->name), read->level});
  }
  return absl::OkStatus();
}

absl::StatusOr<RegionTable> RegionTable::Parse(absl::string_view divisions_csv,
                                               absl::string_view organisations_csv) {
  RegionTable table;
  if (absl::Status s = table.AddRows(divisions_csv, false); !s.ok()) return s;
  if (absl::Status s = table.AddRows(organisations_csv, true); !s.ok()) return s;
  std::sort(table.regions_.begin(), table.regions_.end(),
            [](const Region& a, const Region& b) { return a.code < b.code; });
  for (size_t i = 0; i < table.regions_.size(); ++i) table.index_[table.regions_[i].code] = i;
  return table;
}

const Region* RegionTable::Find(const RegionCode& code) const {
  const auto found = index_.find(code);
  return found == index_.end() ? nullptr : &regions_[found->second];
}

absl::StatusOr<std::string> RegionTable::NameOf(const RegionCode& code) const {
  const Region* region = Find(code);
  if (region == nullptr) return Unknown(code);
  return region->name;
}

absl::StatusOr<std::string> RegionTable::FullNameOf(const RegionCode& code) const {
  const Region* region = Find(code);
  if (region == nullptr) return Unknown(code);
  // 嘉峪关市(市直) already begins with its prefecture.
  const Region* prefecture = Find(code.Prefecture());
  if (!Reviews(*region) || region->name.rfind(prefecture->name, 0) == 0) return region->name;
  return absl::StrCat(prefecture->name, region->name);
}

absl::StatusOr<Region> RegionTable::PrefectureOf(const RegionCode& county) const {
  if (!IsReviewingOffice(county)) return Unknown(county);
  return *Find(county.Prefecture());
}

bool RegionTable::IsReviewingOffice(const RegionCode& code) const {
  const Region* region = Find(code);
  return region != nullptr && Reviews(*region);
}

std::vector<Region> RegionTable::ReviewingOffices() const {
  std::vector<Region> offices;
  for (const Region& region : regions_) {
    if (Reviews(region)) offices.push_back(region);
  }
  return offices;
}

std::vector<Region> RegionTable::ReviewingOfficesOf(const RegionCode& prefecture) const {
  std::vector<Region> offices;
  for (const Region& region : regions_) {
    if (Reviews(region) && region.code.Prefecture() == prefecture) offices.push_back(region);
  }
  return offices;
}

std::vector<Region> RegionTable::Prefectures() const {
  std::vector<Region> prefectures;
  for (const Region& region : regions_) {
    if (region.level == RegionLevel::kPrefecture) prefectures.push_back(region);
  }
  return prefectures;
}

}  // namespace fuju::vocabulary
