#include "catalogue/decision/subsidy_words.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

absl::string_view CategoryZh(int category) {
  constexpr absl::string_view kNames[] = {"未知", "视力", "听力", "言语",
                                          "肢体", "智力", "精神", "多重"};
  return category >= 1 && category <= 7 ? kNames[category] : kNames[0];
}

absl::string_view CategoryEn(int category) {
  constexpr absl::string_view kNames[] = {"unknown",  "visual",       "hearing",     "speech",
                                          "physical", "intellectual", "psychiatric", "multiple"};
  return category >= 1 && category <= 7 ? kNames[category] : kNames[0];
}

absl::string_view GradeZh(int grade) {
  constexpr absl::string_view kNames[] = {"未知", "一级", "二级", "三级", "四级"};
  return grade >= 1 && grade <= 4 ? kNames[grade] : kNames[0];
}

struct StatusWords {
  absl::string_view code, zh, en;
};

StatusWords WordsOf(type::v1::EconomicStatus status) {
  switch (status) {
    case type::v1::ECONOMIC_STATUS_TK:
      return {"TK", "特困供养", "in extreme poverty support"};
    case type::v1::ECONOMIC_STATUS_DB:
      return {"DB", "最低生活保障", "on minimum living allowance"};
    case type::v1::ECONOMIC_STATUS_DBBY:
      return {"DBBY", "低保边缘", "at the edge of the allowance"};
    case type::v1::ECONOMIC_STATUS_GXZC:
      return {"GXZC", "刚性支出困难", "with unavoidable heavy expenses"};
    case type::v1::ECONOMIC_STATUS_FFP:
      return {"FFP", "防止返贫监测对象", "monitored against a return to poverty"};
    case type::v1::ECONOMIC_STATUS_YB:
      return {"YB", "一般", "of the general group"};
    default:
      return {"-", "未登记", "of no known group"};
  }
}

// "普通轮椅(M01)", "Standard manual wheelchair (M01)".
std::string ItemZh(const v1::Item& item) {
  return absl::StrCat("“", item.name_zh(), "”(", item.item_code(), ")");
}
std::string ItemEn(const v1::Item& item) {
  return absl::StrCat(item.name_en(), " (", item.item_code(), ")");
}

}  // namespace

Bilingual CertificateNotValid() {
  return {"残疾人证已注销、冻结或过期；换领、补办有效证件后可再申请",
          "the disability certificate is cancelled, frozen or out of date: apply with a valid one"};
}

Bilingual CountyUnknown(absl::string_view county_code) {
  return {absl::StrCat("县（市、区）代码", county_code,
                       "没有受理机构，请改选户籍或居住证所在的县（市、区）"),
          absl::StrCat("no office reviews applications of county ", county_code,
                       ": choose the county of the household register or residence permit")};
}

namespace {

// "面向肢体、多重残疾" and "is for these categories: physical, multiple".
Bilingual CategoriesOf(const v1::Item& item) {
  return {absl::StrCat(
              ItemZh(item), "面向",
              absl::StrJoin(item.categories(), "、",
                            [](std::string* out, int c) { absl::StrAppend(out, CategoryZh(c)); }),
              "残疾"),
          absl::StrCat(ItemEn(item), " is for these categories: ",
                       absl::StrJoin(item.categories(), ", ", [](std::string* out, int c) {
                         absl::StrAppend(out, CategoryEn(c));
                       }))};
}

}  // namespace

Bilingual CategoryNotServed(const v1::Item& item, type::v1::DisabilityCategory category) {
  const Bilingual categories = CategoriesOf(item);
  return {absl::StrCat(categories.zh, "，残疾人证上的类别是", CategoryZh(category),
                       "；请选择适合该类别的品目，或在证件类别变更后再申请"),
          absl::StrCat(categories.en, "; the certificate says ", CategoryEn(category),
                       ". Choose an item for that category, or apply after the certificate has "
                       "changed")};
}

Bilingual DiagnosisNotServed(const v1::Item& item, type::v1::DisabilityCategory category) {
  const Bilingual categories = CategoriesOf(item);
  return {absl::StrCat(categories.zh, "，诊断证明上的类别是", CategoryZh(category),
                       "；请选择适合该类别的品目"),
          absl::StrCat(categories.en, "; the diagnosis says ", CategoryEn(category),
                       ". Choose an item for that category")};
}

