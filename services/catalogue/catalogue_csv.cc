#include "catalogue/catalogue_csv.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "chassis/values/refusal.h"
#include "vocabulary/csv.h"
#include "vocabulary/device_code.h"
#include "vocabulary/invalid_value.h"
#include "vocabulary/money.h"
#include "vocabulary/utf8.h"

namespace fuju::catalogue {
namespace {

using absl::string_view;

constexpr int kOldestAge = 150;
constexpr int kMostYears = 50;
constexpr int kMostPieces = 1000;
// 1,000,000 yuan: the largest quote that the contract admits.
constexpr int64_t kHighestCapFen = 100'000'000;
constexpr size_t kLongestShownCell = 40;
constexpr string_view kModes[] = {"purchase", "rental", "custom", "fitting", "licence"};

bool IsText(string_view cell, size_t longest) {
  const auto code_points = vocabulary::DecodeUtf8(cell);
  return code_points.has_value() && code_points->size() <= longest &&
         absl::c_none_of(*code_points, [](char32_t c) { return c < 0x20 || c == 0x7F; });
}

bool ReadText(string_view cell, size_t longest, std::string* text) {
  if (cell.empty() || absl::StripAsciiWhitespace(cell) != cell || !IsText(cell, longest))
    return false;
  *text = std::string(cell);
  return true;
}

// Plain digits: no sign, no space, no superfluous zero.
bool ReadNumber(string_view cell, int lowest, int highest, int32_t* number) {
  if (cell.empty() || cell.size() > 4 ||
      !absl::c_all_of(cell, [](char c) { return c >= '0' && c <= '9'; }) ||
      (cell.size() > 1 && cell[0] == '0')) {
    return false;
  }
  return absl::SimpleAtoi(cell, number) && *number >= lowest && *number <= highest;
}

// Numbers with '|' between them, each once.
template <typename Add>
bool ReadNumbers(string_view cell, int lowest, int highest, Add add) {
  std::vector<int32_t> seen;
  for (const string_view part : absl::StrSplit(cell, '|')) {
    int32_t number = 0;
    if (!ReadNumber(part, lowest, highest, &number) || absl::c_linear_search(seen, number))
      return false;
    seen.push_back(number);
    add(number);
  }
  return true;
}

template <typename Set>
bool ReadRatio(string_view cell, Set set) {
  const absl::StatusOr<vocabulary::BasisPoints> ratio = vocabulary::BasisPoints::ParseRatio(cell);
  if (!ratio.ok()) return false;
  set(static_cast<int32_t>(ratio->count()));
  return true;
}

bool ReadModes(string_view cell, v1::Item& item) {
  for (const string_view mode : absl::StrSplit(cell, '|')) {
    if (!absl::c_linear_search(kModes, mode) ||
        absl::c_linear_search(item.fulfilment_modes(), mode))
      return false;
    item.add_fulfilment_modes(std::string(mode));
  }
  return true;
}

bool ReadAssessment(string_view cell, v1::Item& item) {
  if (cell == "none") {
    item.set_assessment_level(v1::ASSESSMENT_LEVEL_NONE);
  } else if (cell == "basic") {
    item.set_assessment_level(v1::ASSESSMENT_LEVEL_BASIC);
  } else if (cell == "advanced") {
    item.set_assessment_level(v1::ASSESSMENT_LEVEL_ADVANCED);
  } else {
    return false;
  }
  return true;
}

bool ReadItemCode(string_view cell, v1::Item& item) {
  if (cell.size() != 3 || !absl::ascii_isupper(cell[0]) || !absl::ascii_isdigit(cell[1]) ||
      !absl::ascii_isdigit(cell[2])) {
    return false;
  }
  item.set_item_code(std::string(cell));
  item.set_name(absl::StrCat("items/", cell));
  return true;
}

bool ReadCap(string_view cell, v1::Item& item) {
  const absl::StatusOr<vocabulary::Fen> cap = vocabulary::ParseYuan(cell);
  if (!cap.ok() || cap->count() < 1 || cap->count() > kHighestCapFen) return false;
  item.set_cap_fen(cap->count());
  return true;
}

bool ReadDivision(string_view cell, v1::Item& item) {
  const absl::StatusOr<vocabulary::DeviceScope> division = vocabulary::DeviceScope::Parse(cell);
  if (!division.ok() || division->digits().size() != 6) return false;
  item.set_iso9999_code(division->digits());
  return true;
}

// A column of the file: what is allowed in it, said in two languages, and how it is read.
struct Column {
  string_view name;
  string_view allowed_zh;
  string_view allowed_en;
  bool (*read)(string_view cell, v1::Item& item);
};

constexpr string_view kRatioZh = "0到1之间、最多四位小数的比例，如0.50";
constexpr string_view kRatioEn = "a ratio from 0 to 1 with at most four decimals, such as 0.50";
constexpr string_view kBasisZh = "依据，如“SRC:文件”“REF:参照”“PLACEHOLDER”，1至100个字";
constexpr string_view kBasisEn =
    "a basis such as 'SRC:document', 'REF:other scheme' or 'PLACEHOLDER', 1 to 100 characters";

const Column kColumns[] = {
    {"item_code", "一个大写字母加两位数字，如M01", "one capital letter and two digits, such as M01",
     ReadItemCode},
    {"name_zh", "中文名称，1至100个字", "the Chinese name, 1 to 100 characters",
     [](string_view cell, v1::Item& item) { return ReadText(cell, 100, item.mutable_name_zh()); }},
    {"name_en", "英文名称，1至100个字符", "the English name, 1 to 100 characters",
     [](string_view cell, v1::Item& item) { return ReadText(cell, 100, item.mutable_name_en()); }},
    {"iso9999_code", "6位分类代码，每两位不为00，如122203",
     "six digits of ISO 9999, no pair 00, such as 122203", ReadDivision},
    {"iso_code_source", "分类代码的来源和版本，1至100个字",
     "source and edition of the code, 1 to 100 characters",
     [](string_view cell, v1::Item& item) {
       return ReadText(cell, 100, item.mutable_iso_code_source());
     }},
    {"disability_categories", "残疾类别1至7，用“|”分隔，不重复，如4|7",
     "categories 1 to 7 with '|' between them, each once, such as 4|7",
     [](string_view cell, v1::Item& item) {
       return ReadNumbers(cell, 1, 7, [&item](int32_t number) {
         item.add_categories(static_cast<type::v1::DisabilityCategory>(number));
       });
     }},
    {"grades", "残疾等级1至4，用“|”分隔，不重复，如1|2",
     "grades 1 to 4 with '|' between them, each once, such as 1|2",
     [](string_view cell, v1::Item& item) {
       return ReadNumbers(cell, 1, 4, [&item](int32_t number) { item.add_grades(number); });
     }},
    {"age_min", "周岁，0至150的整数", "completed years, a whole number from 0 to 150",
     [](string_view cell, v1::Item& item) {
       int32_t age = 0;
       if (!ReadNumber(cell, 0, kOldestAge, &age)) return false;
       item.set_age_min(age);
       return true;
     }},
    {"age_max", "周岁，0至150的整数，不小于age_min",
     "completed years, a whole number from 0 to 150, not less than age_min",
     [](string_view cell, v1::Item& item) {
       int32_t age = 0;
       if (!ReadNumber(cell, 0, kOldestAge, &age)) return false;
       item.set_age_max(age);
       return true;
     }},
    {"unit", "计量单位，如“辆”，1至10个字", "the unit, such as 辆, 1 to 10 characters",
     [](string_view cell, v1::Item& item) { return ReadText(cell, 10, item.mutable_unit()); }},
    {"max_subsidy_cny", "补贴上限（元），0.01至1000000，最多两位小数",
     "the cap in yuan, 0.01 to 1000000 with at most two decimals", ReadCap},
    {"amount_basis", kBasisZh, kBasisEn,
     [](string_view cell, v1::Item& item) {
       return ReadText(cell, 100, item.mutable_cap_basis());
     }},
    {"ratio_tekun", kRatioZh, kRatioEn,
     [](string_view cell, v1::Item& item) {
       return ReadRatio(cell, [&item](int32_t bp) { item.mutable_ratios()->set_tk_bp(bp); });
     }},
    {"ratio_dibao", kRatioZh, kRatioEn,
     [](string_view cell, v1::Item& item) {
       return ReadRatio(cell, [&item](int32_t bp) { item.mutable_ratios()->set_db_bp(bp); });
     }},
    {"ratio_dibao_edge", kRatioZh, kRatioEn,
     [](string_view cell, v1::Item& item) {
       return ReadRatio(cell, [&item](int32_t bp) { item.mutable_ratios()->set_dbby_bp(bp); });
     }},
    {"ratio_general", kRatioZh, kRatioEn,
     [](string_view cell, v1::Item& item) {
       return ReadRatio(cell, [&item](int32_t bp) { item.mutable_ratios()->set_general_bp(bp); });
     }},
    {"ratio_child_0_17", kRatioZh, kRatioEn,
     [](string_view cell, v1::Item& item) {
       return ReadRatio(cell, [&item](int32_t bp) { item.mutable_ratios()->set_child_bp(bp); });
     }},
    {"ratio_basis", kBasisZh, kBasisEn,
     [](string_view cell, v1::Item& item) {
       return ReadText(cell, 100, item.mutable_ratio_basis());
     }},
    {"min_replace_years", "使用年限（年），1至50的整数",
     "years until the next one, a whole number from 1 to 50",
     [](string_view cell, v1::Item& item) {
       int32_t years = 0;
       if (!ReadNumber(cell, 1, kMostYears, &years)) return false;
       item.set_replacement_years(years);
       return true;
     }},
    {"years_basis", kBasisZh, kBasisEn,
     [](string_view cell, v1::Item& item) {
       return ReadText(cell, 100, item.mutable_replacement_basis());
     }},
    {"assessment_level", "none、basic或advanced", "none, basic or advanced", ReadAssessment},
    {"fulfilment_mode",
     "purchase、rental、custom、fitting、licence中的一个或几个，用“|”分隔，不重复",
     "one or more of purchase, rental, custom, fitting, licence with '|' between them, each once",
     ReadModes},
    {"qty_per_application", "每次申请的数量，1至1000的整数",
     "most pieces in one application, a whole number from 1 to 1000",
     [](string_view cell, v1::Item& item) {
       int32_t pieces = 0;
       if (!ReadNumber(cell, 1, kMostPieces, &pieces)) return false;
       item.set_quantity_limit(pieces);
       return true;
     }},
    {"notes", "备注，可为空，最多500个字", "notes, may be empty, at most 500 characters",
     [](string_view cell, v1::Item& item) {
       item.set_notes(std::string(cell));
       return IsText(cell, 500);
     }},
};

// The beginning of a cell, cut between characters.
std::string Shown(string_view cell) {
  if (cell.empty()) return "";
  std::vector<char32_t> code_points =
      vocabulary::DecodeUtf8(cell).value_or(std::vector<char32_t>());
  if (code_points.size() <= kLongestShownCell) return std::string(cell);
  code_points.resize(kLongestShownCell);
  return absl::StrCat(vocabulary::EncodeUtf8(code_points), "…");
}

// Collects what is wrong; lists at most kMostListedViolations of it.
class Violations {
 public:
  void Add(const std::string& path, const std::string& zh, const std::string& en) {
    if (++count_ <= kMostListedViolations) refusal_fields_.push_back({path, zh, en});
  }

