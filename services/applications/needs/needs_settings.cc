#include "applications/needs/needs_settings.h"

#include <string>
#include <utility>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"

#include "chassis/process/files.h"
#include "chassis/process/process.h"
#include "vocabulary/csv.h"
#include "vocabulary/device_code.h"

ABSL_DECLARE_FLAG(std::string, data_dir);
ABSL_FLAG(int, needs_import_bad_cells, 10000,
          "Bad cells that the report of one import lists, 1 to 1000000; further ones are counted.");
ABSL_FLAG(int, needs_imports_at_once, 4, "Survey files that are uploaded at once, 1 to 64.");
ABSL_FLAG(int, needs_upload_idle_ms, 60000,
          "An uploader that is silent for so long is cut off, 100 to 3600000 ms.");

namespace fuju::applications {

absl::StatusOr<SurveyItems> ParseSurveyItems(absl::string_view catalogue_csv) {
  const absl::StatusOr<vocabulary::CsvTable> table = vocabulary::CsvTable::Parse(catalogue_csv);
  if (!table.ok()) return table.status();
  if (absl::Status s = table->RequireColumns({"item_code", "iso9999_code"}); !s.ok()) return s;
  SurveyItems items;
  for (const vocabulary::CsvRow& row : table->rows()) {
    const auto code = vocabulary::DeviceCode::Parse(*row.Field("iso9999_code"), "catalogue");
    if (!code.ok()) return row.Wrong("iso9999_code", code.status());
    items.emplace(*row.Field("item_code"), code->division());
  }
  return items;
}

absl::StatusOr<NeedsSettings> ReadNeedsSettings() {
  chassis::SettingsCheck check;
  NeedsSettings settings;
  settings.listed_bad_cells = absl::GetFlag(FLAGS_needs_import_bad_cells);
  check.RequireBetween("needs_import_bad_cells", settings.listed_bad_cells, 1, 1000000);
  settings.imports_at_once = absl::GetFlag(FLAGS_needs_imports_at_once);
  check.RequireBetween("needs_imports_at_once", settings.imports_at_once, 1, 64);
  const int idle_ms = absl::GetFlag(FLAGS_needs_upload_idle_ms);
  check.RequireBetween("needs_upload_idle_ms", idle_ms, 100, 3600000);
  settings.upload_idle = absl::Milliseconds(idle_ms);
  const absl::StatusOr<std::string> csv =
      chassis::ReadTextFile(absl::StrCat(absl::GetFlag(FLAGS_data_dir), "/catalogue.csv"));
  absl::StatusOr<SurveyItems> items = csv.ok() ? ParseSurveyItems(*csv) : csv.status();
  check.Require(items.ok(), absl::StrCat("--data_dir: ", items.status().message()));
  if (absl::Status s = check.Result(); !s.ok()) return s;
  settings.items = *std::move(items);
  return settings;
}

}  // namespace fuju::applications