Bilingual GradeNotServed(const v1::Item& item, int grade) {
  return {
      absl::StrCat(ItemZh(item), "面向残疾等级",
                   absl::StrJoin(item.grades(), "、",
                                 [](std::string* out, int g) { absl::StrAppend(out, GradeZh(g)); }),
                   "，残疾人证上是", GradeZh(grade),
                   "；请选择适合该等级的品目，或在重新评定等级后再申请"),
      absl::StrCat(ItemEn(item), " is for grades ", absl::StrJoin(item.grades(), ", "),
                   "; the certificate says grade ", grade,
                   ". Choose an item for that grade, or apply after a new grading")};
}

Bilingual AgeOutsideWindow(const v1::Item& item, int age, absl::CivilDay first_day) {
  if (age < 0) {
    return {"出生日期晚于申请日期，请更正",
            "the birth date lies after the day of the decision: correct it"};
  }
  const std::string window_zh =
      absl::StrCat(ItemZh(item), "面向", item.age_min(), "至", item.age_max(), "周岁");
  const std::string window_en =
      absl::StrCat(ItemEn(item), " is for ages ", item.age_min(), " to ", item.age_max());
  if (age < item.age_min()) {
    return {absl::StrCat(window_zh, "，现年", age, "周岁；",
                         vocabulary::FormatCivilDateZh(first_day), "起可以申请"),
            absl::StrCat(window_en, ", the person is ", age, ": apply from ",
                         vocabulary::FormatCivilDateEn(first_day), " on")};
  }
  return {absl::StrCat(window_zh, "，现年", age, "周岁；请选择适合该年龄的品目"),
          absl::StrCat(window_en, ", the person is ", age, ": choose an item for that age")};
}

Bilingual GroupNotServed(const v1::Item& item, type::v1::EconomicStatus status) {
  const StatusWords words = WordsOf(status);
  return {absl::StrCat(ItemZh(item), "不补贴家庭经济状况为“", words.zh,
                       "”的申请人；经济状况重新认定后可再申请"),
          absl::StrCat(ItemEn(item), " is not subsidised for a family ", words.en,
                       ": apply again after a new assessment of the economic status")};
}

Bilingual GroupNotAllowed(const v1::Item& item, type::v1::EconomicStatus status) {
  const StatusWords words = WordsOf(status);
  const auto groups_zh =
      absl::StrJoin(item.allowed_groups(), "、", [](std::string* out, int group) {
        absl::StrAppend(out, WordsOf(static_cast<type::v1::EconomicStatus>(group)).zh);
      });
  const auto groups_en =
      absl::StrJoin(item.allowed_groups(), ", ", [](std::string* out, int group) {
        absl::StrAppend(out, WordsOf(static_cast<type::v1::EconomicStatus>(group)).en);
      });
  return {absl::StrCat(ItemZh(item), "面向", groups_zh, "家庭，申请人家庭为“", words.zh,
                       "”；请选择面向该类家庭的品目，或在经济状况重新认定后再申请"),
          absl::StrCat(ItemEn(item), " is for families ", groups_en, "; this one is ", words.en,
                       ": choose an item for such families, or apply again after a new assessment "
                       "of the economic status")};
}

Bilingual TooEarly(const v1::Item& item, absl::CivilDay next_allowed, bool grounds) {
  return {absl::StrCat("同类辅助器具还在使用年限内；", ItemZh(item), "可自",
                       vocabulary::FormatCivilDateZh(next_allowed), "起再次申请",
                       grounds ? "；有可提前更换的情形（如非人为损坏）的，可说明后申请" : ""),
          absl::StrCat("a device of the same division is still within its years of use: apply for ",
                       ItemEn(item), " from ", vocabulary::FormatCivilDateEn(next_allowed), " on",
                       grounds ? ", or state a ground for an early replacement, such as damage "
                                 "that is not misuse"
                               : "")};
}

Bilingual TooManyPieces(const v1::Item& item, int64_t asked, int64_t limit) {
  return {absl::StrCat(ItemZh(item), "每次最多申请", limit, item.unit(), "，申请了", asked,
                       "；请减少数量"),
          absl::StrCat("at most ", limit, " of ", ItemEn(item),
                       " may be had with one application, not ", asked, ": ask for fewer")};
}

