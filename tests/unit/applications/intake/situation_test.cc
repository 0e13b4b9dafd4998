#include "applications/intake/situation.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "applications/config_json.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

struct Row {
  const char* condition;
  bool holds;
};

class Conditions : public ::testing::TestWithParam<Row> {};

// A boy of eight with a certificate for hearing (grade 2) in Chengguan, with his guardian.
Situation Boy() {
  Situation boy;
  boy.county_code = "620102";
  boy.item_code = "E02";
  boy.age = 8;
  boy.categories = {2};
  boy.economic_status = type::v1::ECONOMIC_STATUS_DB;
  boy.relations = {v1::RELATION_GUARDIAN};
  boy.certified = true;
  boy.residence = v1::RESIDENCE_KIND_HUKOU;
  boy.early_ground = type::v1::EARLY_REPLACEMENT_GROUND_CHILD_GROWTH;
  return boy;
}

TEST_P(Conditions, HoldWhenEverythingThatTheyNameIsSo) {
  storage::v1::CaseCondition condition;
  ASSERT_TRUE(ReadConfigJson(GetParam().condition, condition).empty());
  EXPECT_EQ(Holds(condition, Boy()), GetParam().holds) << GetParam().condition;
}

INSTANTIATE_TEST_SUITE_P(
    Intake, Conditions,
    ::testing::Values(Row{R"({"ageMax": 17})", true}, Row{R"({"ageMax": 7})", false},
                      Row{R"({"ageMax": 8, "ageMin": 8})", true}, Row{R"({"ageMin": 9})", false},
                      Row{R"({"items": ["M", "E"]})", true}, Row{R"({"items": ["E02"]})", true},
                      Row{R"({"items": ["E01"]})", false},
                      Row{R"({"categories": ["DISABILITY_CATEGORY_HEARING"]})", true},
                      Row{R"({"categories": ["DISABILITY_CATEGORY_VISUAL"]})", false},
                      Row{R"({"economicStatuses": ["ECONOMIC_STATUS_TK", "ECONOMIC_STATUS_DB"]})",
                          true},
                      Row{R"({"economicStatuses": ["ECONOMIC_STATUS_YB"]})", false},
                      Row{R"({"relations": ["RELATION_GUARDIAN"]})", true},
                      Row{R"({"relations": ["RELATION_AGENT"]})", false},
                      Row{R"({"certified": true})", true}, Row{R"({"certified": false})", false},
                      Row{R"({"residences": ["RESIDENCE_KIND_PERMIT"]})", false},
                      Row{R"({"earlyGrounds": ["EARLY_REPLACEMENT_GROUND_CHILD_GROWTH"]})", true},
                      Row{R"({"earlyGrounds": ["EARLY_REPLACEMENT_GROUND_STOLEN"]})", false},
                      Row{R"({"areas": ["6201"]})", true}, Row{R"({"areas": ["6202"]})", false},
                      Row{R"({"ageMax": 17, "areas": ["6202"]})", false}));

// Domain 2.2: of a multiple certificate each single category counts, and the number's own.
TEST(SituationOfTest, ReadsAnApplication) {
  v1::Application application = testing::Draft();
  v1::Applicant& applicant = *application.mutable_applicant();
  applicant.set_resident_id("622901190506150026");
  applicant.set_certificate_number("62290119050615002672");
  for (const auto& [category, grade] : {std::pair(2, 3), std::pair(4, 2)}) {
    type::v1::GradedCategory& single = *applicant.mutable_certificate()->add_single_categories();
    single.set_category(static_cast<type::v1::DisabilityCategory>(category));
    single.set_grade(grade);
  }
  const Situation situation = SituationOf(application, testing::Start());
  EXPECT_EQ(situation.age, 120);
  EXPECT_EQ(situation.categories, (std::vector<int>{7, 2, 4}));
  EXPECT_TRUE(situation.certified);

  applicant.clear_certificate_number();
  applicant.mutable_diagnosis()->set_category(type::v1::DISABILITY_CATEGORY_HEARING);
  const Situation uncertified = SituationOf(application, testing::Start());
  EXPECT_EQ(uncertified.categories, std::vector<int>{2});
  EXPECT_FALSE(uncertified.certified);
}

}  // namespace
}  // namespace fuju::applications
