#include "catalogue/versions/document_check.h"

#include <map>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "catalogue/versions/column.h"
#include "vocabulary/money.h"

namespace fuju::catalogue {
namespace {

using absl::string_view;
using vocabulary::BasisPoints;

constexpr int kAdult = 18;

template <typename Row>
const Column<Row>& ColumnOf(absl::Span<const Column<Row>> columns, string_view field) {
  return *absl::c_find_if(columns,
                          [field](const Column<Row>& column) { return column.field == field; });
}

// One row of a document in its file.
template <typename Row>
class PlacedRow {
 public:
  PlacedRow(const Row& row, const std::string& place, bool csv,
            absl::Span<const Column<Row>> columns, Violations& violations)
      : row_(row), place_(place), csv_(csv), columns_(columns), violations_(violations) {}

  std::string PathOf(string_view field) const {
    return absl::StrCat(place_, ".",
                        csv_ ? std::string(ColumnOf(columns_, field).name) : JsonName(field));
  }
  bool IsRight(string_view field) const { return !violations_.Has(PathOf(field)); }
  // What stands there, and what the column allows.
  void Refuse(string_view field) const {
    const Column<Row>& column = ColumnOf(columns_, field);
    violations_.AddValue(PathOf(field), column.write(row_), column.allowed_zh, column.allowed_en);
  }
  void Refuse(string_view field, std::string zh, std::string en) const {
    violations_.Add(PathOf(field), std::move(zh), std::move(en));
  }

