#include "vocabulary/csv.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "vocabulary/invalid_value.h"
#include "vocabulary/utf8.h"

namespace fuju::vocabulary {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct Record {
  size_t line = 0;
  std::vector<std::string> fields;
};

absl::Status WrongAt(size_t row, size_t column, absl::string_view zh, absl::string_view en) {
  return InvalidValue(absl::StrCat("第", row, "行第", column, "列：", zh),
                      absl::StrCat("row ", row, ", column ", column, ": ", en));
}

// Reads record after record from the front of the text.
class Reader {
 public:
  explicit Reader(absl::string_view text) : text_(text) {}

  bool AtEnd() const { return at_ == text_.size(); }

  absl::StatusOr<Record> ReadRecord() {
    ++row_;
    Record record;
    record.line = line_;
    while (true) {
      absl::StatusOr<std::string> field = Peek() == '"' ? ReadQuoted(record.fields.size() + 1)
                                                        : ReadPlain(record.fields.size() + 1);
      if (!field.ok()) return field.status();
      record.fields.push_back(*std::move(field));
      if (AtEnd() || SkipLineEnd()) return record;
      ++at_;  // the comma: both readers stop at a comma, a line end or the end
    }
  }

 private:
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }

  bool AtLineEnd() const { return Peek() == '\n' || absl::StartsWith(text_.substr(at_), "\r\n"); }

  bool SkipLineEnd() {
    if (!AtLineEnd()) return false;
    at_ += Peek() == '\r' ? 2 : 1;
    ++line_;
    return true;
  }

  absl::StatusOr<std::string> ReadPlain(size_t column) {
    const size_t begin = at_;
    while (!AtEnd() && text_[at_] != ',' && !AtLineEnd()) {
      if (text_[at_] == '"') {
        return WrongAt(row_, column, "引号只能出现在用引号括起的字段中，且须写成两个引号",
                       "a quote may only stand in a quoted field, and is doubled there");
      }
      if (text_[at_] == '\r' || text_[at_] == '\0') {
        return WrongAt(row_, column, "含有不允许的控制字符", "holds a control character");
      }
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  absl::StatusOr<std::string> ReadQuoted(size_t column) {
    std::string field;
    ++at_;
    while (!AtEnd()) {
      const char c = text_[at_++];
      if (c == '\n') ++line_;
      if (c != '"') {
        field.push_back(c);
      } else if (Peek() == '"') {
        field.push_back(c);
        ++at_;
      } else if (AtEnd() || Peek() == ',' || AtLineEnd()) {
        return field;
      } else {
        return WrongAt(row_, column, "结束引号之后只能是逗号或换行",
                       "only a comma or a line end may follow a closing quote");
      }
    }
    return WrongAt(row_, column, "缺少结束引号", "the closing quote is missing");
  }

  absl::string_view text_;
  size_t at_ = 0;
  size_t line_ = 1;
  size_t row_ = 0;
};

absl::string_view WithoutEmptyLinesAtEnd(absl::string_view text) {
  while (absl::ConsumeSuffix(&text, "\n")) absl::ConsumeSuffix(&text, "\r");
  return text;
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
  absl::ConsumePrefix(&text, kByteOrderMark);
  text = WithoutEmptyLinesAtEnd(text);
  if (text.empty()) return InvalidValue("表为空", "the table is empty");
  if (!DecodeUtf8(text).has_value()) {
    return InvalidValue("表不是UTF-8编码（可能是GBK），请另存为“CSV UTF-8”",
                        "the table is not UTF-8 (GBK perhaps), save it as 'CSV UTF-8'");
  }
  Reader reader(text);
  absl::StatusOr<Record> header = reader.ReadRecord();
  if (!header.ok()) return header.status();
  if (absl::Status s = CheckHeader(header->fields); !s.ok()) return s;

  const size_t width = header->fields.size();
  auto index = std::make_shared<CsvRow::ColumnIndex>();
  for (size_t i = 0; i < width; ++i) index->emplace(header->fields[i], i);

  std::vector<CsvRow> rows;
  while (!reader.AtEnd()) {
    absl::StatusOr<Record> record = reader.ReadRecord();
    if (!record.ok()) return record.status();
    const size_t number = rows.size() + 2;
    if (record->fields.size() != width) {
      return InvalidValue(
          absl::StrCat("第", number, "行有", record->fields.size(), "列，表头有", width, "列"),
          absl::StrCat("row ", number, " has ", record->fields.size(), " columns, the header has ",
                       width));
    }
    rows.push_back(CsvRow(index, number, record->line, std::move(record->fields)));
  }
  return CsvTable(std::move(header->fields), std::move(rows));
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
