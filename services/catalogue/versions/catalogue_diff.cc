#include "catalogue/versions/catalogue_diff.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "catalogue/versions/cells.h"
#include "catalogue/versions/column.h"

namespace fuju::catalogue {
namespace {

using absl::string_view;
using v1::CatalogueChange;
using v1::SubsidyPolicy;

// What a change is about, in a sentence.
struct Subject {
  std::string name;
  std::string zh;
  std::string en;
};

template <typename Row>
Subject SubjectOf(const Row& row);

template <>
Subject SubjectOf(const v1::Item& item) {
  return {absl::StrCat("items/", item.item_code()),
          absl::StrCat(item.name_zh(), "（", item.item_code(), "）"),
          absl::StrCat(item.name_en(), " (", item.item_code(), ")")};
}

template <>
Subject SubjectOf(const v1::LocalTopUp& top_up) {
  const bool others = top_up.item_code() == "*";
  return {absl::StrCat("topUps/", top_up.item_code()),
          absl::StrCat("叠加补贴（", others ? "其余品目" : top_up.item_code(), "）"),
          absl::StrCat("top-up (", others ? "every other item" : top_up.item_code(), ")")};
}

CatalogueChange& AddChange(v1::CatalogueDiff& diff, v1::CatalogueChangeKind kind,
                           const Subject& subject) {
  CatalogueChange& change = *diff.add_changes();
  change.set_kind(kind);
  change.set_subject(subject.name);
  return change;
}

std::string Quoted(string_view cell, bool zh) {
  if (cell.empty()) return zh ? "未规定" : "nothing";
  return zh ? absl::StrCat("“", cell, "”") : absl::StrCat("'", cell, "'");
}

template <typename Row>
std::string Amount(const Column<Row>& column, string_view cell, bool zh) {
  if (cell.empty()) return Quoted(cell, zh);
  return absl::StrCat(cell, zh ? column.unit_zh : column.unit_en);
}

template <typename Row>
void DescribeCells(const Subject& subject, const Column<Row>& column, CatalogueChange& change) {
  const std::string& before = change.before();
  const std::string& after = change.after();
  double from = 0, to = 0;
  const bool numbers =
      column.number && absl::SimpleAtod(before, &from) && absl::SimpleAtod(after, &to);
  if (numbers) {
    change.set_text_zh(absl::StrCat(subject.zh, "的", column.title_zh, "由",
                                    Amount(column, before, true), to > from ? "提高到" : "降低到",
                                    Amount(column, after, true)));
    change.set_text_en(absl::StrCat(
        subject.en, ": ", column.title_en, to > from ? " raised" : " lowered", " from ",
        Amount(column, before, false), " to ", Amount(column, after, false)));
    return;
  }
  const auto shown = [&column](const std::string& cell, bool zh) {
    return column.number ? Amount(column, cell, zh) : Quoted(cell, zh);
  };
  change.set_text_zh(absl::StrCat(subject.zh, "的", column.title_zh, "由", shown(before, true),
                                  "改为", shown(after, true)));
  change.set_text_en(absl::StrCat(subject.en, ": ", column.title_en, " changed from ",
                                  shown(before, false), " to ", shown(after, false)));
}

template <typename Row>
void DiffCells(const Subject& subject, absl::Span<const Column<Row>> columns, const Row& before,
               const Row& after, v1::CatalogueDiff& diff) {
  for (const Column<Row>& column : columns) {
    std::string old_cell = column.write(before), new_cell = column.write(after);
    if (old_cell == new_cell) continue;
    CatalogueChange& change = AddChange(diff, v1::CATALOGUE_CHANGE_KIND_CHANGED, subject);
    change.set_field(std::string(column.name));
    change.set_before(std::move(old_cell));
    change.set_after(std::move(new_cell));
    DescribeCells(subject, column, change);
  }
}

template <typename Row>
void DiffRows(const google::protobuf::RepeatedPtrField<Row>& before,
              const google::protobuf::RepeatedPtrField<Row>& after,
              absl::Span<const Column<Row>> columns, v1::CatalogueDiff& diff) {
  // By code: the row before, the row after.
  std::map<std::string, std::pair<const Row*, const Row*>> rows;
  for (const Row& row : before) rows[row.item_code()].first = &row;
  for (const Row& row : after) rows[row.item_code()].second = &row;
  for (const auto& [code, both] : rows) {
    const auto& [old_row, new_row] = both;
    const Subject subject = SubjectOf(new_row != nullptr ? *new_row : *old_row);
    if (old_row == nullptr) {
      CatalogueChange& change = AddChange(diff, v1::CATALOGUE_CHANGE_KIND_ADDED, subject);
      change.set_text_zh(absl::StrCat("新增", subject.zh));
      change.set_text_en(absl::StrCat("added: ", subject.en));
    } else if (new_row == nullptr) {
      CatalogueChange& change = AddChange(diff, v1::CATALOGUE_CHANGE_KIND_REMOVED, subject);
      change.set_text_zh(absl::StrCat("取消", subject.zh));
      change.set_text_en(absl::StrCat("removed: ", subject.en));
    } else {
      DiffCells(subject, columns, *old_row, *new_row, diff);
    }
  }
}

template <typename Value>
std::string NumberOrNone(Value value) {
  return value == 0 ? "" : absl::StrCat(value);
}
std::string YuanOrNone(int64_t fen) { return fen == 0 ? "" : WriteYuan(fen); }

template <typename Values>
std::string EnumList(const Values& values, const google::protobuf::EnumDescriptor& type) {
  return absl::StrJoin(values, "|", [&type](std::string* out, int value) {
    absl::StrAppend(out, WriteEnum(type, value));
  });
}

// "child-prosthesis=5000 (children, 1 y)", by their names.
std::string Allowances(const SubsidyPolicy& policy) {
  std::map<std::string, std::string> texts;
  for (const v1::SharedAllowance& allowance : policy.shared_allowances()) {
    texts[allowance.share_group()] = absl::StrCat(
        WriteYuan(allowance.cap_fen()), allowance.children_only() ? " (children, " : " (all, ",
        allowance.years() == 0 ? "calendar year)" : absl::StrCat(allowance.years(), " y)"));
  }
  return absl::StrJoin(texts, "; ", absl::PairFormatter("="));
}

// Columns that are only compared: a policy is no table.
constexpr Column<SubsidyPolicy> PolicyField(string_view field, string_view zh, string_view en,
                                            std::string (*write)(const SubsidyPolicy&),
                                            bool number = false, string_view unit_zh = "",
                                            string_view unit_en = "") {
  return {field, field, zh, en, "", "", nullptr, write, false, number, unit_zh, unit_en};
}

const Column<SubsidyPolicy> kPolicyFields[] = {
    PolicyField(
        "mode", "计算方式", "formula",
        [](const SubsidyPolicy& p) { return WriteEnum(*v1::SubsidyMode_descriptor(), p.mode()); }),
    PolicyField(
        "ffp_ratio_bp", "防止返贫监测对象补贴比例", "ratio for families monitored against poverty",
        [](const SubsidyPolicy& p) { return WriteRatio(p.ffp_ratio_bp()); }, true),
    PolicyField(
        "gxzc_ratio_bp", "刚性支出困难家庭补贴比例", "ratio for families with heavy expenses",
        [](const SubsidyPolicy& p) {
          return p.has_gxzc_ratio_bp() ? WriteRatio(p.gxzc_ratio_bp()) : "";
        },
        true),
    PolicyField(
        "child_yearly_devices", "儿童可每年申请的辅具", "list of a child's yearly devices",
        [](const SubsidyPolicy& p) { return absl::StrJoin(p.child_yearly_devices(), "|"); }),
    PolicyField(
        "multiple_kinds", "多重残疾每年种类上限", "yearly limit of kinds for several disabilities",
        [](const SubsidyPolicy& p) { return NumberOrNone(p.multiple_kinds()); }, true, "种"),
    PolicyField(
        "multiple_total_cap_fen", "多重残疾每年总额上限", "yearly total for several disabilities",
        [](const SubsidyPolicy& p) { return YuanOrNone(p.multiple_total_cap_fen()); }, true, "元",
        " yuan"),
    PolicyField(
        "yearly_kinds", "每年种类上限", "yearly limit of kinds",
        [](const SubsidyPolicy& p) { return NumberOrNone(p.yearly_kinds()); }, true, "种"),
    PolicyField(
        "yearly_cap_fen", "每年总额上限", "yearly total",
        [](const SubsidyPolicy& p) { return YuanOrNone(p.yearly_cap_fen()); }, true, "元", " yuan"),
    PolicyField("shared_allowances", "共用额度", "list of shared allowances", Allowances),
    PolicyField("early_grounds", "提前更换的理由", "grounds for an early replacement",
                [](const SubsidyPolicy& p) {
                  return EnumList(p.early_grounds(),
                                  *type::v1::EarlyReplacementGround_descriptor());
                }),
    PolicyField("fund_order", "资金支付顺序", "order of the funds",
                [](const SubsidyPolicy& p) {
                  return EnumList(p.fund_order(), *v1::FundSource_descriptor());
                }),
};

void DiffPolicies(const v1::CatalogueDocument& before, const v1::CatalogueDocument& after,
                  v1::CatalogueDiff& diff) {
  const Subject subject = {"policy", "政策", "policy"};
  if (before.has_policy() && after.has_policy()) {
    return DiffCells(subject, absl::Span<const Column<SubsidyPolicy>>(kPolicyFields),
                     before.policy(), after.policy(), diff);
  }
  if (after.has_policy()) {
    CatalogueChange& change = AddChange(diff, v1::CATALOGUE_CHANGE_KIND_ADDED, subject);
    change.set_text_zh("新增本级政策，不再沿用上级政策");
    change.set_text_en("added: a policy of its own, instead of that of the area above");
  } else if (before.has_policy()) {
    CatalogueChange& change = AddChange(diff, v1::CATALOGUE_CHANGE_KIND_REMOVED, subject);
    change.set_text_zh("取消本级政策，沿用上级政策");
    change.set_text_en("removed: its own policy; that of the area above counts");
  }
}

}  // namespace

v1::CatalogueDiff DiffDocuments(const v1::CatalogueDocument& before,
                                const v1::CatalogueDocument& after) {
  v1::CatalogueDiff diff;
  DiffPolicies(before, after, diff);
  DiffRows(before.items(), after.items(), ItemColumns(), diff);
  DiffRows(before.top_ups(), after.top_ups(), TopUpColumns(), diff);
  return diff;
}

}  // namespace fuju::catalogue
