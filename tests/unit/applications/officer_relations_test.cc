#include "applications/officer_relations.h"

#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fuju::applications {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

TEST(OfficerRelationsTest, KnowsPersonsAndVendors) {
  const absl::StatusOr<OfficerRelations> relations = OfficerRelations::Parse(
      R"({"relations": [{"officer": "wang", "personKeys": ["a"], "vendors": ["vendors/v"]}]})");
  ASSERT_TRUE(relations.ok()) << relations.status();
  v1::Application application;
  application.set_person_key("b");
  EXPECT_FALSE(relations->AreRelated("wang", application));
  application.mutable_service()->set_vendor("vendors/v");
  EXPECT_TRUE(relations->AreRelated("wang", application));
  EXPECT_FALSE(relations->AreRelated("li", application));
  application.clear_service();
  application.set_person_key("a");
  EXPECT_TRUE(relations->AreRelated("wang", application));
  EXPECT_FALSE(OfficerRelations().AreRelated("wang", application));
}

TEST(OfficerRelationsTest, NamesEveryProblemAtOnce) {
  const absl::Status status = OfficerRelations::Parse(R"({"relations": [
      {"officer": "county_reviewer:wang", "personKeys": ["a"]},
      {"officer": "li"},
      {"officer": "zhao", "vendors": ["91620102DEM0000146"], "persons": ["a"]},
      {"officer": "zhao", "personKeys": ["a"]}]})")
                                  .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const std::vector<std::string> lines = absl::StrSplit(std::string(status.message()), '\n');
  EXPECT_THAT(
      lines,
      ElementsAre(StartsWith("relations[2].persons: "), StartsWith("relations[0].officer: "),
                  StartsWith("relations[1]: names nobody"), StartsWith("relations[2].vendors[0]: "),
                  StartsWith("relations[3].officer: ")));
}

}  // namespace
}  // namespace fuju::applications
