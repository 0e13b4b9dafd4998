#include "audit/code_names.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include <nlohmann/json.hpp>

#include "chassis/process/files.h"
#include "edge_formats/region_files.h"
#include "vocabulary/csv.h"

namespace fuju::audit {
namespace {

constexpr char kNoteZh[] =
    "补贴目录为示例：金额、比例和年限来自其他地区的公开目录或为设计值，不是甘肃省公布的标准；"
    "预算和服务商均为虚构。";
constexpr char kNoteEn[] =
    "The catalogue is an example: caps, ratios and years come from other places' published lists "
    "or "
    "are placeholders, none is Gansu's own; budgets and vendors are invented.";

absl::Status In(const std::string& file, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(file, ": ", status.message()));
}

absl::StatusOr<nlohmann::json> ItemsOf(const std::string& catalogue_csv) {
  const absl::StatusOr<vocabulary::CsvTable> table = vocabulary::CsvTable::Parse(catalogue_csv);
  if (!table.ok()) return table.status();
  if (absl::Status status = table->RequireColumns({"item_code", "name_zh", "name_en"});
      !status.ok()) {
    return status;
  }
  nlohmann::json items = nlohmann::json::object();
  for (const vocabulary::CsvRow& row : table->rows()) {
    items[std::string(*row.Field("item_code"))] = {{"zh", std::string(*row.Field("name_zh"))},
                                                   {"en", std::string(*row.Field("name_en"))}};
  }
  return items;
}

nlohmann::json CountiesOf(const vocabulary::RegionTable& regions) {
  nlohmann::json counties = nlohmann::json::object();
  for (const vocabulary::Region& region : regions.ReviewingOffices()) {
    counties[region.code.digits()] = regions.FullNameOf(region.code).value_or(region.name);
  }
  return counties;
}

}  // namespace

CodeNames::CodeNames(vocabulary::RegionTable regions, std::string json)
    : regions_(std::move(regions)), json_(std::move(json)) {}

absl::StatusOr<CodeNames> CodeNames::Load(const std::string& data_dir) {
  const absl::StatusOr<std::string> catalogue =
      chassis::ReadTextFile(absl::StrCat(data_dir, "/catalogue.csv"));
  if (!catalogue.ok()) return catalogue.status();

  absl::StatusOr<vocabulary::RegionTable> regions = edge_formats::ReadRegionTable(data_dir);
  if (!regions.ok()) return In("divisions.csv, organisations_extra.csv", regions.status());
  absl::StatusOr<nlohmann::json> items = ItemsOf(*catalogue);
  if (!items.ok()) return In("catalogue.csv", items.status());

  const nlohmann::json names = {{"counties", CountiesOf(*regions)},
                                {"items", *std::move(items)},
                                {"sourceNotes", {{"zh", kNoteZh}, {"en", kNoteEn}}}};
  return CodeNames(*std::move(regions), names.dump());
}

}  // namespace fuju::audit
