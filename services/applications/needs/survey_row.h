#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include "applications/needs/survey_columns.h"
#include "fuju/applications/storage/v1/need_record.pb.h"
#include "fuju/applications/v1/need.pb.h"
#include "vocabulary/region.h"
#include "vocabulary/resident_id.h"

namespace fuju::applications {

// The devices that a survey may name: items of the catalogue and their divisions.
using SurveyItems = absl::flat_hash_map<std::string, std::string>;

// What the rows of one import are checked by. What is pointed to outlives it.
struct SurveyRules {
  const vocabulary::RegionTable* regions;
  const SurveyItems* items;
  int survey_year;
  // If not empty, the county whose file it is.
  std::string county_code;
  absl::CivilDay today;
};

// A good row: what it says of a need, still without the person's key, the times and its import.
struct SurveyedNeed {
  storage::v1::NeedRecord need;
  vocabulary::ResidentId resident_id;
};

// Checks one row: the need, or every bad cell of it (`bad` is added to, and nothing is returned).
// `row` is the number that a spreadsheet shows. Pure.
std::optional<SurveyedNeed> ReadSurveyRow(const SurveyHeader& header, int64_t row,
                                          const std::vector<std::string>& cells,
                                          const SurveyRules& rules, std::vector<v1::BadCell>& bad);

// A complaint about a row as a whole.
v1::BadCell BadRow(int64_t row, absl::string_view zh, absl::string_view en);

// A cell as a report may show it: a value about a person masked; one that may be, because columns
// were shifted, too; long ones cut.
std::string ShownCell(SurveyColumn column, absl::string_view cell);

}  // namespace fuju::applications
