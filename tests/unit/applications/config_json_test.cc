#include "applications/config_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fuju/applications/v1/chain.pb.h"

namespace fuju::applications {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

std::vector<std::string> PlacesOf(const std::vector<ConfigProblem>& problems) {
  std::vector<std::string> places;
  for (const ConfigProblem& problem : problems) places.push_back(problem.place);
  return places;
}

TEST(ReadConfigJsonTest, ReadsWhatIsRight) {
  v1::Chain chain;
  EXPECT_THAT(
      ReadConfigJson(R"({"id": "short", "version": 2, "title_zh": "简易", "sources": ["a", "b"],
                    "stages": [{"id": "review", "kind": "STAGE_KIND_APPROVAL",
                                "decisions": ["STAGE_DECISION_PASS", "STAGE_DECISION_HOLD"]}],
                    "appeal": {"redoStage": "review"}})",
                     chain),
      IsEmpty());
  EXPECT_EQ(chain.id(), "short");
  EXPECT_EQ(chain.version(), 2);
  EXPECT_EQ(chain.title_zh(), "简易");
  EXPECT_THAT(chain.sources(), ElementsAre("a", "b"));
  ASSERT_EQ(chain.stages_size(), 1);
  EXPECT_EQ(chain.stages(0).kind(), v1::STAGE_KIND_APPROVAL);
  EXPECT_THAT(chain.stages(0).decisions(),
              ElementsAre(v1::STAGE_DECISION_PASS, v1::STAGE_DECISION_HOLD));
  EXPECT_EQ(chain.appeal().redo_stage(), "review");
}

TEST(ReadConfigJsonTest, NamesEveryProblemAtOnceAndReadsTheRest) {
  v1::Chain chain;
  const std::vector<ConfigProblem> problems = ReadConfigJson(
      R"({"id": 7, "version": "1", "versoin": 1, "sources": "here", "appeal": [],
          "stages": [{"id": "review", "kind": "APPROVAL", "roles": [true], "pauses": [1]}, 5]})",
      chain);
  EXPECT_THAT(
      PlacesOf(problems),
      UnorderedElementsAre("id", "version", "versoin", "sources", "appeal", "stages[0].kind",
                           "stages[0].roles[0]", "stages[0].pauses[0]", "stages[1]"));
  EXPECT_EQ(chain.stages(0).id(), "review");
  for (const ConfigProblem& problem : problems) {
    if (problem.place == "versoin") {
      EXPECT_THAT(problem.text, ::testing::HasSubstr("version"));
    }
    if (problem.place == "stages[0].kind") {
      EXPECT_THAT(problem.text, ::testing::HasSubstr("STAGE_KIND_APPROVAL"));
    }
  }
}

TEST(ReadConfigJsonTest, RefusesNumbersThatAreNotWhole) {
  for (const char* text : {R"({"version": 1.5})", R"({"version": 1e12})", R"({"version": null})"}) {
    v1::Chain chain;
    EXPECT_THAT(PlacesOf(ReadConfigJson(text, chain)), ElementsAre("version")) << text;
    EXPECT_EQ(chain.version(), 0);
  }
}

TEST(ReadConfigJsonTest, SaysOfTextThatIsNoJsonThatItIsNone) {
  for (const char* text : {"", "{", "[]", "id: short"}) {
    v1::Chain chain;
    const std::vector<ConfigProblem> problems = ReadConfigJson(text, chain);
    ASSERT_EQ(problems.size(), 1u) << text;
    EXPECT_EQ(problems[0].place, "");
    EXPECT_THAT(problems[0].text, StartsWith("is no JSON object"));
  }
}

}  // namespace
}  // namespace fuju::applications
