#include "catalogue/versions/catalogue_document.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <nlohmann/json.hpp>

#include "catalogue/versions/catalogue_csv.h"
#include "catalogue/versions/document_check.h"
#include "catalogue/versions/document_places.h"
#include "catalogue/versions/strict_json.h"
#include "catalogue/versions/version_record.h"
#include "catalogue/versions/violations.h"

namespace fuju::catalogue {
namespace {

// In a policy 0 is a ratio too, so a ratio has to be stated.
void RequireRatio(const nlohmann::json& policy, Violations& violations) {
  if (!policy.is_object() || policy.contains("ffpRatioBp") || policy.contains("ffp_ratio_bp")) {
    return;
  }
  violations.Add("policy.ffpRatioBp", "缺少防止返贫监测对象的补贴比例（万分之几），0也须写明",
                 "the ratio of families monitored against a return to poverty is missing, in basis "
                 "points; 0 has to be stated, too");
}

PlacedDocument ReadJson(const std::string& json, Violations& violations) {
  v1::CatalogueDocument document;
  ReadStrictJson(json, "", document, violations);
  const nlohmann::json parsed = nlohmann::json::parse(json, nullptr, false);
  if (parsed.is_object() && parsed.contains("policy")) RequireRatio(parsed["policy"], violations);
  PlacedDocument placed = PlacedAsJson(std::move(document));
  CheckCells(placed, violations);
  return placed;
}

PlacedDocument ReadTables(const CatalogueFiles& files, Violations& violations) {
  PlacedDocument placed;
  placed.places.csv = true;
  if (!files.csv.empty()) {
    CsvRows<v1::Item> items = ReadItemsCsv(files.csv, violations);
    for (v1::Item& item : items.rows) *placed.document.add_items() = std::move(item);
    placed.places.items = std::move(items.places);
  }
  if (!files.policy_json.empty()) {
    ReadStrictJson(files.policy_json, "policy", *placed.document.mutable_policy(), violations);
    RequireRatio(nlohmann::json::parse(files.policy_json, nullptr, false), violations);
  }
  if (!files.top_ups_csv.empty()) {
    CsvRows<v1::LocalTopUp> top_ups = ReadTopUpsCsv(files.top_ups_csv, violations);
    for (v1::LocalTopUp& top_up : top_ups.rows) *placed.document.add_top_ups() = std::move(top_up);
    placed.places.top_ups = std::move(top_ups.places);
  }
  return placed;
}

template <typename Rows>
void SortByCode(Rows& rows) {
  absl::c_sort(rows, [](const auto& a, const auto& b) { return a.item_code() < b.item_code(); });
}

}  // namespace

absl::StatusOr<v1::CatalogueDocument> ReadCatalogueFiles(const CatalogueFiles& files,
                                                         const Catalogue* above) {
  Violations violations;
  if (!files.json.empty() &&
      !(files.csv.empty() && files.policy_json.empty() && files.top_ups_csv.empty())) {
    violations.Add("json", "与csv、policy_json、top_ups_csv不能同时使用",
                   "can not be given together with csv, policy_json or top_ups_csv");
    return violations.ToStatus();
  }
  PlacedDocument placed =
      files.json.empty() ? ReadTables(files, violations) : ReadJson(files.json, violations);
  // Of files that could not be read at all nothing more can be said.
  const bool readable = absl::c_none_of(
      std::initializer_list<absl::string_view>{"csv", "json", "policy", "top_ups_csv"},
      [&violations](absl::string_view file) { return violations.Has(file); });
  const bool has_rows = files.csv.empty() || placed.document.items_size() > 0;
  if (readable && has_rows) CheckDocument(placed, above, violations);
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  SortByCode(*placed.document.mutable_items());
  SortByCode(*placed.document.mutable_top_ups());
  return std::move(placed.document);
}

absl::Status CheckAgainst(const v1::CatalogueDocument& document, const Catalogue* above) {
  Violations violations;
  CheckDocument(PlacedAsJson(document), above, violations);
  return violations.ToStatus();
}

v1::CatalogueDocument DocumentOf(const storage::v1::CatalogueRecord& record) {
  v1::CatalogueDocument document;
  if (record.version().has_policy()) *document.mutable_policy() = record.version().policy();
  *document.mutable_items() = record.items();
  for (v1::Item& item : *document.mutable_items()) {
    item.clear_catalogue_version();
    FillInDefaults(item);
  }
  *document.mutable_top_ups() = record.top_ups();
  for (v1::LocalTopUp& top_up : *document.mutable_top_ups()) {
    top_up.clear_area_code();
    top_up.clear_catalogue_version();
  }
  return document;
}

CatalogueFiles WriteAsCsv(const v1::CatalogueDocument& document) {
  CatalogueFiles files;
  if (document.items_size() > 0) files.csv = WriteItemsCsv(document.items());
  if (document.has_policy()) files.policy_json = WriteJson(document.policy());
  if (document.top_ups_size() > 0) files.top_ups_csv = WriteTopUpsCsv(document.top_ups());
  return files;
}

CatalogueFiles WriteAsJson(const v1::CatalogueDocument& document) {
  v1::CatalogueDocument written = document;
  // Follows from the code.
  for (v1::Item& item : *written.mutable_items()) item.clear_name();
  return {.json = WriteJson(written)};
}

}  // namespace fuju::catalogue
