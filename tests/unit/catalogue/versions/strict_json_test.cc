#include "catalogue/versions/strict_json.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fuju/catalogue/v1/catalogue_document.pb.h"
#include "version_examples.h"

namespace fuju::catalogue {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> PathsOf(const std::string& json, const std::string& root = "") {
  v1::CatalogueDocument document;
  Violations violations;
  ReadStrictJson(json, root, document, violations);
  return PathsIn(violations.ToStatus());
}

struct WrongText {
  const char* json;
  const char* path;
};

TEST(StrictJsonTest, NamesWhatIsWrong) {
  for (const WrongText& wrong : std::vector<WrongText>{
           {"", "json"},
           {"[]", "json"},
           {"{", "json"},
           {"{} x", "json"},
           {R"({"items": {}})", "items"},
           {R"({"items": null})", "items"},
           {R"({"items": [1]})", "items[0]"},
           {R"({"items": [{"unknown": 1}]})", "items[0].unknown"},
           {R"({"items": [{"itemCode": 1}]})", "items[0].itemCode"},
           {R"({"items": [{"itemCode": null}]})", "items[0].itemCode"},
           {R"({"items": [{"ageMin": "x"}]})", "items[0].ageMin"},
           {R"({"items": [{"ageMin": 1.5}]})", "items[0].ageMin"},
           {R"({"items": [{"ageMin": 2147483648}]})", "items[0].ageMin"},
           {R"({"items": [{"capFen": 9223372036854775808}]})", "items[0].capFen"},
           {R"({"items": [{"capFen": [[[[]]]]}]})", "items[0].capFen"},
           {R"({"items": [{"grades": 1}]})", "items[0].grades"},
           {R"({"items": [{"grades": [1, "a"]}]})", "items[0].grades[1]"},
           {R"({"items": [{"kind": "DEVICE"}]})", "items[0].kind"},
           {R"({"items": [{"kind": 1}]})", "items[0].kind"},
           {R"({"items": [{"ratios": []}]})", "items[0].ratios"},
           {R"({"items": [{"ratios": {"tk": 1}}]})", "items[0].ratios.tk"},
           {R"({"policy": {"sharedAllowances": [{"childrenOnly": "yes"}]}})",
            "policy.sharedAllowances[0].childrenOnly"},
           {R"({"policy": {"mode": "A", "mode": "SUBSIDY_MODE_RATIO_OF_CAP"}})", "json"},
           {R"({"items": [{"capFen": 1, "cap_fen": 2}]})", "items[0].cap_fen"}}) {
    EXPECT_THAT(PathsOf(wrong.json), ElementsAre(wrong.path)) << wrong.json;
  }
  EXPECT_THAT(PathsOf("\xC4\xE3"), ElementsAre("json"));
  EXPECT_THAT(PathsOf(std::string(1 << 20, '[')), ElementsAre("json"));
  EXPECT_THAT(PathsOf("1", "policy"), ElementsAre("policy"));
}

TEST(StrictJsonTest, NamesEverythingAtOnce) {
  const std::vector<std::string> paths =
      PathsOf(R"({"a": 1, "items": [{"ageMin": "x", "b": 2}, {"unit": 3}]})");
  EXPECT_THAT(paths, ElementsAre("a", "items[0].ageMin", "items[0].b", "items[1].unit"));
}

TEST(StrictJsonTest, ReadsNamesAndNumbersInBothForms) {
  const std::vector<std::string> twice = PathsOf(R"({"top_ups": [], "topUps": []})");
  EXPECT_THAT(twice, ElementsAre("top_ups"));
  v1::CatalogueDocument document;
  Violations violations;
  ReadStrictJson(R"({"top_ups": [{"capFen": "5"}, {"cap_fen": 6}]})", "", document, violations);
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(document.top_ups(0).cap_fen(), 5);
  EXPECT_EQ(document.top_ups(1).cap_fen(), 6);
}

TEST(StrictJsonTest, ReadsWhatItWrites) {
  v1::CatalogueDocument document, again;
  *document.mutable_policy() = FullPolicy();
  *document.add_items() = FullItem();
  document.add_items();
  *document.add_top_ups() = TopUp("*", 1);
  Violations violations;
  ReadStrictJson(WriteJson(document), "", again, violations);
  EXPECT_THAT(PathsIn(violations.ToStatus()), IsEmpty());
  EXPECT_EQ(again.SerializeAsString(), document.SerializeAsString());
}

}  // namespace
}  // namespace fuju::catalogue
