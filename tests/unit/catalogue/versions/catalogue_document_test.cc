#include "catalogue/versions/catalogue_document.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "chassis/values/refusal.h"
#include "version_examples.h"

namespace fuju::catalogue {
namespace {

using testing::ElementsAre;

v1::CatalogueDocument Document() {
  v1::CatalogueDocument document;
  *document.mutable_policy() = FullPolicy();
  *document.add_items() = FullItem("M01");
  *document.add_items() = FullItem("M02");
  *document.add_top_ups() = TopUp("*", 12345);
  *document.add_top_ups() = TopUp("M02", 100, v1::FUND_SOURCE_CHARITY);
  return document;
}

// Import is the inverse of export, of both kinds, and export of import.
TEST(CatalogueDocumentTest, ReadsWhatItWrites) {
  const v1::CatalogueDocument document = Document();
  for (const CatalogueFiles& files : {WriteAsCsv(document), WriteAsJson(document)}) {
    const auto read = ReadCatalogueFiles(files, nullptr);
    ASSERT_TRUE(read.ok()) << read.status() << testing::PrintToString(PathsIn(read.status()));
    EXPECT_EQ(read->DebugString(), document.DebugString());
    EXPECT_EQ(WriteAsCsv(*read).csv, WriteAsCsv(document).csv);
    EXPECT_EQ(WriteAsCsv(*read).policy_json, WriteAsCsv(document).policy_json);
    EXPECT_EQ(WriteAsCsv(*read).top_ups_csv, WriteAsCsv(document).top_ups_csv);
    EXPECT_EQ(WriteAsJson(*read).json, WriteAsJson(document).json);
  }
}

// An area's version without items, or without a policy, stays without.
TEST(CatalogueDocumentTest, LeavesOutWhatIsNotSaid) {
  const Catalogue above(Published("p", "620000", "2026-01-01", {"M01", "M02"}));
  v1::CatalogueDocument document = Document();
  document.clear_items();
  document.clear_policy();
  EXPECT_EQ(WriteAsCsv(document).csv, "");
  EXPECT_EQ(WriteAsCsv(document).policy_json, "");
  for (const CatalogueFiles& files : {WriteAsCsv(document), WriteAsJson(document)}) {
    const auto read = ReadCatalogueFiles(files, &above);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->DebugString(), document.DebugString());
    EXPECT_FALSE(read->has_policy());
  }
}

TEST(CatalogueDocumentTest, SortsRows) {
  v1::CatalogueDocument document = Document();
  document.mutable_items()->SwapElements(0, 1);
  document.mutable_top_ups()->SwapElements(0, 1);
  const auto read = ReadCatalogueFiles(WriteAsJson(document), nullptr);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->DebugString(), Document().DebugString());
}

TEST(CatalogueDocumentTest, NamesWhatIsWrongInEveryFileAtOnce) {
  CatalogueFiles files = WriteAsCsv(Document());
  files.csv = absl::StrReplaceAll(files.csv, {{"1200", "12oo"}});
  files.policy_json = absl::StrReplaceAll(files.policy_json,
                                          {{"9000", "90000"}, {"\"multipleKinds\"", "\"kinds\""}});
  files.top_ups_csv = absl::StrReplaceAll(files.top_ups_csv, {{"charity", "bank"}, {"*", "Z99"}});
  const absl::Status status = ReadCatalogueFiles(files, nullptr).status();
  EXPECT_EQ(chassis::ReasonOf(status), "CATALOGUE_INVALID");
  EXPECT_THAT(PathsIn(status), ElementsAre("rows[2].max_subsidy_cny", "rows[3].max_subsidy_cny",
                                           "policy.kinds", "top_ups.rows[3].fund_source",
                                           "policy.ffpRatioBp", "top_ups.rows[2].item_code"));
}

TEST(CatalogueDocumentTest, NamesCellsOfJsonAsTheyStandThere) {
  CatalogueFiles files = WriteAsJson(Document());
  files.json = absl::StrReplaceAll(
      files.json, {{"\"120000\"", "\"-5\""}, {"FUND_SOURCE_CHARITY", "FUND_SOURCE_BANK"}});
  const auto violations = ViolationsIn(ReadCatalogueFiles(files, nullptr).status());
  ASSERT_EQ(violations.size(), 3u);
  EXPECT_EQ(violations[0].first, "topUps[1].fundSource");
  EXPECT_EQ(violations[1].first, "items[0].capFen");
  EXPECT_THAT(violations[1].second,
              testing::AllOf(testing::HasSubstr("“-0.05”应为"), testing::HasSubstr("should be")));
  EXPECT_EQ(violations[2].first, "items[1].capFen");
}

