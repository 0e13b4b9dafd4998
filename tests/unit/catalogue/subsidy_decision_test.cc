#include "catalogue/decision/subsidy_decision.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/decision/decide.h"
#include "examples.h"

namespace fuju::catalogue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using type::v1::ECONOMIC_STATUS_DB;
using type::v1::ECONOMIC_STATUS_DBBY;
using type::v1::ECONOMIC_STATUS_FFP;
using type::v1::ECONOMIC_STATUS_GXZC;
using type::v1::ECONOMIC_STATUS_TK;
using type::v1::ECONOMIC_STATUS_UNSPECIFIED;
using type::v1::ECONOMIC_STATUS_YB;

TEST(SubsidyDecisionTest, LeavesALineForEveryRuleInTheOrderOfThePolicy) {
  const v1::SubsidyDecision decision = Decided(EligibleQuestion());
  EXPECT_TRUE(decision.eligible());
  std::vector<std::string> codes;
  for (const v1::RuleResult& rule : decision.rules()) {
    codes.push_back(rule.code());
    EXPECT_TRUE(rule.passed());
    EXPECT_FALSE(rule.values().empty());
    EXPECT_TRUE(rule.text_zh().empty());
    EXPECT_TRUE(rule.text_en().empty());
  }
  EXPECT_THAT(codes, ElementsAre("CERTIFICATE_VALID", "RESIDENCE_COUNTY", "DISABILITY_CATEGORY",
                                 "DISABILITY_GRADE", "AGE_WINDOW", "ECONOMIC_GROUP",
                                 "REPLACEMENT_INTERVAL", "OPEN_GRANT", "OTHER_PAYER"));
}

struct Several {
  const char* name;
  std::vector<std::pair<int, int>> singles;
  // Rules that fail.
  std::vector<std::string> failed;
  const char* grade_values;
};

void PrintTo(const Several& several, std::ostream* out) { *out << several.name; }

class SeveralDisabilities : public testing::TestWithParam<Several> {};

// Domain 2.2: an item may be had if one of the single categories, with its own grade, is served.
// The item is for category 4, grades 1 and 2.
TEST_P(SeveralDisabilities, AnyOfThemWithItsOwnGradeCounts) {
  ExampleQuestion question = EligibleQuestion();
  question.item.clear_categories();
  question.item.add_categories(type::v1::DISABILITY_CATEGORY_PHYSICAL);
  question.item.clear_grades();
  question.item.add_grades(1);
  question.item.add_grades(2);
  question.facts.set_category(type::v1::DISABILITY_CATEGORY_MULTIPLE);
  question.facts.set_grade(1);
  for (const auto& [category, grade] : GetParam().singles) {
    type::v1::GradedCategory& single = *question.facts.add_single_categories();
    single.set_category(static_cast<type::v1::DisabilityCategory>(category));
    single.set_grade(grade);
  }
  const v1::SubsidyDecision decision = Decided(question);
  EXPECT_EQ(FailedCodes(decision), GetParam().failed);
  EXPECT_EQ(RuleOf(decision, "DISABILITY_GRADE").values(), GetParam().grade_values);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, SeveralDisabilities,
    testing::Values(Several{"Served", {{2, 1}, {4, 2}}, {}, "grade 1 (7:1 2:1 4:2), allowed 1|2"},
                    Several{"ItsOwnGradeIsNot",
                            {{2, 1}, {4, 3}},
                            {"DISABILITY_GRADE"},
                            "grade 1 (7:1 2:1 4:3), allowed 1|2"},
                    Several{"NoCategoryIs",
                            {{2, 1}, {1, 2}},
                            {"DISABILITY_CATEGORY"},
                            "grade 1 (7:1 2:1 1:2), allowed 1|2"},
                    Several{"TheNumberAlone", {}, {"DISABILITY_CATEGORY"}, "grade 1, allowed 1|2"}),
    [](const auto& test) { return test.param.name; });