Bilingual PiecesUsedUp(const v1::Item& item, int64_t limit, int64_t left,
                       absl::CivilDay free_from) {
  return {absl::StrCat(ItemZh(item), "每年最多", limit, item.unit(), "，本年还可申请", left,
                       "；请减少数量，或自", vocabulary::FormatCivilDateZh(free_from), "起再申请"),
          absl::StrCat("at most ", limit, " of ", ItemEn(item), " may be had in a year, ", left,
                       " are left: ask for fewer, or from ",
                       vocabulary::FormatCivilDateEn(free_from), " on")};
}

Bilingual GrantIsOpen(const v1::Item& item) {
  return {absl::StrCat(ItemZh(item), "同类辅助器具已有一件申请正在办理；请待其办结或撤回后再申请"),
          absl::StrCat("another application for a device of the division of ", ItemEn(item),
                       " is open: apply when it has ended, or withdraw it")};
}

Bilingual KindsUsedUp(int64_t limit, absl::CivilDay free_from) {
  return {
      absl::StrCat("每年最多可申请", limit, "种辅助器具，本年已满；可自",
                   vocabulary::FormatCivilDateZh(free_from), "起申请其他种类"),
      absl::StrCat("devices of at most ", limit,
                   " kinds may be had in a year, which is reached: apply for another kind from ",
                   vocabulary::FormatCivilDateEn(free_from), " on")};
}

Bilingual AmountUsedUp(const Bilingual& what, vocabulary::Fen cap, absl::CivilDay free_from) {
  return {absl::StrCat(what.zh, vocabulary::FormatYuan(cap), "已用完；可自",
                       vocabulary::FormatCivilDateZh(free_from), "起再申请"),
          absl::StrCat(what.en, " of ", vocabulary::FormatYuan(cap), " is used up: apply from ",
                       vocabulary::FormatCivilDateEn(free_from), " on")};
}

Bilingual YearlyCapName() { return {"本年度补贴限额", "the year's limit"}; }

Bilingual MultipleTotalName() {
  return {"多重残疾本年度补贴总额", "the year's total for several disabilities"};
}

Bilingual SharedAllowanceName(absl::string_view share_group) {
  return {absl::StrCat("共用补贴额度（", share_group, "）"),
          absl::StrCat("the shared allowance ", share_group)};
}

absl::string_view GroundName(type::v1::EarlyReplacementGround ground) {
  switch (ground) {
    case type::v1::EARLY_REPLACEMENT_GROUND_CHILD_GROWTH:
      return "child growth";
    case type::v1::EARLY_REPLACEMENT_GROUND_GRADE_CHANGED:
      return "grade changed";
    case type::v1::EARLY_REPLACEMENT_GROUND_DAMAGED:
      return "damaged";
    case type::v1::EARLY_REPLACEMENT_GROUND_STOLEN:
      return "stolen";
    default:
      return "-";
  }
}

Bilingual PaidByAnother() {
  return {"该辅助器具已由保险或其他渠道支付，不能重复补贴；如并未支付，请更正申报",
          "an insurance or another payer covers the device already: correct the declaration if it "
          "does not"};
}

Bilingual ItemUnknown(absl::string_view item_code, absl::string_view catalogue_version) {
  return {
      absl::StrCat("补贴目录", catalogue_version, "中没有品目", item_code, "；请从现行目录中选择"),
      absl::StrCat("catalogue ", catalogue_version, " has no item ", item_code,
                   ": choose one of the catalogue in force")};
}

Bilingual DivisionMismatch(const v1::Item& item, absl::string_view asked_division) {
  return {absl::StrCat(ItemZh(item), "的分类代码是", item.iso9999_code(), "，申请中填的是",
                       asked_division, "；请更正"),
          absl::StrCat(ItemEn(item), " is of division ", item.iso9999_code(),
                       ", the application says ", asked_division, ": correct it")};
}

absl::string_view EconomicStatusCode(type::v1::EconomicStatus status) {
  return WordsOf(status).code;
}

}  // namespace fuju::catalogue
