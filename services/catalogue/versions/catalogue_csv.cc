#include "catalogue/versions/catalogue_csv.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "catalogue/versions/column.h"
#include "catalogue/versions/document_check.h"
#include "catalogue/versions/document_places.h"
#include "vocabulary/csv.h"

namespace fuju::catalogue {
namespace {

using absl::string_view;

template <typename Row>
void CheckHeader(const std::vector<std::string>& header, absl::Span<const Column<Row>> columns,
                 string_view prefix, Violations& violations) {
  for (const Column<Row>& column : columns) {
    if (column.later || absl::c_linear_search(header, column.name)) continue;
    violations.Add(absl::StrCat(prefix, "rows[1].", column.name), "表头缺少这一列",
                   "the header lacks this column");
  }
  for (const std::string& name : header) {
    const bool known =
        absl::c_any_of(columns, [&name](const Column<Row>& column) { return column.name == name; });
    if (known) continue;
    violations.Add(absl::StrCat(prefix, "rows[1].", Shown(name)),
                   "没有这一列，请更正列名或删除该列",
                   "there is no such column: correct its name or delete it");
  }
}

// `file` is the place of a file that is no table.
template <typename Row>
CsvRows<Row> ReadTable(string_view csv, absl::Span<const Column<Row>> columns, string_view prefix,
                       string_view file, Violations& violations) {
  const absl::StatusOr<vocabulary::CsvTable> table = vocabulary::CsvTable::Parse(csv);
  if (!table.ok()) {
    violations.AddStatus(std::string(file), table.status());
    return {};
  }
  Violations of_header;
  CheckHeader(table->header(), columns, prefix, of_header);
  // Without its columns every row would be wrong in the same way.
  if (!of_header.empty()) {
    CheckHeader(table->header(), columns, prefix, violations);
    return {};
  }
  if (table->rows().empty()) {
    violations.Add(std::string(file), "文件中没有任何一行", "the file has no rows");
    return {};
  }
  CsvRows<Row> read;
  for (const vocabulary::CsvRow& row : table->rows()) {
    const std::string place = absl::StrCat(prefix, "rows[", row.number(), "]");
    Row& made = read.rows.emplace_back();
    for (const Column<Row>& column : columns) {
      const string_view cell = row.Field(column.name).value_or("");
      if (column.read(cell, made)) continue;
      violations.AddValue(absl::StrCat(place, ".", column.name), cell, column.allowed_zh,
                          column.allowed_en);
    }
    read.places.push_back(place);
  }
  return read;
}

void AppendField(string_view text, std::string& line) {
  if (text.find_first_of(",\"\r\n") == string_view::npos) {
    absl::StrAppend(&line, text);
    return;
  }
  absl::StrAppend(&line, "\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

template <typename Row>
std::string WriteTable(const google::protobuf::RepeatedPtrField<Row>& rows,
                       absl::Span<const Column<Row>> columns) {
  std::string text;
  for (const Column<Row>& column : columns) {
    if (!text.empty()) text += ',';
    AppendField(column.name, text);
  }
  text += '\n';
  for (const Row& row : rows) {
    for (const Column<Row>& column : columns) {
      if (column.name != columns.front().name) text += ',';
      AppendField(column.write(row), text);
    }
    text += '\n';
  }
  return text;
}

}  // namespace

CsvRows<v1::Item> ReadItemsCsv(string_view csv, Violations& violations) {
  return ReadTable(csv, ItemColumns(), "", "csv", violations);
}

CsvRows<v1::LocalTopUp> ReadTopUpsCsv(string_view csv, Violations& violations) {
  return ReadTable(csv, TopUpColumns(), "top_ups.", "top_ups_csv", violations);
}

absl::StatusOr<std::vector<v1::Item>> ParseCatalogueCsv(string_view csv) {
  Violations violations;
  CsvRows<v1::Item> read = ReadItemsCsv(csv, violations);
  PlacedDocument placed;
  placed.places.csv = true;
  placed.places.items = std::move(read.places);
  for (v1::Item& item : read.rows) *placed.document.add_items() = std::move(item);
  CheckRows(placed, violations);
  if (absl::Status status = violations.ToStatus(); !status.ok()) return status;
  std::vector<v1::Item> items(placed.document.items().begin(), placed.document.items().end());
  absl::c_sort(items,
               [](const v1::Item& a, const v1::Item& b) { return a.item_code() < b.item_code(); });
  return items;
}

std::string WriteItemsCsv(const google::protobuf::RepeatedPtrField<v1::Item>& items) {
  return WriteTable(items, ItemColumns());
}

std::string WriteTopUpsCsv(const google::protobuf::RepeatedPtrField<v1::LocalTopUp>& top_ups) {
  return WriteTable(top_ups, TopUpColumns());
}

}  // namespace fuju::catalogue