TEST(SubsidyDecisionTest, TheGradeThatIsNotServedIsNamed) {
  ExampleQuestion question = EligibleQuestion();
  question.facts.set_category(type::v1::DISABILITY_CATEGORY_MULTIPLE);
  question.item.clear_categories();
  question.item.add_categories(type::v1::DISABILITY_CATEGORY_PHYSICAL);
  question.facts.set_grade(1);
  type::v1::GradedCategory& single = *question.facts.add_single_categories();
  single.set_category(type::v1::DISABILITY_CATEGORY_PHYSICAL);
  single.set_grade(4);
  EXPECT_THAT(RuleOf(Decided(question), "DISABILITY_GRADE").text_zh(), HasSubstr("四级"));
}

// Domain 1.2: who has no certificate applies with a diagnosis, and the review judges the grade.
TEST(SubsidyDecisionTest, WithoutACertificateTheDiagnosisDecides) {
  ExampleQuestion question = EligibleQuestion();
  question.facts.set_uncertified(true);
  question.facts.set_grade(0);
  const v1::SubsidyDecision decision = Decided(question);
  EXPECT_TRUE(decision.eligible());
  EXPECT_THAT(RuleOf(decision, "DISABILITY_CATEGORY").values(), HasSubstr("by diagnosis"));
  EXPECT_EQ(RuleOf(decision, "DISABILITY_GRADE").values(), "no certificate, judged in the review");
  question.facts.set_category(type::v1::DISABILITY_CATEGORY_PSYCHIATRIC);
  const v1::SubsidyDecision refused = Decided(question);
  EXPECT_THAT(FailedCodes(refused), ElementsAre("DISABILITY_CATEGORY"));
  EXPECT_THAT(RuleOf(refused, "DISABILITY_CATEGORY").text_zh(),
              HasSubstr("诊断证明上的类别是精神"));
}

TEST(SubsidyDecisionTest, RecordsItsInputs) {
  ExampleQuestion question = EligibleQuestion();
  question.item.set_assessment_level(v1::ASSESSMENT_LEVEL_ADVANCED);
  const v1::SubsidyDecision decision = Decided(question);
  EXPECT_EQ(decision.assessment_level(), v1::ASSESSMENT_LEVEL_ADVANCED);
  EXPECT_EQ(decision.subsidy_fen(), 98000);
  EXPECT_EQ(decision.self_pay_fen(), 0);
  EXPECT_EQ(decision.cap_fen(), 120000);
  EXPECT_EQ(decision.ratio_bp(), 10000);
  EXPECT_EQ(decision.catalogue_version(), "test-1");
  EXPECT_EQ(decision.item_code(), "M01");
  EXPECT_EQ(decision.device_division(), "122203");
  EXPECT_EQ(decision.quote_fen(), 98000);
  EXPECT_EQ(decision.decision_date(), "2026-03-02");
}

struct FailingRule {
  const char* code;
  void (*spoil)(ExampleQuestion&);
  const char* values;
  const char* text_zh;
  const char* text_en;
};

void PrintTo(const FailingRule& rule, std::ostream* out) { *out << rule.code; }

class SubsidyDecisionFailures : public testing::TestWithParam<FailingRule> {};

