// What deploy/data/gansu/README.md promises of the shipped tables.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gtest/gtest.h>

#include "unit/vocabulary/shipped_file.h"
#include "vocabulary/csv.h"
#include "vocabulary/device_code.h"
#include "vocabulary/money.h"
#include "vocabulary/region.h"
#include "vocabulary/uscc.h"

namespace fuju::vocabulary {
namespace {

constexpr char kEdition[] = "GB/T 16432-2016";

CsvTable Table(absl::string_view name) {
  auto table = CsvTable::Parse(ShippedFile(name));
  EXPECT_TRUE(table.ok()) << name << ": " << table.status();
  return *std::move(table);
}

RegionTable Gansu() {
  return *RegionTable::Parse(ShippedFile("divisions.csv"), ShippedFile("organisations_extra.csv"));
}

std::string Cell(const CsvRow& row, absl::string_view column) {
  const auto field = row.Field(column);
  EXPECT_TRUE(field.ok()) << field.status();
  return std::string(*field);
}

int64_t Number(const CsvRow& row, absl::string_view column) {
  int64_t number = -1;
  EXPECT_TRUE(absl::SimpleAtoi(Cell(row, column), &number)) << column << ", row " << row.number();
  return number;
}

std::vector<std::string> List(const CsvRow& row, absl::string_view column) {
  return absl::StrSplit(Cell(row, column), '|');
}

std::vector<DeviceCode> CatalogueCodes() {
  std::vector<DeviceCode> codes;
  const CsvTable catalogue = Table("catalogue.csv");
  for (const CsvRow& row : catalogue.rows()) {
    const auto code = DeviceCode::Parse(Cell(row, "iso9999_code"), kEdition);
    EXPECT_TRUE(code.ok()) << code.status();
    if (code.ok()) codes.push_back(*code);
  }
  return codes;
}

TEST(ShippedTablesTest, Has14PrefecturesAnd86Counties) {
  const RegionTable gansu = Gansu();
  EXPECT_EQ(gansu.Prefectures().size(), 14u);
  size_t counties = 0;
  for (const Region& region : gansu.ReviewingOffices()) {
    if (region.level == RegionLevel::kCounty) ++counties;
  }
  EXPECT_EQ(counties, 86u);
}

TEST(ShippedTablesTest, CatalogueHas63ItemsThatNameTheirBasis) {
  const CsvTable catalogue = Table("catalogue.csv");
  EXPECT_EQ(catalogue.rows().size(), 63u);
  EXPECT_EQ(CatalogueCodes().size(), 63u);
  std::set<std::string> item_codes;
  for (const CsvRow& row : catalogue.rows()) {
    EXPECT_TRUE(item_codes.insert(Cell(row, "item_code")).second) << row.number();
    EXPECT_TRUE(ParseYuan(Cell(row, "max_subsidy_cny")).ok()) << row.number();
    for (const absl::string_view ratio :
         {"ratio_tekun", "ratio_dibao", "ratio_dibao_edge", "ratio_general", "ratio_child_0_17"}) {
      EXPECT_TRUE(BasisPoints::ParseRatio(Cell(row, ratio)).ok()) << row.number();
    }
    for (const absl::string_view basis : {"amount_basis", "years_basis"}) {
      const std::string text = Cell(row, basis);
      EXPECT_TRUE(absl::StartsWith(text, "SRC:") || absl::StartsWith(text, "REF:") ||
                  text == "PLACEHOLDER")
          << text;
    }
    EXPECT_EQ(Cell(row, "ratio_basis"), "DESIGN_DEFAULT");
  }
}

TEST(ShippedTablesTest, EveryOfficeHasADemonstrationBudgetInBothYears) {
  const RegionTable gansu = Gansu();
  const CsvTable budgets = Table("budgets.csv");
  std::set<std::string> seen;
  for (const CsvRow& row : budgets.rows()) {
    const auto county = RegionCode::Parse(Cell(row, "county_code"));
    ASSERT_TRUE(county.ok()) << row.number();
    EXPECT_TRUE(gansu.IsReviewingOffice(*county)) << row.number();
    EXPECT_GT(Number(row, "allocated_fen"), 0);
    EXPECT_TRUE(absl::StartsWith(Cell(row, "fund_code"), "DEMO-")) << row.number();
    EXPECT_TRUE(
        seen.insert(absl::StrCat(county->digits(), "-", Number(row, "fiscal_year"))).second);
  }
  for (const Region& office : gansu.ReviewingOffices()) {
    EXPECT_TRUE(seen.contains(absl::StrCat(office.code.digits(), "-2026"))) << office.name;
    EXPECT_TRUE(seen.contains(absl::StrCat(office.code.digits(), "-2027"))) << office.name;
  }
  EXPECT_EQ(seen.size(), 176u);
}

TEST(ShippedTablesTest, VendorsAreWellFormedAndInvented) {
  const RegionTable gansu = Gansu();
  const CsvTable vendors = Table("vendors.csv");
  std::set<std::string> codes;
  std::map<std::string, int> of_prefecture;
  for (const CsvRow& row : vendors.rows()) {
    const auto uscc = Uscc::Parse(Cell(row, "uscc"));
    ASSERT_TRUE(uscc.ok()) << row.number() << ": " << uscc.status();
    EXPECT_EQ(uscc->text(), Cell(row, "uscc"));
    EXPECT_TRUE(codes.insert(uscc->text()).second) << row.number();
    EXPECT_TRUE(absl::StrContains(Cell(row, "name_zh"), "虚构")) << row.number();
    const auto seat = RegionCode::Parse(Cell(row, "county_code"));
    ASSERT_TRUE(seat.ok()) << row.number();
    EXPECT_TRUE(gansu.IsReviewingOffice(*seat)) << row.number();
    ++of_prefecture[seat->Prefecture().digits()];
    for (const std::string& county : List(row, "service_counties")) {
      const auto served = RegionCode::Parse(county);
      ASSERT_TRUE(served.ok()) << row.number();
      EXPECT_TRUE(gansu.IsReviewingOffice(*served)) << row.number();
    }
    for (const std::string& scope : List(row, "device_classes")) {
      EXPECT_TRUE(DeviceScope::Parse(scope).ok()) << row.number();
    }
    EXPECT_GT(Number(row, "weekly_capacity"), 0);
    EXPECT_GT(Number(row, "technicians"), 0);
  }
  for (const Region& prefecture : gansu.Prefectures()) {
    EXPECT_GE(of_prefecture[prefecture.code.digits()], 2) << prefecture.name;
  }
}

TEST(ShippedTablesTest, EveryOfficeCanAskTwoVendorsForEveryDevice) {
  const std::vector<DeviceCode> codes = CatalogueCodes();
  std::map<std::string, int> choices;  // "county division"
  const CsvTable vendors = Table("vendors.csv");
  for (const CsvRow& row : vendors.rows()) {
    for (const DeviceCode& code : codes) {
      bool supplies = false;
      for (const std::string& scope : List(row, "device_classes")) {
        supplies = supplies || DeviceScope::Parse(scope)->Covers(code);
      }
      if (!supplies) continue;
      for (const std::string& county : List(row, "service_counties")) {
        ++choices[absl::StrCat(county, " ", code.division())];
      }
    }
  }
  for (const Region& office : Gansu().ReviewingOffices()) {
    for (const DeviceCode& code : codes) {
      EXPECT_GE(choices[absl::StrCat(office.code.digits(), " ", code.division())], 2)
          << office.name << " " << code.Formatted();
    }
  }
}

}  // namespace
}  // namespace fuju::vocabulary