 private:
  const Row& row_;
  const std::string place_;
  const bool csv_;
  const absl::Span<const Column<Row>> columns_;
  Violations& violations_;
};

PlacedRow<v1::Item> ItemAt(const PlacedDocument& placed, int i, Violations& violations) {
  return {placed.document.items(i), placed.places.items[i], placed.places.csv, ItemColumns(),
          violations};
}

PlacedRow<v1::LocalTopUp> TopUpAt(const PlacedDocument& placed, int i, Violations& violations) {
  return {placed.document.top_ups(i), placed.places.top_ups[i], placed.places.csv, TopUpColumns(),
          violations};
}

template <typename Row>
void CheckRowCells(absl::Span<const Column<Row>> columns, const std::string& place, Row& row,
                   Violations& violations) {
  Row read;
  for (const Column<Row>& column : columns) {
    const std::string cell = column.write(row);
    if (column.read(cell, read)) continue;
    const std::string path = absl::StrCat(place, ".", JsonName(column.field));
    if (!violations.Has(path)) {
      violations.AddValue(path, cell, column.allowed_zh, column.allowed_en);
    }
  }
  row = std::move(read);
}

// What the service sets by itself is not for files.
void RefuseGiven(const std::string& place, string_view field, const std::string& value,
                 Violations& violations) {
  if (value.empty()) return;
  violations.Add(absl::StrCat(place, ".", field), "由系统填写，请删除",
                 "is set by the service: leave it out");
}

void CheckClass(const v1::Item& item, const PlacedRow<v1::Item>& row) {
  const v1::SubsidyRatios& ratios = item.ratios();
  const bool whole = absl::c_all_of(
      std::initializer_list<int32_t>{ratios.tk_bp(), ratios.db_bp(), ratios.dbby_bp(),
                                     ratios.general_bp(), ratios.child_bp()},
      [](int32_t basis_points) { return basis_points == BasisPoints::kWhole; });
  const bool rented = absl::c_linear_search(item.fulfilment_modes(), "rental");
  if ((item.item_class() == v1::ITEM_CLASS_FREE && !whole) ||
      (item.item_class() == v1::ITEM_CLASS_RENTAL && !rented)) {
    row.Refuse("item_class");
  }
}

void CheckItem(const v1::Item& item, const PlacedRow<v1::Item>& row) {
  const bool ages_right = row.IsRight("age_min") && row.IsRight("age_max");
  if (ages_right && item.age_max() < item.age_min()) row.Refuse("age_max");
  if (row.IsRight("cap_fen") && row.IsRight("price_ceiling_fen") && item.price_ceiling_fen() > 0 &&
      item.price_ceiling_fen() < item.cap_fen()) {
    row.Refuse("price_ceiling_fen");
  }
  const bool class_right = row.IsRight("item_class") && row.IsRight("fulfilment_modes") &&
                           row.IsRight("ratios.tk_bp") && row.IsRight("ratios.db_bp") &&
                           row.IsRight("ratios.dbby_bp") && row.IsRight("ratios.general_bp") &&
                           row.IsRight("ratios.child_bp");
  if (class_right) CheckClass(item, row);
  if (row.IsRight("quantity_per_year") && row.IsRight("interval_key") &&
      item.quantity_per_year() > 0 && item.interval_key() != v1::INTERVAL_KEY_QUANTITY) {
    row.Refuse("quantity_per_year");
  }
  if (row.IsRight("child_replacement_years") && row.IsRight("age_min") &&
      item.child_replacement_years() > 0 && item.age_min() >= kAdult) {
    row.Refuse("child_replacement_years");
  }
}

// Refuses a code that stands in an earlier row.
template <typename Row>
void CheckOnce(const std::string& code, const std::string& place,
               absl::flat_hash_map<std::string, std::string>& places, const PlacedRow<Row>& row) {
  if (!row.IsRight("item_code")) return;
  const auto [first, is_new] = places.try_emplace(code, place);
  if (is_new) return;
  row.Refuse("item_code",
             absl::StrCat("“", code, "”已在", first->second, "中出现，每个代码只能出现一次"),
             absl::StrCat("'", code, "' stands in ", first->second,
                          " already; each code is allowed once"));
}

void CheckDevices(const v1::SubsidyPolicy& policy,
                  const std::map<std::string, const v1::Item*>& items, Violations& violations) {
  for (int i = 0; i < policy.child_yearly_devices_size(); ++i) {
    const std::string& device = policy.child_yearly_devices(i);
    const std::string path = absl::StrCat("policy.childYearlyDevices[", i, "]");
    const bool had = absl::c_any_of(items, [&device](const auto& item) {
      return absl::StartsWith(item.second->iso9999_code(), device);
    });
    if (had || violations.Has(path)) continue;
    violations.AddValue(path, device, "目录中某个品目的分类代码的前2、4或6位",
                        "the first 2, 4 or 6 digits of the code of an item of the catalogue");
  }
}

bool HasGroup(const v1::SubsidyPolicy& policy, const std::string& group) {
  return absl::c_any_of(policy.shared_allowances(), [&group](const v1::SharedAllowance& allowance) {
    return allowance.share_group() == group;
  });
}

void CheckShareGroups(const PlacedDocument& placed, const Catalogue* above,
                      Violations& violations) {
  const v1::CatalogueDocument& document = placed.document;
  const v1::SubsidyPolicy none;
  const v1::SubsidyPolicy& policy = document.has_policy() ? document.policy()
                                    : above != nullptr    ? above->policy()
                                                          : none;
  for (int i = 0; i < document.items_size(); ++i) {
    const std::string& group = document.items(i).share_group();
    const PlacedRow<v1::Item> row = ItemAt(placed, i, violations);
    if (!group.empty() && !HasGroup(policy, group) && row.IsRight("share_group")) {
      row.Refuse("share_group");
    }
  }
  if (!document.has_policy() || above == nullptr) return;
  // Rows from above draw on the policy of here.
  for (const v1::Item* item : above->ItemsAfter("", above->item_count())) {
    const std::string& group = item->share_group();
    const bool replaced = absl::c_any_of(document.items(), [item](const v1::Item& own) {
      return own.item_code() == item->item_code();
    });
    if (group.empty() || replaced || HasGroup(policy, group)) continue;
    violations.Add("policy.sharedAllowances",
                   absl::StrCat("缺少上级目录品目", item->item_code(), "所用的“", group, "”"),
                   absl::StrCat("lacks '", group, "', which item ", item->item_code(), " of ",
                                item->catalogue_version(), " draws on"));
  }
}

void CheckPresence(const PlacedDocument& placed, const Catalogue* above, Violations& violations) {
  const v1::CatalogueDocument& document = placed.document;
  if (above != nullptr) {
    if (document.items_size() > 0 || document.top_ups_size() > 0 || document.has_policy()) return;
    violations.Add("items", "没有品目、政策或叠加补贴，与上级目录没有区别",
                   "there are no items, policy or top-ups: nothing differs from the area above");
    return;
  }
  if (document.items_size() == 0) {
    violations.Add("items", "省级目录应有品目", "the province's catalogue needs items");
  }
  if (!document.has_policy()) {
    violations.Add("policy", "省级目录应有政策（policy）",
                   "the province's catalogue needs a policy");
  }
}

}  // namespace

void CheckCells(PlacedDocument& placed, Violations& violations) {
  for (int i = 0; i < placed.document.items_size(); ++i) {
    v1::Item& item = *placed.document.mutable_items(i);
    const std::string& place = placed.places.items[i];
    RefuseGiven(place, "name", item.name(), violations);
    RefuseGiven(place, "catalogueVersion", item.catalogue_version(), violations);
    CheckRowCells(ItemColumns(), place, item, violations);
  }
  for (int i = 0; i < placed.document.top_ups_size(); ++i) {
    v1::LocalTopUp& top_up = *placed.document.mutable_top_ups(i);
    const std::string& place = placed.places.top_ups[i];
    RefuseGiven(place, "areaCode", top_up.area_code(), violations);
    RefuseGiven(place, "catalogueVersion", top_up.catalogue_version(), violations);
    CheckRowCells(TopUpColumns(), place, top_up, violations);
  }
}

void CheckRows(const PlacedDocument& placed, Violations& violations) {
  absl::flat_hash_map<std::string, std::string> items, top_ups;
  for (int i = 0; i < placed.document.items_size(); ++i) {
    const v1::Item& item = placed.document.items(i);
    const PlacedRow<v1::Item> row = ItemAt(placed, i, violations);
    CheckItem(item, row);
    CheckOnce(item.item_code(), placed.places.items[i], items, row);
  }
  for (int i = 0; i < placed.document.top_ups_size(); ++i) {
    CheckOnce(placed.document.top_ups(i).item_code(), placed.places.top_ups[i], top_ups,
              TopUpAt(placed, i, violations));
  }
}

void CheckReferences(const PlacedDocument& placed, const Catalogue* above, Violations& violations) {
  CheckPresence(placed, above, violations);
  std::map<std::string, const v1::Item*> items;
  if (above != nullptr) {
    for (const v1::Item* item : above->ItemsAfter("", above->item_count())) {
      items[item->item_code()] = item;
    }
  }
  for (const v1::Item& item : placed.document.items()) items[item.item_code()] = &item;

  CheckShareGroups(placed, above, violations);
  if (placed.document.has_policy()) CheckDevices(placed.document.policy(), items, violations);
  for (int i = 0; i < placed.document.top_ups_size(); ++i) {
    const std::string& code = placed.document.top_ups(i).item_code();
    const PlacedRow<v1::LocalTopUp> row = TopUpAt(placed, i, violations);
    if (code != "*" && !items.contains(code) && row.IsRight("item_code")) row.Refuse("item_code");
  }
}

void CheckDocument(const PlacedDocument& placed, const Catalogue* above, Violations& violations) {
  CheckRows(placed, violations);
  if (placed.document.has_policy()) CheckPolicy(placed.document.policy(), "policy", violations);
  CheckReferences(placed, above, violations);
}

}  // namespace fuju::catalogue
