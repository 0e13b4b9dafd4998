#include "vocabulary/csv.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "vocabulary/csv_stream.h"
#include "vocabulary/invalid_value.h"
#include "vocabulary/utf8.h"

namespace fuju::vocabulary {
namespace {

absl::Status WrongAt(size_t row, size_t column, absl::string_view zh, absl::string_view en) {
  return InvalidValue(absl::StrCat("第", row, "行第", column, "列：", zh),
                      absl::StrCat("row ", row, ", column ", column, ": ", en));
}

absl::Status CheckHeader(const std::vector<std::string>& header) {
  for (size_t i = 0; i < header.size(); ++i) {
    if (header[i].empty()) {
      return WrongAt(1, i + 1, "列名为空", "the column has no name");
    }
    for (size_t j = 0; j < i; ++j) {
      if (header[i] == header[j]) {
        return WrongAt(1, i + 1, absl::StrCat("列名“", header[i], "”重复"),
                       absl::StrCat("the column name '", header[i], "' stands there twice"));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

CsvRow::CsvRow(std::shared_ptr<const ColumnIndex> index, size_t number, size_t line,
               std::vector<std::string> fields)
    : index_(std::move(index)), number_(number), line_(line), fields_(std::move(fields)) {}

absl::StatusOr<absl::string_view> CsvRow::Field(absl::string_view column) const {
  const auto found = index_->find(column);
  if (found == index_->end()) {
    return absl::NotFoundError(absl::StrCat("表中没有列“", column, "”", kLanguageSeparator,
                                            "the table has no column '", column, "'"));
  }
  return absl::string_view(fields_[found->second]);
}

absl::Status CsvRow::Wrong(absl::string_view column, absl::string_view zh,
                           absl::string_view en) const {
  const auto found = index_->find(column);
  if (found == index_->end()) {
    return InvalidValue(absl::StrCat("第", number_, "行（", column, "）：", zh),
                        absl::StrCat("row ", number_, " (", column, "): ", en));
  }
  return InvalidValue(
      absl::StrCat("第", number_, "行第", found->second + 1, "列（", column, "）：", zh),
      absl::StrCat("row ", number_, ", column ", found->second + 1, " (", column, "): ", en));
}

absl::Status CsvRow::Wrong(absl::string_view column, const absl::Status& why) const {
  const absl::string_view message = why.message();
  const size_t split = message.find(kLanguageSeparator);
  if (split == absl::string_view::npos) return Wrong(column, message, message);
  return Wrong(column, message.substr(0, split), message.substr(split + kLanguageSeparator.size()));
}

CsvTable::CsvTable(std::vector<std::string> header, std::vector<CsvRow> rows)
    : header_(std::move(header)), rows_(std::move(rows)) {}

absl::StatusOr<CsvTable> CsvTable::Parse(absl::string_view text) {
  if (!DecodeUtf8(text).has_value()) {
    return InvalidValue("表不是UTF-8编码（可能是GBK），请另存为“CSV UTF-8”",
                        "the table is not UTF-8 (GBK perhaps), save it as 'CSV UTF-8'");
  }
  CsvStream stream;
  stream.Add(text);
  stream.End();
  std::vector<std::string> header;
  auto index = std::make_shared<CsvRow::ColumnIndex>();
  std::vector<CsvRow> rows;
  // A row below the header.
  const auto add = [&](size_t number, size_t line, std::vector<std::string> fields) {
    if (fields.size() != header.size()) {
      return InvalidValue(
          absl::StrCat("第", number, "行有", fields.size(), "列，表头有", header.size(), "列"),
          absl::StrCat("row ", number, " has ", fields.size(), " columns, the header has ",
                       header.size()));
    }
    rows.push_back(CsvRow(index, number, line, std::move(fields)));
    return absl::OkStatus();
  };
  while (true) {
    absl::StatusOr<std::optional<CsvRecord>> record = stream.Next();
    if (!record.ok()) return record.status();
    if (!record->has_value()) break;
    CsvRecord& read = **record;
    if (header.empty()) {
      if (read.blank_lines_before > 0) return CheckHeader({""});
      header = std::move(read.fields);
      if (absl::Status s = CheckHeader(header); !s.ok()) return s;
      for (size_t i = 0; i < header.size(); ++i) index->emplace(header[i], i);
      continue;
    }
    for (size_t left = read.blank_lines_before; left > 0; --left) {
      if (absl::Status s = add(read.row - left, read.line - left, {""}); !s.ok()) return s;
    }
    if (absl::Status s = add(read.row, read.line, std::move(read.fields)); !s.ok()) return s;
  }
  if (header.empty()) return InvalidValue("表为空", "the table is empty");
  return CsvTable(std::move(header), std::move(rows));
}

absl::Status CsvTable::RequireColumns(const std::vector<std::string>& columns) const {
  std::vector<std::string> missing;
  for (const std::string& column : columns) {
    if (std::find(header_.begin(), header_.end(), column) == header_.end()) {
      missing.push_back(column);
    }
  }
  if (missing.empty()) return absl::OkStatus();
  return InvalidValue(absl::StrCat("表头缺少列：", absl::StrJoin(missing, "、")),
                      absl::StrCat("the header lacks the columns ", absl::StrJoin(missing, ", ")));
}

}  // namespace fuju::vocabulary