  void AddCell(size_t row, const Column& column, string_view cell) {
    const std::string shown = Shown(cell);
    Add(absl::StrCat("rows[", row, "].", column.name),
        absl::StrCat("“", shown, "”应为", column.allowed_zh),
        absl::StrCat("'", shown, "' should be ", column.allowed_en));
  }

  bool empty() const { return count_ == 0; }

  absl::Status ToStatus() const {
    const int more = count_ - static_cast<int>(refusal_fields_.size());
    std::string zh = absl::StrCat("补贴目录文件有", count_, "处错误");
    std::string en = absl::StrCat("the catalogue file has ", count_, " errors");
    if (more > 0) {
      absl::StrAppend(&zh, "，另有", more, "处未列出");
      absl::StrAppend(&en, ", ", more, " more than are listed");
    }
    chassis::Refusal refusal(absl::StatusCode::kInvalidArgument, "CATALOGUE_INVALID", zh, en);
    refusal.With("errors", absl::StrCat(count_));
    for (const Field& field : refusal_fields_) refusal.Field(field.path, field.zh, field.en);
    return refusal;
  }

 private:
  struct Field {
    std::string path, zh, en;
  };
  int count_ = 0;
  std::vector<Field> refusal_fields_;
};

void AddBilingual(string_view path, const absl::Status& why, Violations& violations) {
  const string_view message = why.message();
  const size_t split = message.find(vocabulary::kLanguageSeparator);
  if (split == string_view::npos) {
    violations.Add(std::string(path), std::string(message), std::string(message));
    return;
  }
  violations.Add(std::string(path), std::string(message.substr(0, split)),
                 std::string(message.substr(split + vocabulary::kLanguageSeparator.size())));
}

void CheckHeader(const std::vector<std::string>& header, Violations& violations) {
  for (const Column& column : kColumns) {
    if (!absl::c_linear_search(header, column.name)) {
      violations.Add(absl::StrCat("rows[1].", column.name), "表头缺少这一列",
                     "the header lacks this column");
    }
  }
  for (const std::string& name : header) {
    const bool known =
        absl::c_any_of(kColumns, [&name](const Column& c) { return c.name == name; });
    if (!known) {
      violations.Add(absl::StrCat("rows[1].", Shown(name)), "没有这一列，请更正列名或删除该列",
                     "there is no such column: correct its name or delete it");
    }
  }
}

v1::Item ReadRow(const vocabulary::CsvRow& row, Violations& violations) {
  v1::Item item;
  bool ages_right = true;
  for (const Column& column : kColumns) {
    const string_view cell = row.Field(column.name).value_or("");
    if (column.read(cell, item)) continue;
    violations.AddCell(row.number(), column, cell);
    if (absl::StartsWith(column.name, "age_")) ages_right = false;
  }
  if (ages_right && item.age_max() < item.age_min()) {
    const auto age_max =
        absl::c_find_if(kColumns, [](const Column& c) { return c.name == "age_max"; });
    violations.AddCell(row.number(), *age_max, absl::StrCat(item.age_max()));
  }
  return item;
}

}  // namespace

absl::StatusOr<std::vector<v1::Item>> ParseCatalogueCsv(string_view csv) {
  Violations violations;
  const absl::StatusOr<vocabulary::CsvTable> table = vocabulary::CsvTable::Parse(csv);
  if (!table.ok()) {
    AddBilingual("csv", table.status(), violations);
    return violations.ToStatus();
  }
  CheckHeader(table->header(), violations);
  // Without its columns every row would be wrong in the same way.
  if (!violations.empty()) return violations.ToStatus();
  if (table->rows().empty()) {
    violations.Add("csv", "文件中没有任何品目", "the file has no items");
    return violations.ToStatus();
  }

  std::vector<v1::Item> items;
  absl::flat_hash_map<std::string, size_t> row_of;
  for (const vocabulary::CsvRow& row : table->rows()) {
    v1::Item item = ReadRow(row, violations);
    const auto [first, inserted] = row_of.try_emplace(item.item_code(), row.number());
    if (!inserted && !item.item_code().empty()) {
      violations.Add(absl::StrCat("rows[", row.number(), "].item_code"),
                     absl::StrCat("品目代码", item.item_code(), "与第", first->second,
                                  "行重复，每个代码只能出现一次"),
                     absl::StrCat("item code ", item.item_code(), " stands in row ", first->second,
                                  " already; each code is allowed once"));
    }
    items.push_back(std::move(item));
  }
  if (!violations.empty()) return violations.ToStatus();
  absl::c_sort(items,
               [](const v1::Item& a, const v1::Item& b) { return a.item_code() < b.item_code(); });
  return items;
}

}  // namespace fuju::catalogue