TEST_P(SubsidyDecisionFailures, NameTheRuleAndWhatWouldChangeTheAnswer) {
  ExampleQuestion question = EligibleQuestion();
  GetParam().spoil(question);
  const v1::SubsidyDecision decision = Decided(question);
  EXPECT_FALSE(decision.eligible());
  EXPECT_EQ(decision.subsidy_fen(), 0);
  EXPECT_EQ(decision.self_pay_fen(), 98000);
  EXPECT_EQ(decision.rules_size(), 9) << "the rules after a failed one are looked at too";
  EXPECT_THAT(FailedCodes(decision), ElementsAre(GetParam().code));
  const v1::RuleResult& rule = RuleOf(decision, GetParam().code);
  EXPECT_THAT(rule.values(), HasSubstr(GetParam().values));
  EXPECT_THAT(rule.text_zh(), HasSubstr(GetParam().text_zh));
  EXPECT_THAT(rule.text_en(), HasSubstr(GetParam().text_en));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, SubsidyDecisionFailures,
    testing::Values(
        FailingRule{"RESIDENCE_COUNTY", [](ExampleQuestion& q) { q.county_known = false; },
                    "county 620102", "请改选户籍或居住证所在", "choose the county"},
        FailingRule{
            "DISABILITY_CATEGORY",
            [](ExampleQuestion& q) { q.facts.set_category(type::v1::DISABILITY_CATEGORY_VISUAL); },
            "category 1, allowed 4|7", "面向肢体、多重残疾，残疾人证上的类别是视力", "says visual"},
        FailingRule{"DISABILITY_CATEGORY",
                    [](ExampleQuestion& q) {
                      q.facts.set_category(type::v1::DISABILITY_CATEGORY_UNSPECIFIED);
                    },
                    "category 0", "未知", "unknown"},
        FailingRule{"DISABILITY_GRADE", [](ExampleQuestion& q) { q.facts.set_grade(3); },
                    "grade 3, allowed 1|2", "面向残疾等级一级、二级，残疾人证上是三级",
                    "says grade 3"},
        FailingRule{"AGE_WINDOW", [](ExampleQuestion& q) { q.item.set_age_min(41); },
                    "age 40, window 41-150", "2027年1月20日起可以申请", "from 20 January 2027 on"},
        FailingRule{"AGE_WINDOW", [](ExampleQuestion& q) { q.item.set_age_max(39); },
                    "age 40, window 0-39", "请选择适合该年龄的品目", "choose an item for that age"},
        FailingRule{"AGE_WINDOW", [](ExampleQuestion& q) { q.facts.set_birth_date("2026-03-03"); },
                    "age -1", "出生日期晚于", "birth date lies after"},
        FailingRule{
            "ECONOMIC_GROUP", [](ExampleQuestion& q) { q.item.mutable_ratios()->set_db_bp(0); },
            "status DB, child no, ratio 0.0000", "最低生活保障", "minimum living allowance"},
        FailingRule{
            "ECONOMIC_GROUP",
            [](ExampleQuestion& q) { q.facts.set_economic_status(ECONOMIC_STATUS_UNSPECIFIED); },
            "status -", "未登记", "no known group"},
        FailingRule{"REPLACEMENT_INTERVAL",
                    [](ExampleQuestion& q) { q.history = {DeliveryOn("2024-05-10")}; },
                    "day 2026-03-02, allowed from 2027-05-10", "2027年5月10日起再次申请",
                    "from 10 May 2027 on"},
        FailingRule{"OTHER_PAYER", [](ExampleQuestion& q) { q.facts.set_other_payer(true); },
                    "other payer yes", "不能重复补贴", "another payer covers"}));

TEST(SubsidyDecisionTest, NamesEveryRuleThatFails) {
  ExampleQuestion question = EligibleQuestion();
  question.facts.set_grade(4);
  question.facts.set_other_payer(true);
  question.history = {DeliveryOn("2026-03-01")};
  EXPECT_THAT(FailedCodes(Decided(question)),
              ElementsAre("DISABILITY_GRADE", "REPLACEMENT_INTERVAL", "OTHER_PAYER"));
}

struct IntervalVector {
  const char* accepted;
  int years;
  const char* day;
  bool allowed;
};

// Domain §7: the interval counts from the acceptance; on its last day the person may apply again.
TEST(SubsidyDecisionTest, CountsTheIntervalFromTheAcceptance) {
  for (const IntervalVector& v :
       std::vector<IntervalVector>{{"2024-05-10", 3, "2027-05-10", true},
                                   {"2024-05-10", 3, "2027-05-09", false},
                                   {"2024-02-29", 1, "2025-03-01", true},
                                   {"2024-02-29", 1, "2025-02-28", false},
                                   {"2026-03-01", 1, "2027-03-01", true}}) {
    ExampleQuestion question = EligibleQuestion();
    question.item.set_replacement_years(v.years);
    question.history = {DeliveryOn(v.accepted)};
    question.date = Day(v.day);
    EXPECT_EQ(Decided(question).eligible(), v.allowed) << v.accepted << " on " << v.day;
  }
}

