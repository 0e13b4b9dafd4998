#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/versions/catalogue_document.h"
#include "version_examples.h"

namespace fuju::catalogue {
namespace {

CatalogueFiles Shipped() {
  return {.csv = GansuText("catalogue.csv"), .policy_json = GansuText("policy.json")};
}

// The file with its rows by code: the form in which it is exported.
std::string Canonical(const std::string& csv) {
  std::vector<std::string> lines = absl::StrSplit(csv, '\n');
  lines.pop_back();
  std::sort(lines.begin() + 1, lines.end());
  return absl::StrCat(absl::StrJoin(lines, "\n"), "\n");
}

TEST(ShippedCatalogueTest, IsReadAndWrittenAgain) {
  const auto document = ReadCatalogueFiles(Shipped(), nullptr);
  ASSERT_TRUE(document.ok()) << document.status()
                             << testing::PrintToString(ViolationsIn(document.status()));
  EXPECT_EQ(document->items_size(), 63);
  EXPECT_EQ(document->items(0).item_code(), "B01");
  EXPECT_EQ(WriteAsCsv(*document).csv, Canonical(Shipped().csv));
  EXPECT_EQ(WriteAsCsv(*document).policy_json, Shipped().policy_json);
  const auto again = ReadCatalogueFiles(WriteAsJson(*document), nullptr);
  ASSERT_TRUE(again.ok()) << testing::PrintToString(ViolationsIn(again.status()));
  EXPECT_EQ(again->SerializeAsString(), document->SerializeAsString());
}

TEST(ShippedCatalogueTest, HasTheRulesOfTheSources) {
  const auto document = ReadCatalogueFiles(Shipped(), nullptr);
  ASSERT_TRUE(document.ok());
  std::set<std::string> posture, limbs;
  for (const v1::Item& item : document->items()) {
    if (item.share_group() == "child-posture-mobility") posture.insert(item.item_code());
    if (item.share_group() == "child-prosthesis-orthosis") limbs.insert(item.item_code());
    EXPECT_EQ(item.service_share_bp(), item.item_code() == "E02" ? 2000 : 0) << item.item_code();
    EXPECT_EQ(item.price_ceiling_fen(), 0) << "no source names one";
    // The edition is said where the source of the code says it.
    EXPECT_EQ(item.edition().empty(), item.iso_code_source().rfind("memory", 0) == 0);
  }
  EXPECT_THAT(posture, testing::ElementsAre("C01", "C02", "M07", "W10"));
  EXPECT_EQ(limbs.size(), 11u);
  const v1::SubsidyPolicy& policy = document->policy();
  ASSERT_EQ(policy.shared_allowances_size(), 2);
  EXPECT_EQ(policy.shared_allowances(0).cap_fen(), 150000);
  EXPECT_EQ(policy.shared_allowances(1).cap_fen(), 500000);
  EXPECT_TRUE(policy.shared_allowances(0).children_only());
  EXPECT_TRUE(policy.shared_allowances(1).children_only());
}

TEST(ShippedCatalogueTest, HasAnExampleOfACountysTopUps) {
  auto province = Published("p", "620000", "2026-01-01");
  const auto document = ReadCatalogueFiles(Shipped(), nullptr);
  ASSERT_TRUE(document.ok());
  *province.mutable_items() = document->items();
  *province.mutable_version()->mutable_policy() = document->policy();
  const Catalogue above(province);
  const CatalogueFiles files = {.top_ups_csv = GansuText("top_ups_example.csv")};
  const auto top_ups = ReadCatalogueFiles(files, &above);
  ASSERT_TRUE(top_ups.ok()) << testing::PrintToString(ViolationsIn(top_ups.status()));
  EXPECT_EQ(top_ups->top_ups_size(), 3);
  EXPECT_EQ(WriteAsCsv(*top_ups).top_ups_csv, files.top_ups_csv);
}

}  // namespace
}  // namespace fuju::catalogue