using Places = std::vector<std::pair<std::string, nlohmann::json::json_pointer>>;

// Every value of a document, at every depth, with its place as a violation names it.
void EachValue(const nlohmann::json& value, const std::string& place,
               const nlohmann::json::json_pointer& pointer, Places& places) {
  if (!place.empty()) places.emplace_back(place, pointer);
  if (value.is_object()) {
    for (const auto& [name, inner] : value.items()) {
      EachValue(inner, place.empty() ? name : absl::StrCat(place, ".", name), pointer / name,
                places);
    }
  }
  if (value.is_array()) {
    for (size_t i = 0; i < value.size(); ++i) {
      EachValue(value[i], absl::StrCat(place, "[", i, "]"), pointer / i, places);
    }
  }
}

// Each value of the document, whatever fields there will be, replaced by each that it can not be.
TEST(CatalogueDocumentTest, NamesEachValueOfAWrongType) {
  const nlohmann::json good = nlohmann::json::parse(WriteAsJson(Document()).json);
  Places places;
  EachValue(good, "", nlohmann::json::json_pointer(), places);
  EXPECT_GT(places.size(), 100u);
  for (const auto& [place, pointer] : places) {
    for (const nlohmann::json& wrong :
         {nlohmann::json(nullptr), nlohmann::json(1.5), nlohmann::json::object({{"x", 1}})}) {
      nlohmann::json document = good;
      document[pointer] = wrong;
      // An object is right, but has no such field.
      const std::string named =
          good[pointer].is_object() && wrong.is_object() ? absl::StrCat(place, ".x") : place;
      const auto paths = PathsIn(ReadCatalogueFiles({.json = document.dump()}, nullptr).status());
      EXPECT_THAT(paths, testing::Contains(named)) << wrong;
    }
  }
}

// 0 is a ratio; that none was stated must not pass for it.
TEST(CatalogueDocumentTest, WantsTheRatioStated) {
  CatalogueFiles files = WriteAsCsv(Document());
  files.policy_json = absl::StrReplaceAll(files.policy_json, {{" \"ffpRatioBp\": 9000,\n", ""}});
  EXPECT_THAT(PathsIn(ReadCatalogueFiles(files, nullptr).status()),
              ElementsAre("policy.ffpRatioBp"));
  files = WriteAsJson(Document());
  files.json = absl::StrReplaceAll(files.json, {{"  \"ffpRatioBp\": 9000,\n", ""}});
  EXPECT_THAT(PathsIn(ReadCatalogueFiles(files, nullptr).status()),
              ElementsAre("policy.ffpRatioBp"));
}

TEST(CatalogueDocumentTest, RefusesFilesThatDoNotGoTogether) {
  CatalogueFiles files = WriteAsCsv(Document());
  files.json = WriteAsJson(Document()).json;
  EXPECT_THAT(PathsIn(ReadCatalogueFiles(files, nullptr).status()), ElementsAre("json"));
  EXPECT_THAT(PathsIn(ReadCatalogueFiles({}, nullptr).status()), ElementsAre("items", "policy"));
  EXPECT_THAT(PathsIn(ReadCatalogueFiles({.json = "{"}, nullptr).status()), ElementsAre("json"));
}

// Between import and publication the province took away what a county's draft refers to.
TEST(CatalogueDocumentTest, IsCheckedAgainstAnotherCatalogueAbove) {
  const Catalogue before(Published("p1", "620000", "2026-01-01", {"M01", "M02"}));
  const Catalogue after(Published("p2", "620000", "2027-01-01", {"M01"}));
  v1::CatalogueDocument document;
  *document.add_top_ups() = TopUp("M02", 100);
  EXPECT_TRUE(CheckAgainst(document, &before).ok());
  EXPECT_THAT(PathsIn(CheckAgainst(document, &after)), ElementsAre("topUps[0].itemCode"));
}

TEST(CatalogueDocumentTest, IsWhatARecordSays) {
  storage::v1::CatalogueRecord record = Published("c", "620102", "2026-01-01");
  *record.add_top_ups() = TopUp("M01", 100);
  const v1::CatalogueDocument document = DocumentOf(*Read(record));
  EXPECT_EQ(document.items(0).DebugString(), FullItem().DebugString());
  EXPECT_EQ(document.top_ups(0).DebugString(), TopUp("M01", 100).DebugString());
  EXPECT_FALSE(document.has_policy());
}

}  // namespace
}  // namespace fuju::catalogue
