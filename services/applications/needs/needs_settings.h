#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "applications/needs/survey_row.h"

namespace fuju::applications {

// How the demand register is filled. From flags.
struct NeedsSettings {
  // Items of the catalogue with their divisions.
  SurveyItems items;
  // Bad cells that the report of one import lists.
  int listed_bad_cells = 10000;
  // Uploads at once.
  int imports_at_once = 4;
  // An uploader may be silent for so long.
  absl::Duration upload_idle = absl::Seconds(60);
};

// The devices of `catalogue_csv`, which is the text of catalogue.csv. INVALID_ARGUMENT names row
// and column.
absl::StatusOr<SurveyItems> ParseSurveyItems(absl::string_view catalogue_csv);

// Reads flags and files. INVALID_ARGUMENT names all that is wrong at once.
absl::StatusOr<NeedsSettings> ReadNeedsSettings();

}  // namespace fuju::applications
