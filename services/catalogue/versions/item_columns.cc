#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include <google/protobuf/generated_enum_reflection.h>

#include "catalogue/versions/cells.h"
#include "catalogue/versions/column.h"
#include "vocabulary/device_code.h"

namespace fuju::catalogue {
namespace {

using absl::string_view;
using v1::Item;
using v1::SubsidyRatios;

constexpr int kOldestAge = 150;
constexpr int kMostYears = 50;
constexpr int kMostPieces = 1000;
// 1,000,000 yuan: the largest quote that the contract admits.
constexpr int64_t kHighestFen = 100'000'000;
constexpr string_view kModes[] = {"purchase", "rental", "custom", "fitting", "licence"};
constexpr string_view kGroupPrefix = "ECONOMIC_STATUS_";

constexpr string_view kRatioZh = "0到1之间、最多四位小数的比例，如0.50";
constexpr string_view kRatioEn = "a ratio from 0 to 1 with at most four decimals, such as 0.50";
constexpr string_view kBasisZh = "依据，如“SRC:文件”“REF:参照”“PLACEHOLDER”，1至100个字";
constexpr string_view kBasisEn =
    "a basis such as 'SRC:document', 'REF:other scheme' or 'PLACEHOLDER', 1 to 100 characters";

template <auto Mutable, size_t Longest>
bool Filled(string_view cell, Item& item) {
  return ReadFilledText(cell, Longest, (item.*Mutable)());
}
template <auto Mutable, size_t Longest>
bool MayBeEmpty(string_view cell, Item& item) {
  return ReadText(cell, Longest, (item.*Mutable)());
}
template <auto Get>
std::string Text(const Item& item) {
  return (item.*Get)();
}

template <auto Set, int Lowest, int Highest>
bool Whole(string_view cell, Item& item) {
  int32_t number = 0;
  if (!ReadNumber(cell, Lowest, Highest, &number)) return false;
  (item.*Set)(number);
  return true;
}
// An empty cell is 0, and 0 an empty cell.
template <auto Set, int Highest>
bool WholeOrNone(string_view cell, Item& item) {
  return cell.empty() || Whole<Set, 1, Highest>(cell, item);
}
template <auto Get>
std::string Digits(const Item& item) {
  return absl::StrCat((item.*Get)());
}
template <auto Get>
std::string DigitsOrNone(const Item& item) {
  return (item.*Get)() == 0 ? "" : absl::StrCat((item.*Get)());
}

template <auto Set>
bool Ratio(string_view cell, Item& item) {
  int32_t basis_points = 0;
  if (!ReadRatio(cell, &basis_points)) return false;
  (item.mutable_ratios()->*Set)(basis_points);
  return true;
}
template <auto Get>
std::string RatioText(const Item& item) {
  return WriteRatio((item.ratios().*Get)());
}

template <typename Enum, auto Set>
bool Choice(string_view cell, Item& item) {
  int value = 0;
  if (!ReadEnum(*google::protobuf::GetEnumDescriptor<Enum>(), cell, &value)) return false;
  (item.*Set)(static_cast<Enum>(value));
  return true;
}
template <typename Enum, auto Set, Enum Default>
bool ChoiceOrDefault(string_view cell, Item& item) {
  if (!cell.empty()) return Choice<Enum, Set>(cell, item);
  (item.*Set)(Default);
  return true;
}
template <typename Enum, auto Get>
std::string ChoiceText(const Item& item) {
  return WriteEnum(*google::protobuf::GetEnumDescriptor<Enum>(), (item.*Get)());
}

template <auto Add, int Highest>
bool Numbers(string_view cell, Item& item) {
  std::vector<std::string> parts;
  if (!ReadList(cell, &parts)) return false;
  for (const std::string& part : parts) {
    int32_t number = 0;
    if (!ReadNumber(part, 1, Highest, &number)) return false;
    std::invoke(Add, item, number);
  }
  return true;
}

void AddCategory(Item& item, int32_t number) {
  item.add_categories(static_cast<type::v1::DisabilityCategory>(number));
}

bool ReadModes(string_view cell, Item& item) {
  std::vector<std::string> parts;
  if (!ReadList(cell, &parts)) return false;
  for (std::string& part : parts) {
    if (!absl::c_linear_search(kModes, part)) return false;
    item.add_fulfilment_modes(std::move(part));
  }
  return true;
}

bool ReadGroups(string_view cell, Item& item) {
  if (cell.empty()) return true;
  std::vector<std::string> parts;
  if (!ReadList(cell, &parts)) return false;
  for (const std::string& part : parts) {
    type::v1::EconomicStatus group;
    if (!type::v1::EconomicStatus_Parse(absl::StrCat(kGroupPrefix, part), &group) ||
        group == type::v1::ECONOMIC_STATUS_UNSPECIFIED) {
      return false;
    }
    item.add_allowed_groups(group);
  }
  return true;
}
std::string GroupsText(const Item& item) {
  return absl::StrJoin(item.allowed_groups(), "|", [](std::string* out, int group) {
    const std::string name =
        type::v1::EconomicStatus_Name(static_cast<type::v1::EconomicStatus>(group));
    absl::StrAppend(out, name.empty() ? absl::StrCat(group)
                                      : std::string(absl::StripPrefix(name, kGroupPrefix)));
  });
}

bool ReadItemCode(string_view cell, Item& item) {
  if (cell.size() != 3 || !absl::ascii_isupper(cell[0]) || !absl::ascii_isdigit(cell[1]) ||
      !absl::ascii_isdigit(cell[2])) {
    return false;
  }
  item.set_item_code(std::string(cell));
  item.set_name(absl::StrCat("items/", cell));
  return true;
}

bool ReadDivision(string_view cell, Item& item) {
  const absl::StatusOr<vocabulary::DeviceScope> division = vocabulary::DeviceScope::Parse(cell);
  if (!division.ok() || division->digits().size() != 6) return false;
  item.set_iso9999_code(division->digits());
  return true;
}

bool ReadCap(string_view cell, Item& item) {
  int64_t fen = 0;
  if (!ReadYuan(cell, 1, kHighestFen, &fen)) return false;
  item.set_cap_fen(fen);
  return true;
}
bool ReadCeiling(string_view cell, Item& item) {
  int64_t fen = 0;
  if (!cell.empty() && !ReadYuan(cell, 1, kHighestFen, &fen)) return false;
  item.set_price_ceiling_fen(fen);
  return true;
}

bool ReadServiceShare(string_view cell, Item& item) {
  int32_t basis_points = 0;
  if (!cell.empty() && !ReadRatio(cell, &basis_points)) return false;
  item.set_service_share_bp(basis_points);
  return true;
}

bool ReadShareGroup(string_view cell, Item& item) {
  return absl::c_all_of(
             cell,
             [](char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-'; }) &&
         ReadText(cell, 40, item.mutable_share_group());
}

const Column<Item> kColumns[] = {
    {"item_code", "item_code", "品目代码", "code", "一个大写字母加两位数字，如M01",
     "one capital letter and two digits, such as M01", ReadItemCode, Text<&Item::item_code>},
    {"name_zh", "name_zh", "名称", "Chinese name", "中文名称，1至100个字",
     "the Chinese name, 1 to 100 characters", Filled<&Item::mutable_name_zh, 100>,
     Text<&Item::name_zh>},
    {"name_en", "name_en", "英文名称", "English name", "英文名称，1至100个字符",
     "the English name, 1 to 100 characters", Filled<&Item::mutable_name_en, 100>,
     Text<&Item::name_en>},
    {"iso9999_code", "iso9999_code", "分类代码", "ISO 9999 code",
     "6位分类代码，每两位不为00，如122203", "six digits of ISO 9999, no pair 00, such as 122203",
     ReadDivision, Text<&Item::iso9999_code>},
    {"iso_code_source", "iso_code_source", "分类代码来源", "source of the ISO 9999 code",
     "分类代码的来源和版本，1至100个字", "source and edition of the code, 1 to 100 characters",
     Filled<&Item::mutable_iso_code_source, 100>, Text<&Item::iso_code_source>},
    {"disability_categories", "categories", "残疾类别", "disability categories",
     "残疾类别1至7，用“|”分隔，不重复，如4|7",
     "categories 1 to 7 with '|' between them, each once, such as 4|7", Numbers<AddCategory, 7>,
     [](const Item& item) { return absl::StrJoin(item.categories(), "|"); }},
    {"grades", "grades", "残疾等级", "grades", "残疾等级1至4，用“|”分隔，不重复，如1|2",
     "grades 1 to 4 with '|' between them, each once, such as 1|2", Numbers<&Item::add_grades, 4>,
     [](const Item& item) { return absl::StrJoin(item.grades(), "|"); }},
    {"age_min", "age_min", "最小年龄", "youngest age", "周岁，0至150的整数",
     "completed years, a whole number from 0 to 150", Whole<&Item::set_age_min, 0, kOldestAge>,
     Digits<&Item::age_min>, false, true, "周岁", " years"},
    {"age_max", "age_max", "最大年龄", "oldest age", "周岁，0至150的整数，不小于age_min",
     "completed years, a whole number from 0 to 150, not less than age_min",
     Whole<&Item::set_age_max, 0, kOldestAge>, Digits<&Item::age_max>, false, true, "周岁",
     " years"},
    {"unit", "unit", "计量单位", "unit", "计量单位，如“辆”，1至10个字",
     "the unit, such as 辆, 1 to 10 characters", Filled<&Item::mutable_unit, 10>,
     Text<&Item::unit>},
    {"max_subsidy_cny", "cap_fen", "补贴上限", "cap", "补贴上限（元），0.01至1000000，最多两位小数",
     "the cap in yuan, 0.01 to 1000000 with at most two decimals", ReadCap,
     [](const Item& item) { return WriteYuan(item.cap_fen()); }, false, true, "元", " yuan"},
    {"amount_basis", "cap_basis", "补贴上限的依据", "basis of the cap", kBasisZh, kBasisEn,
     Filled<&Item::mutable_cap_basis, 100>, Text<&Item::cap_basis>},
    {"ratio_tekun", "ratios.tk_bp", "特困供养补贴比例", "ratio for extreme hardship", kRatioZh,
     kRatioEn, Ratio<&SubsidyRatios::set_tk_bp>, RatioText<&SubsidyRatios::tk_bp>, false, true},
    {"ratio_dibao", "ratios.db_bp", "低保补贴比例", "ratio for minimum living allowance", kRatioZh,
     kRatioEn, Ratio<&SubsidyRatios::set_db_bp>, RatioText<&SubsidyRatios::db_bp>, false, true},
    {"ratio_dibao_edge", "ratios.dbby_bp", "低保边缘补贴比例",
     "ratio for the margin of minimum living allowance", kRatioZh, kRatioEn,
     Ratio<&SubsidyRatios::set_dbby_bp>, RatioText<&SubsidyRatios::dbby_bp>, false, true},
    {"ratio_general", "ratios.general_bp", "一般家庭补贴比例", "general ratio", kRatioZh, kRatioEn,
     Ratio<&SubsidyRatios::set_general_bp>, RatioText<&SubsidyRatios::general_bp>, false, true},
    {"ratio_child_0_17", "ratios.child_bp", "儿童补贴比例", "ratio for children", kRatioZh,
     kRatioEn, Ratio<&SubsidyRatios::set_child_bp>, RatioText<&SubsidyRatios::child_bp>, false,
     true},
    {"ratio_basis", "ratio_basis", "补贴比例的依据", "basis of the ratios", kBasisZh, kBasisEn,
     Filled<&Item::mutable_ratio_basis, 100>, Text<&Item::ratio_basis>},
    {"min_replace_years", "replacement_years", "使用年限", "years until the next one",
     "使用年限（年），1至50的整数", "years until the next one, a whole number from 1 to 50",
     Whole<&Item::set_replacement_years, 1, kMostYears>, Digits<&Item::replacement_years>, false,
     true, "年", " years"},
    {"years_basis", "replacement_basis", "使用年限的依据", "basis of the years", kBasisZh, kBasisEn,
     Filled<&Item::mutable_replacement_basis, 100>, Text<&Item::replacement_basis>},
    {"assessment_level", "assessment_level", "评估级别", "assessment level",
     "none、basic或advanced", "none, basic or advanced",
     Choice<v1::AssessmentLevel, &Item::set_assessment_level>,
     ChoiceText<v1::AssessmentLevel, &Item::assessment_level>},
    {"fulfilment_mode", "fulfilment_modes", "供给方式", "ways of fulfilment",
     "purchase、rental、custom、fitting、licence中的一个或几个，用“|”分隔，不重复",
     "one or more of purchase, rental, custom, fitting, licence with '|' between them, each once",
     ReadModes, [](const Item& item) { return absl::StrJoin(item.fulfilment_modes(), "|"); }},
    {"qty_per_application", "quantity_limit", "每次申请数量", "pieces in one application",
     "每次申请的数量，1至1000的整数",
     "most pieces in one application, a whole number from 1 to 1000",
     Whole<&Item::set_quantity_limit, 1, kMostPieces>, Digits<&Item::quantity_limit>, false, true},
    {"notes", "notes", "备注", "notes", "备注，可为空，最多500个字",
     "notes, may be empty, at most 500 characters", MayBeEmpty<&Item::mutable_notes, 500>,
     Text<&Item::notes>},
    {"edition", "edition", "分类标准版本", "edition of the standard",
     "分类代码所属标准的版本，如“GB/T 16432-2016”，最多60个字，可为空（未知）",
     "the edition of the standard of the code, such as GB/T 16432-2016, at most 60 characters; "
     "empty: unknown",
     MayBeEmpty<&Item::mutable_edition, 60>, Text<&Item::edition>, true},
    {"kind", "kind", "所属目录", "catalogue that it belongs to",
     "assistive_device、rehabilitation_service或home_modification，空为assistive_device",
     "assistive_device, rehabilitation_service or home_modification; empty: assistive_device",
     ChoiceOrDefault<v1::ItemKind, &Item::set_kind, v1::ITEM_KIND_ASSISTIVE_DEVICE>,
     ChoiceText<v1::ItemKind, &Item::kind>, true},
    {"item_class", "item_class", "补贴类别", "class",
     "free、subsidised或rental，空为subsidised；free的各比例为1，rental的供给方式含rental",
     "free, subsidised or rental; empty: subsidised; the ratios of free are 1, and a rental is "
     "fulfilled by rental",
     ChoiceOrDefault<v1::ItemClass, &Item::set_item_class, v1::ITEM_CLASS_SUBSIDISED>,
     ChoiceText<v1::ItemClass, &Item::item_class>, true},
    {"allowed_groups", "allowed_groups", "适用人群", "groups that may have it",
     "TK、DB、DBBY、GXZC、FFP、YB中的一个或几个，用“|”分隔，不重复，空为全部",
     "one or more of TK, DB, DBBY, GXZC, FFP, YB with '|' between them, each once; empty: all",
     ReadGroups, GroupsText, true},
    {"price_ceiling_cny", "price_ceiling_fen", "最高限价", "price ceiling",
     "最高限价（元），不低于补贴上限，最高1000000，最多两位小数，空为不限",
     "the highest price in yuan, not below the cap, up to 1000000 with at most two decimals; "
     "empty: none",
     ReadCeiling,
     [](const Item& item) {
       return item.price_ceiling_fen() == 0 ? "" : WriteYuan(item.price_ceiling_fen());
     },
     true, true, "元", " yuan"},
    {"service_share", "service_share_bp", "服务费占比", "part of the fitting service",
     "适配服务占补贴的比例，0到1之间，最多四位小数，空为0",
     "the part of the subsidy that pays fitting services, from 0 to 1 with at most four decimals; "
     "empty: 0",
     ReadServiceShare,
     [](const Item& item) {
       return item.service_share_bp() == 0 ? "" : WriteRatio(item.service_share_bp());
     },
     true, true},
    {"child_replace_years", "child_replacement_years", "儿童使用年限",
     "years until a child's next one",
     "儿童的使用年限（年），1至50的整数，空为与min_replace_years相同；"
     "仅用于儿童可申请的品目",
     "years until a child's next one, a whole number from 1 to 50; empty: as min_replace_years; "
     "only for an item that children may have",
     WholeOrNone<&Item::set_child_replacement_years, kMostYears>,
     DigitsOrNone<&Item::child_replacement_years>, true, true, "年", " years"},
    {"interval_key", "interval_key", "年限计算方式", "what the interval counts",
     "division、item或quantity，空为division", "division, item or quantity; empty: division",
     ChoiceOrDefault<v1::IntervalKey, &Item::set_interval_key, v1::INTERVAL_KEY_DIVISION>,
     ChoiceText<v1::IntervalKey, &Item::interval_key>, true},
    {"qty_per_year", "quantity_per_year", "每年数量", "pieces in a year",
     "每年的数量，1至1000的整数，空为不限；仅用于interval_key为quantity的品目",
     "most pieces in a calendar year, a whole number from 1 to 1000; empty: no limit; only where "
     "interval_key is quantity",
     WholeOrNone<&Item::set_quantity_per_year, kMostPieces>, DigitsOrNone<&Item::quantity_per_year>,
     true, true},
    {"share_group", "share_group", "共用额度", "shared allowance",
     "政策中shared_allowances的一个名称，小写字母、数字和“-”，最多40个字符，空为无",
     "the name of one of the policy's shared allowances, small letters, digits and '-', at most 40 "
     "characters; empty: none",
     ReadShareGroup, Text<&Item::share_group>, true},
};

}  // namespace

absl::Span<const Column<Item>> ItemColumns() { return kColumns; }

}  // namespace fuju::catalogue
