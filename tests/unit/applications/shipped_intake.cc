#include "unit/applications/shipped_intake.h"

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "vocabulary/csv.h"

namespace fuju::applications::testing {
namespace {

std::string FileOf(const char* name) {
  std::ifstream file(absl::StrCat("deploy/data/gansu/", name));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

IntakeTexts ShippedIntakeTexts() {
  return {FileOf("intake.json"), FileOf("consents.json"), FileOf("documents.json")};
}

std::set<std::string> ShippedItemCodes() {
  std::set<std::string> codes;
  const auto table = vocabulary::CsvTable::Parse(FileOf("catalogue.csv"));
  if (!table.ok()) ADD_FAILURE() << table.status();
  for (const vocabulary::CsvRow& row : table->rows()) codes.emplace(*row.Field("item_code"));
  return codes;
}

const IntakeBook& ShippedIntake() {
  static const auto* const kBook = [] {
    absl::StatusOr<IntakeBook> book = IntakeBook::Parse(ShippedIntakeTexts(), ShippedItemCodes());
    if (!book.ok()) ADD_FAILURE() << book.status();
    return new IntakeBook(*std::move(book));
  }();
  return *kBook;
}

}  // namespace fuju::applications::testing
