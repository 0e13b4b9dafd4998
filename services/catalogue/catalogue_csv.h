#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// Bad cells that one refusal lists; it says how many more there are. Errors travel in trailers of
// at most 8 KiB, and the edge shortens descriptions to fit: with more cells than this, nothing but
// their addresses would arrive.
inline constexpr int kMostListedViolations = 60;

// Reads a catalogue file: CSV in UTF-8 with exactly the columns of deploy/data/gansu/catalogue.csv,
// in any order. Items by rising item code, their names "items/<item code>". All or nothing:
// INVALID_ARGUMENT, CATALOGUE_INVALID, with a field violation for every bad cell,
// "rows[3].max_subsidy_cny", that says what stands there and what is allowed. Rows are counted as
// in the file, the header being row 1. A file that is no table at all has the one violation "csv".
// Pure.
absl::StatusOr<std::vector<v1::Item>> ParseCatalogueCsv(absl::string_view csv);

}  // namespace fuju::catalogue