TEST(SubsidyDecisionTest, LooksAtTheLastDeliveryOfTheSameDivisionOnly) {
  ExampleQuestion question = EligibleQuestion();
  question.history = {DeliveryOn("2026-02-01", "120303"), DeliveryOn("2022-01-01"),
                      DeliveryOn("2020-01-01")};
  EXPECT_TRUE(Decided(question).eligible());
  question.history.push_back(DeliveryOn("2025-01-01"));
  EXPECT_FALSE(Decided(question).eligible());
  question.history = {DeliveryOn("2025-01-01"), DeliveryOn("2022-01-01")};
  EXPECT_FALSE(Decided(question).eligible()) << "the order of the history does not matter";
}

TEST(SubsidyDecisionTest, GivesAChildAProsthesisEveryYear) {
  ExampleQuestion question = EligibleQuestion();
  question.policy.add_child_yearly_devices("0624");
  question.item.set_iso9999_code("062409");
  question.item.set_replacement_years(4);
  question.history = {DeliveryOn("2025-03-02", "062409")};
  question.facts.set_birth_date("2010-06-01");
  EXPECT_TRUE(Decided(question).eligible());
  question.date = Day("2026-03-01");
  EXPECT_FALSE(Decided(question).eligible()) << "a day before the twelve months";
  question.date = Day("2028-06-01");
  question.history = {DeliveryOn("2026-12-01", "062409")};
  EXPECT_FALSE(Decided(question).eligible()) << "18 years old: the item's four years count";
  question.facts.set_birth_date("2010-06-02");
  EXPECT_TRUE(Decided(question).eligible()) << "a day before the 18th birthday";
  question.policy.clear_child_yearly_devices();
  EXPECT_FALSE(Decided(question).eligible()) << "without the rule the item's years count";
}

struct AgeVector {
  const char* birth;
  const char* day;
  int age_min, age_max;
  bool inside;
};

// Domain §7: "0-17" means that the 18th birthday has not been reached.
TEST(SubsidyDecisionTest, CountsCompletedYears) {
  for (const AgeVector& v : std::vector<AgeVector>{{"2008-03-02", "2026-03-01", 0, 17, true},
                                                   {"2008-03-02", "2026-03-02", 0, 17, false},
                                                   {"2008-03-02", "2026-03-02", 18, 150, true},
                                                   {"2008-02-29", "2026-02-28", 0, 17, true},
                                                   {"2008-02-29", "2026-03-01", 0, 17, false},
                                                   {"2010-03-02", "2026-03-02", 16, 150, true},
                                                   {"2010-03-03", "2026-03-02", 16, 150, false},
                                                   {"2026-03-02", "2026-03-02", 0, 17, true}}) {
    ExampleQuestion question = EligibleQuestion();
    question.facts.set_birth_date(v.birth);
    question.date = Day(v.day);
    question.item.set_age_min(v.age_min);
    question.item.set_age_max(v.age_max);
    EXPECT_EQ(Decided(question).eligible(), v.inside) << v.birth << " on " << v.day;
  }
}

