#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "catalogue/versions/violations.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// Rows of a table in CSV with the row of the file that each stands in, "rows[3]"; rows are counted
// as in the file, the header being row 1.
template <typename Row>
struct CsvRows {
  std::vector<Row> rows;
  std::vector<std::string> places;
};

// Reads a table: CSV in UTF-8 with exactly the columns that are described (column.h), in any order;
// later ones may be missing. Adds a violation for every bad cell, "rows[3].max_subsidy_cny", that
// says what stands there and what is allowed; of a file that is no table at all, or has no row, the
// one `file`. `prefix` comes before the places, such as "top_ups.". Pure.
CsvRows<v1::Item> ReadItemsCsv(absl::string_view csv, Violations& violations);
CsvRows<v1::LocalTopUp> ReadTopUpsCsv(absl::string_view csv, Violations& violations);

// A whole table of items by itself: what a row says is checked too (document_check.h), but not what
// it refers to elsewhere. Items by rising code. INVALID_ARGUMENT, CATALOGUE_INVALID.
absl::StatusOr<std::vector<v1::Item>> ParseCatalogueCsv(absl::string_view csv);

// The table in RFC 4180 with all columns in their order, rows as they come. Read again it gives the
// same rows.
std::string WriteItemsCsv(const google::protobuf::RepeatedPtrField<v1::Item>& items);
std::string WriteTopUpsCsv(const google::protobuf::RepeatedPtrField<v1::LocalTopUp>& top_ups);

}  // namespace fuju::catalogue
