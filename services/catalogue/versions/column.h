#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// A field of a row: its place in a file, what is allowed in it, said in two languages, and how it
// is read and written. The one description that CSV, JSON, export and differences share: a row from
// JSON is right if what would be written can be read again.
template <typename Row>
struct Column {
  // Header of the column in CSV.
  absl::string_view name;
  // Field of the message.
  absl::string_view field;
  // What it is called in a sentence.
  absl::string_view title_zh;
  absl::string_view title_en;
  absl::string_view allowed_zh;
  absl::string_view allowed_en;
  bool (*read)(absl::string_view cell, Row& row);
  std::string (*write)(const Row& row);
  // True for a column that came later: a file may lack it, and an empty cell, as if it lacked it,
  // means what stands in catalogue.proto for a field that is not set.
  bool later = false;
  // Its cells are numbers, with this unit behind them in a sentence.
  bool number = false;
  absl::string_view unit_zh = "";
  absl::string_view unit_en = "";
};

// In the order of the file; the first one is the code of the row.
absl::Span<const Column<v1::Item>> ItemColumns();
absl::Span<const Column<v1::LocalTopUp>> TopUpColumns();

}  // namespace fuju::catalogue
