#ifndef FUJU_VOCABULARY_CSV_STREAM_H_
#define FUJU_VOCABULARY_CSV_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fuju::vocabulary {

// A place between two records of a CSV text: what lies before it.
struct CsvPosition {
  uint64_t bytes = 0;
  // Records, the header among them, and lines.
  size_t rows = 0;
  size_t lines = 0;

  friend bool operator==(const CsvPosition&, const CsvPosition&) = default;
};

// One record of a CSV text.
struct CsvRecord {
  // From 1: as a spreadsheet counts.
  size_t row = 0;
  // The line on which it begins, from 1.
  size_t line = 0;
  std::vector<std::string> fields;
  // Empty lines right before it, which count as rows, too.
  size_t blank_lines_before = 0;
  // The place behind it.
  CsvPosition end;
};

// What a CSV text may have at most. A quote that is never closed would else swallow all the rest.
struct CsvLimits {
  size_t field_bytes = std::numeric_limits<size_t>::max();
  size_t record_bytes = std::numeric_limits<size_t>::max();
};

// Reads RFC 4180 text that arrives in pieces, which may end anywhere: the records are the same
// however it is cut. UTF-8 with or without a byte order mark; lines end in LF or CRLF; a field in
// double quotes may hold commas, line breaks and doubled quotes; empty lines at the end do not
// count. Keeps at most what was added and not read, and one record. Not thread-safe.
//
//   CsvStream stream;
//   stream.Add(piece);
//   while (true) {
//     absl::StatusOr<std::optional<CsvRecord>> record = stream.Next();
//     ...
//   }
class CsvStream {
 public:
  // `from` is the end of a record that another stream has read, to go on behind it.
  explicit CsvStream(CsvLimits limits = {}, CsvPosition from = {});

  void Add(absl::string_view bytes);
  // Nothing will be added any more: what is there is the end of the text.
  void End() { ended_ = true; }

  // The next record; none if it is not all there yet, or after End if there is none left.
  // INVALID_ARGUMENT with row and column for text that is no CSV or no UTF-8, or above the limits;
  // nothing can be read from then on.
  absl::StatusOr<std::optional<CsvRecord>> Next();

 private:
  enum class State { kFieldStart, kPlain, kPlainCr, kQuoted, kQuoteSeen, kQuotedCr };
  // What a byte does.
  enum class Step { kGoOn, kFieldEnds, kRecordEnds };

  // False while it can not be told whether there is one.
  bool SkipByteOrderMark();
  absl::StatusOr<std::optional<CsvRecord>> Read();
  absl::StatusOr<Step> Take(char c);
  // Takes what needs no look at each byte.
  void TakeRun();
  // What the end of the text means here.
  absl::StatusOr<Step> TakeEnd() const;
  absl::Status EndField();
  // The record that was read, unless it is an empty line.
  std::optional<CsvRecord> EndRecord();
  absl::Status CheckLength() const;
  absl::Status WrongHere(absl::string_view zh, absl::string_view en) const;

  const CsvLimits limits_;
  std::string input_;
  size_t at_ = 0;
  bool ended_ = false;
  bool begun_ = false;
  absl::Status failure_;

  State state_ = State::kFieldStart;
  std::string field_;
  std::vector<std::string> fields_;
  bool quoted_ = false;
  size_t blank_lines_ = 0;
  // Of the record that is being read, and of the next byte.
  CsvPosition begin_;
  CsvPosition here_;
};

}  // namespace fuju::vocabulary

#endif  // FUJU_VOCABULARY_CSV_STREAM_H_
