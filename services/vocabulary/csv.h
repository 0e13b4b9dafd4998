#ifndef FUJU_VOCABULARY_CSV_H_
#define FUJU_VOCABULARY_CSV_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fuju::vocabulary {

// One record of a CsvTable below its header. Copies its text, shares its header, so it may outlive
// the table. Immutable.
class CsvRow {
 public:
  // As a spreadsheet counts: the header is row 1, the first record row 2.
  size_t number() const { return number_; }

  // The line of the file on which the record begins, from 1; differs from number() after a quoted
  // field with line breaks.
  size_t line() const { return line_; }

  // The field of a column, as it stands there (quotes resolved, white space kept). NOT_FOUND if the
  // table has no such column.
  absl::StatusOr<absl::string_view> Field(absl::string_view column) const;

  // All fields, in the order of the header.
  const std::vector<std::string>& fields() const { return fields_; }

  // "第5行第3列（allocated_fen）：<zh> / row 5, column 3 (allocated_fen): <en>" as
  // INVALID_ARGUMENT, for a field that reads as CSV but not as what it should be.
  absl::Status Wrong(absl::string_view column, absl::string_view zh, absl::string_view en) const;

  // The same, around the two halves of a message of this room.
  absl::Status Wrong(absl::string_view column, const absl::Status& why) const;

 private:
  friend class CsvTable;
  using ColumnIndex = absl::flat_hash_map<std::string, size_t>;

  CsvRow(std::shared_ptr<const ColumnIndex> index, size_t number, size_t line,
         std::vector<std::string> fields);

  std::shared_ptr<const ColumnIndex> index_;
  size_t number_;
  size_t line_;
  std::vector<std::string> fields_;
};

// A table in RFC 4180 text. Immutable.
class CsvTable {
 public:
  // UTF-8 with or without a byte order mark; lines end in LF or CRLF; a field in double quotes may
  // hold commas, line breaks and doubled quotes; empty lines at the end do not count. The first
  // record is the header, whose names are unique and not empty; all records have as many fields as
  // it. INVALID_ARGUMENT names row and column of the first thing that is wrong.
  static absl::StatusOr<CsvTable> Parse(absl::string_view text);

  const std::vector<std::string>& header() const { return header_; }
  const std::vector<CsvRow>& rows() const { return rows_; }

  // INVALID_ARGUMENT that names every one of `columns` that the header lacks. More columns are
  // fine.
  absl::Status RequireColumns(const std::vector<std::string>& columns) const;

 private:
  CsvTable(std::vector<std::string> header, std::vector<CsvRow> rows);

  std::vector<std::string> header_;
  std::vector<CsvRow> rows_;
};

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_CSV_H_