TEST(SubsidyDecisionTest, UsesTheRatioOfTheGroup) {
  v1::Item item = Wheelchair();
  item.mutable_ratios()->set_tk_bp(9000);
  item.mutable_ratios()->set_db_bp(8000);
  item.mutable_ratios()->set_dbby_bp(7000);
  item.mutable_ratios()->set_general_bp(5000);
  item.mutable_ratios()->set_child_bp(7500);
  SubsidySettings settings;
  const auto ratio = [&](type::v1::EconomicStatus status, bool child) {
    return RatioFor(PrepareItem(item), PreparePolicy(PolicyFrom(settings)), status, child).count();
  };
  EXPECT_EQ(ratio(ECONOMIC_STATUS_TK, false), 9000);
  EXPECT_EQ(ratio(ECONOMIC_STATUS_DB, false), 8000);
  EXPECT_EQ(ratio(ECONOMIC_STATUS_DBBY, false), 7000);
  EXPECT_EQ(ratio(ECONOMIC_STATUS_YB, false), 5000);
  EXPECT_EQ(ratio(ECONOMIC_STATUS_FFP, false), 10000) << "the default of domain §1.4";
  EXPECT_EQ(ratio(ECONOMIC_STATUS_GXZC, false), 5000) << "the general ratio unless set";
  settings.ffp_ratio = Ratio(6000);
  settings.gxzc_ratio = Ratio(6500);
  EXPECT_EQ(ratio(ECONOMIC_STATUS_FFP, false), 6000);
  EXPECT_EQ(ratio(ECONOMIC_STATUS_GXZC, false), 6500);
  EXPECT_EQ(ratio(ECONOMIC_STATUS_YB, true), 7500) << "a child has the better of both";
  EXPECT_EQ(ratio(ECONOMIC_STATUS_TK, true), 9000);
  EXPECT_EQ(ratio(ECONOMIC_STATUS_UNSPECIFIED, false), 0);
}

TEST(SubsidyDecisionTest, AppliesTheModeAndSaysSo) {
  ExampleQuestion question = EligibleQuestion();
  question.quote = vocabulary::Fen(80000);
  question.facts.set_economic_status(ECONOMIC_STATUS_YB);
  v1::SubsidyDecision decision = Decided(question);
  EXPECT_EQ(decision.subsidy_fen(), 40000);
  EXPECT_EQ(decision.self_pay_fen(), 40000);
  question.policy.set_mode(v1::SUBSIDY_MODE_RATIO_OF_CAP);
  decision = Decided(question);
  EXPECT_EQ(decision.subsidy_fen(), 60000);
  EXPECT_EQ(decision.self_pay_fen(), 20000);
  EXPECT_THAT(RuleOf(decision, "ECONOMIC_GROUP").values(),
              HasSubstr("ratio 0.5000, mode ratio_of_cap"));
}

TEST(SubsidyDecisionTest, RefusesFactsThatNobodyShouldSend) {
  ExampleQuestion question = EligibleQuestion();
  question.facts.set_birth_date("1986-02-30");
  EXPECT_EQ(DecideExample(question).status().code(), absl::StatusCode::kInvalidArgument);
  question = EligibleQuestion();
  question.quote = vocabulary::Fen(-1);
  EXPECT_EQ(DecideExample(question).status().code(), absl::StatusCode::kInvalidArgument);
  question = EligibleQuestion();
  question.history = {DeliveryOn("yesterday")};
  EXPECT_EQ(DecideExample(question).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(SubsidyDecisionTest, NamesNobody) {
  const std::string text = Decided(EligibleQuestion()).DebugString();
  EXPECT_EQ(text.find(std::string(64, 'a')), std::string::npos);
}

// A case that is redone after its price was fixed.
TEST(SubsidyDecisionTest, AQuestionMayNameTheFixedPrice) {
  ExampleQuestion question = EligibleQuestion();
  question.approved_price = vocabulary::Fen(90000);
  const auto decision = DecideExample(question);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_TRUE(decision->eligible());
  EXPECT_EQ(decision->subsidy_fen(), 90000);
  EXPECT_EQ(decision->self_pay_fen(), 0);
  EXPECT_EQ(decision->rules().rbegin()->code(), "APPROVED_PRICE");
  EXPECT_EQ(decision->rules().rbegin()->values(), "price 90000, quote 98000");
  question.facts.set_grade(4);
  EXPECT_EQ(DecideExample(question)->self_pay_fen(), 90000);
}

}  // namespace
}  // namespace fuju::catalogue
