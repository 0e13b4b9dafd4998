// Vectors of the policies that domain §1.2, §1.4 and §7 cite. Each names its source; what is a
// design default there is marked [D].

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/decision/render_decision.h"
#include "unit/catalogue/examples.h"

namespace fuju::catalogue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using type::v1::ECONOMIC_STATUS_DB;
using type::v1::ECONOMIC_STATUS_DBBY;
using type::v1::ECONOMIC_STATUS_YB;

v1::Delivery Had(const std::string& day, const std::string& item, const std::string& division,
                 int64_t subsidy_fen, const std::string& group = "") {
  v1::Delivery delivery = DeliveryOn(day, division);
  delivery.set_item_code(item);
  delivery.set_subsidy_fen(subsidy_fen);
  delivery.set_share_group(group);
  delivery.set_decision_date(day);
  return delivery;
}

// The same, granted and not accepted yet.
v1::Delivery Holds(v1::Delivery delivery) {
  delivery.clear_acceptance_date();
  return delivery;
}

ExampleQuestion OfSeveralDisabilities() {
  ExampleQuestion question = EligibleQuestion();
  question.facts.set_category(type::v1::DISABILITY_CATEGORY_MULTIPLE);
  return question;
}

ExampleQuestion OfAChild() {
  ExampleQuestion question = EligibleQuestion();
  question.facts.set_birth_date("2016-06-01");
  return question;
}

struct MoneyCase {
  const char* source;
  int64_t cap, quote;
  type::v1::EconomicStatus status;
  v1::SubsidyMode mode;
  int64_t subsidy, self_pay;
};

void PrintTo(const MoneyCase& money, std::ostream* out) { *out << money.source; }

class MoneyOfPolicies : public testing::TestWithParam<MoneyCase> {};

TEST_P(MoneyOfPolicies, IsPaid) {
  ExampleQuestion question = EligibleQuestion();
  question.item.set_cap_fen(GetParam().cap);
  question.quote = vocabulary::Fen(GetParam().quote);
  question.facts.set_economic_status(GetParam().status);
  question.policy.set_mode(GetParam().mode);
  const v1::SubsidyDecision decision = Decided(question);
  EXPECT_TRUE(decision.eligible());
  EXPECT_EQ(decision.subsidy_fen(), GetParam().subsidy);
  EXPECT_EQ(decision.self_pay_fen(), GetParam().self_pay);
}

constexpr v1::SubsidyMode kA = v1::SUBSIDY_MODE_CAP_THEN_RATIO;
constexpr v1::SubsidyMode kB = v1::SUBSIDY_MODE_RATIO_OF_CAP;

INSTANTIATE_TEST_SUITE_P(
    Domain, MoneyOfPolicies,
    testing::Values(
        MoneyCase{"S7_under_the_cap", 120000, 98000, ECONOMIC_STATUS_DB, kA, 98000, 0},
        MoneyCase{"S7_above_the_cap", 120000, 150000, ECONOMIC_STATUS_DB, kA, 120000, 30000},
        MoneyCase{"S7_half_mode_a", 120000, 80000, ECONOMIC_STATUS_YB, kA, 40000, 40000},
        MoneyCase{"S7_half_mode_b", 120000, 80000, ECONOMIC_STATUS_YB, kB, 60000, 20000},
        MoneyCase{"S7_rounds_down", 33333, 33333, ECONOMIC_STATUS_YB, kA, 16666, 16667},
        // 北京2018: standard 1200, 1300, 1600 and 3500 yuan of four wheelchairs.
        MoneyCase{"BJ2018_standard", 120000, 120000, ECONOMIC_STATUS_DB, kA, 120000, 0},
        MoneyCase{"BJ2018_armrests", 130000, 130001, ECONOMIC_STATUS_DB, kA, 130000, 1},
        MoneyCase{"BJ2018_high_back", 160000, 150000, ECONOMIC_STATUS_DBBY, kA, 150000, 0},
        MoneyCase{"BJ2018_active", 350000, 420000, ECONOMIC_STATUS_YB, kA, 175000, 245000},
        // 苏残发〔2018〕57号: up to the standard all, the excess is the person's.
        MoneyCase{"JS2018_within", 200000, 199999, ECONOMIC_STATUS_DB, kA, 199999, 0},
        MoneyCase{"JS2018_excess", 200000, 260000, ECONOMIC_STATUS_DB, kA, 200000, 60000}),
    [](const auto& test) { return std::string(test.param.source); });

// 岳阳楼2022: 6000 yuan for a child's hearing aids, of which 80 % product and 20 % fitting.
TEST(PoliciesTest, YY2022SplitsProductAndService) {
  ExampleQuestion question = OfAChild();
  question.item.set_cap_fen(600000);
  question.item.set_service_share_bp(2000);
  question.quote = vocabulary::Fen(600000);
  v1::SubsidyDecision decision = Decided(question);
  EXPECT_EQ(decision.product_fen(), 480000);
  EXPECT_EQ(decision.service_fen(), 120000);
  question.quote = vocabulary::Fen(99);
  decision = Decided(question);
  EXPECT_EQ(decision.service_fen(), 19) << "rounded down, the product takes the remainder";
  EXPECT_EQ(decision.product_fen(), 80);
}

// 岳阳楼2022: a multiply-disabled child picks one category a year.
TEST(PoliciesTest, YY2022OneKindAYearForSeveralDisabilities) {
  ExampleQuestion question = OfSeveralDisabilities();
  question.facts.set_birth_date("2016-06-01");
  question.policy.set_multiple_kinds(1);
  EXPECT_TRUE(Decided(question).eligible());
  question.history = {Had("2026-01-15", "E02", "220615", 600000)};
  const v1::SubsidyDecision refused = Decided(question);
  EXPECT_THAT(FailedCodes(refused), ElementsAre("MULTIPLE_KINDS"));
  EXPECT_EQ(RuleOf(refused, "MULTIPLE_KINDS").values(), "kinds this year with this one 2, limit 1");
  EXPECT_THAT(RuleOf(refused, "MULTIPLE_KINDS").text_zh(), HasSubstr("2027年1月1日起"));
  EXPECT_THAT(RuleOf(refused, "MULTIPLE_KINDS").text_en(), HasSubstr("from 1 January 2027 on"));
  question.history = {Had("2025-12-31", "E02", "220615", 600000)};
  EXPECT_TRUE(Decided(question).eligible()) << "last year's";
}

// 辽宁十四五: several disabilities, at most 3 kinds and 1000 yuan in all.
TEST(PoliciesTest, LNThreeKindsForSeveralDisabilities) {
  ExampleQuestion question = OfSeveralDisabilities();
  question.policy.set_multiple_kinds(3);
  question.history = {Had("2026-01-10", "W01", "120303", 6000),
                      Had("2026-01-10", "V01", "123903", 8000),
                      Had("2026-02-10", "W01", "120303", 6000)};
  EXPECT_TRUE(Decided(question).eligible()) << "two divisions, the third is this one";
  question.history.push_back(Had("2026-02-20", "D01", "150923", 6000));
  EXPECT_THAT(FailedCodes(Decided(question)), ElementsAre("MULTIPLE_KINDS"));
  question.history.back().set_device_division("122203");
  question.history.back().clear_acceptance_date();
  EXPECT_THAT(FailedCodes(Decided(question)), ElementsAre("OPEN_GRANT"))
      << "a kind that the person has already is no further one";
  // Who has one disability only is not limited by it.
  question.history.back() = Had("2026-02-20", "D01", "150923", 6000);
  question.facts.set_category(type::v1::DISABILITY_CATEGORY_PHYSICAL);
  EXPECT_TRUE(Decided(question).eligible());
  EXPECT_EQ(Decided(question).rules_size(), 9) << "no line for a limit that can not concern";
}

// 辽宁, and domain §7: total 1000 yuan with 700 used, computed 500: 300.
TEST(PoliciesTest, LNTotalForSeveralDisabilities) {
  ExampleQuestion question = OfSeveralDisabilities();
  question.policy.set_multiple_total_cap_fen(100000);
  question.quote = vocabulary::Fen(50000);
  question.history = {Had("2026-01-10", "W01", "120303", 70000)};
  v1::SubsidyDecision decision = Decided(question);
  EXPECT_TRUE(decision.eligible());
  EXPECT_EQ(decision.subsidy_fen(), 30000);
  EXPECT_EQ(decision.self_pay_fen(), 20000);
  EXPECT_EQ(RuleOf(decision, "MULTIPLE_TOTAL_CAP").values(),
            "cap of the year 100000, used 70000, left 30000, computed 50000, shortened to 30000");
  question.history[0].set_subsidy_fen(100000);
  decision = Decided(question);
  EXPECT_THAT(FailedCodes(decision), ElementsAre("MULTIPLE_TOTAL_CAP"));
  EXPECT_EQ(decision.self_pay_fen(), 50000);
  EXPECT_THAT(RuleOf(decision, "MULTIPLE_TOTAL_CAP").text_zh(),
              HasSubstr("¥1,000.00已用完；可自2027年1月1日起"));
}

// 辽宁: within the years of use one person gets one kind, that is one device of the division.
TEST(PoliciesTest, LNOneOfAKindWithinTheYearsOfUse) {
  ExampleQuestion question = EligibleQuestion();
  question.history = {Had("2024-05-10", "M02", "122203", 130000)};
  EXPECT_THAT(FailedCodes(Decided(question)), ElementsAre("REPLACEMENT_INTERVAL"))
      << "another item of the same division";
  question.item.set_interval_key(v1::INTERVAL_KEY_ITEM);
  EXPECT_TRUE(Decided(question).eligible()) << "if the interval counts the item only";
}

// 辽宁: what work-injury or traffic insurance paid is not paid again.
TEST(PoliciesTest, LNAnotherPayerExcludes) {
  ExampleQuestion question = EligibleQuestion();
  question.facts.set_other_payer(true);
  EXPECT_THAT(FailedCodes(Decided(question)), ElementsAre("OTHER_PAYER"));
}

// 辽宁: a child may apply for a prosthesis every year; 12 months after the acceptance.
TEST(PoliciesTest, LNAChildsProsthesisYearly) {
  ExampleQuestion question = OfAChild();
  question.item.set_iso9999_code("062409");
  question.item.set_replacement_years(4);
  question.policy.add_child_yearly_devices("0624");
  question.history = {Had("2025-03-02", "P01", "062409", 700000)};
  EXPECT_TRUE(Decided(question).eligible());
  question.date = Day("2026-03-01");
  EXPECT_FALSE(Decided(question).eligible());
}

// 河南2016, and domain §7: a child's seating, standing, walking and wheelchair items share 1500
// yuan: M07 was paid 1100, C02 at 600 gets 400.
TEST(PoliciesTest, HN2016AChildsSharedAllowance) {
  ExampleQuestion question = OfAChild();
  question.item.set_cap_fen(150000);
  question.item.set_share_group("child-mobility");
  v1::SharedAllowance& allowance = *question.policy.add_shared_allowances();
  allowance.set_share_group("child-mobility");
  allowance.set_cap_fen(150000);
  allowance.set_children_only(true);
  question.quote = vocabulary::Fen(60000);
  question.history = {Had("2026-01-05", "M07", "122218", 110000, "child-mobility")};
  v1::SubsidyDecision decision = Decided(question);
  EXPECT_EQ(decision.subsidy_fen(), 40000);
  EXPECT_EQ(decision.self_pay_fen(), 20000);
  EXPECT_TRUE(decision.eligible());
  // What another application holds counts as well.
  question.history.push_back(Holds(Had("2026-02-05", "W10", "120606", 40000, "child-mobility")));
  decision = Decided(question);
  EXPECT_THAT(FailedCodes(decision), ElementsAre("SHARED_ALLOWANCE"));
  EXPECT_THAT(RuleOf(decision, "SHARED_ALLOWANCE").text_en(),
              HasSubstr("the shared allowance child-mobility of ¥1,500.00 is used up: apply from "
                        "1 January 2027 on"));
  // An adult's is not limited by it.
  question.facts.set_birth_date("1986-01-20");
  EXPECT_TRUE(Decided(question).eligible());
}

// An allowance over several years is free again when enough of it is old enough.
TEST(PoliciesTest, AnAllowanceOfYearsFreesWhatIsOld) {
  ExampleQuestion question = OfAChild();
  question.item.set_share_group("po");
  v1::SharedAllowance& allowance = *question.policy.add_shared_allowances();
  allowance.set_share_group("po");
  allowance.set_cap_fen(500000);
  allowance.set_years(2);
  question.history = {Had("2024-03-02", "P01", "062409", 500000, "po"),
                      Had("2024-09-01", "P05", "061809", 300000, "po"),
                      Had("2025-02-28", "O01", "061206", 250000, "po")};
  v1::SubsidyDecision decision = Decided(question);
  EXPECT_EQ(RuleOf(decision, "SHARED_ALLOWANCE").values(),
            "allowance po 500000, used 550000, left 0, computed 98000")
      << "on the day on which two years are over the oldest no longer counts";
  EXPECT_THAT(RuleOf(decision, "SHARED_ALLOWANCE").text_en(), HasSubstr("from 1 September 2026"));
  question.date = Day("2026-09-01");
  decision = Decided(question);
  EXPECT_TRUE(decision.eligible());
  EXPECT_THAT(RuleOf(decision, "SHARED_ALLOWANCE").values(), HasSubstr("left 250000"));
}

// 苏州长护险: 5000 yuan per calendar year without carry-over, the fund pays 85 %.
TEST(PoliciesTest, SZRentalOfACalendarYear) {
  ExampleQuestion question = EligibleQuestion();
  question.item.set_item_class(v1::ITEM_CLASS_RENTAL);
  question.item.mutable_ratios()->set_db_bp(8500);
  question.item.set_cap_fen(500000);
  question.policy.set_yearly_cap_fen(500000);
  question.quote = vocabulary::Fen(100000);
  EXPECT_EQ(Decided(question).subsidy_fen(), 85000);
  question.history = {Had("2026-01-01", "H02", "181210", 450000)};
  EXPECT_EQ(Decided(question).subsidy_fen(), 50000);
  question.history[0].set_subsidy_fen(500000);
  EXPECT_THAT(FailedCodes(Decided(question)), ElementsAre("YEARLY_CAP"));
  question.date = Day("2027-01-01");
  EXPECT_EQ(Decided(question).subsidy_fen(), 85000) << "the new year has its own";
}

// The year is that of the decision, not that of the acceptance.
TEST(PoliciesTest, LimitsCountByTheDayOfTheDecision) {
  ExampleQuestion question = EligibleQuestion();
  question.policy.set_yearly_kinds(1);
  question.history = {Had("2026-01-10", "W01", "120303", 6000)};
  question.history[0].set_decision_date("2025-12-20");
  EXPECT_TRUE(Decided(question).eligible());
  question.history[0].clear_decision_date();
  EXPECT_THAT(FailedCodes(Decided(question)), ElementsAre("YEARLY_KINDS"))
      << "an older record counts by its acceptance";
}

// 苏州市区: an item is for some groups only, and for children of any family.
TEST(PoliciesTest, SZAnItemIsForItsGroups) {
  ExampleQuestion question = EligibleQuestion();
  question.item.add_allowed_groups(ECONOMIC_STATUS_DB);
  question.item.add_allowed_groups(ECONOMIC_STATUS_DBBY);
  EXPECT_TRUE(Decided(question).eligible());
  question.facts.set_economic_status(ECONOMIC_STATUS_YB);
  const v1::SubsidyDecision refused = Decided(question);
  EXPECT_THAT(FailedCodes(refused), ElementsAre("ECONOMIC_GROUP"));
  EXPECT_THAT(RuleOf(refused, "ECONOMIC_GROUP").text_zh(),
              HasSubstr("面向最低生活保障、低保边缘家庭，申请人家庭为“一般”"));
  question.facts.set_birth_date("2016-06-01");
  EXPECT_TRUE(Decided(question).eligible()) << "a child, by the child's ratio";
  question.item.mutable_ratios()->set_child_bp(0);
  EXPECT_THAT(FailedCodes(Decided(question)), ElementsAre("ECONOMIC_GROUP"));
}

// 苏州市区: prostheses also for who has no certificate; the review judges the grade.
TEST(PoliciesTest, SZWithoutACertificate) {
  ExampleQuestion question = OfAChild();
  question.facts.set_uncertified(true);
  question.facts.set_grade(0);
  const v1::SubsidyDecision decision = Decided(question);
  EXPECT_TRUE(decision.eligible());
  EXPECT_EQ(RuleOf(decision, "CERTIFICATE_VALID").values(), "none, by diagnosis");
}

// 北京2010: what stands in the yearly basic catalogue is free of charge, up to its cap.
TEST(PoliciesTest, BJ2010FreeOfChargeIsTheWhole) {
  ExampleQuestion question = EligibleQuestion();
  question.item.set_item_class(v1::ITEM_CLASS_FREE);
  question.facts.set_economic_status(ECONOMIC_STATUS_YB);
  EXPECT_EQ(Decided(question).subsidy_fen(), 98000) << "the general ratio of 0.5 does not count";
  question.quote = vocabulary::Fen(130000);
  EXPECT_EQ(Decided(question).self_pay_fen(), 10000);
  question.item.add_allowed_groups(ECONOMIC_STATUS_DB);
  EXPECT_FALSE(Decided(question).eligible());
}

// 北京2018: one application for a pair; caps are for each piece.
TEST(PoliciesTest, BJ2018PiecesHaveACapEach) {
  ExampleQuestion question = EligibleQuestion();
  question.item.set_quantity_limit(2);
  question.quantity = 2;
  question.quote = vocabulary::Fen(260000);
  const v1::SubsidyDecision decision = Decided(question);
  EXPECT_EQ(decision.subsidy_fen(), 240000);
  EXPECT_EQ(decision.quantity(), 2);
  EXPECT_EQ(RuleOf(decision, "QUANTITY_LIMIT").values(), "pieces 2, limit 2");
  question.quantity = 3;
  EXPECT_THAT(FailedCodes(Decided(question)), ElementsAre("QUANTITY_LIMIT"));
}

// 金寨2025: wheelchairs of grades 1 and 2 only, every three years.
TEST(PoliciesTest, JZ2025GradesAndYears) {
  ExampleQuestion question = EligibleQuestion();
  question.facts.set_grade(3);
  EXPECT_THAT(FailedCodes(Decided(question)), ElementsAre("DISABILITY_GRADE"));
  question.facts.set_grade(2);
  question.history = {Had("2023-03-02", "M01", "122203", 120000)};
  EXPECT_TRUE(Decided(question).eligible()) << "on the day on which the three years are over";
}

// Price fixed before the approval (苏州), below a ceiling of the price list.
TEST(PoliciesTest, SZTheCeilingOfThePriceList) {
  ExampleQuestion question = EligibleQuestion();
  question.item.set_price_ceiling_fen(90000);
  question.facts.set_economic_status(ECONOMIC_STATUS_YB);
  v1::SubsidyDecision decision = Decided(question);
  EXPECT_EQ(decision.allowed_price_fen(), 90000);
  EXPECT_EQ(decision.subsidy_fen(), 45000);
  EXPECT_EQ(decision.self_pay_fen(), 53000) << "what is above the ceiling is the person's";
  question.approved_price = vocabulary::Fen(70000);
  decision = Decided(question);
  EXPECT_EQ(decision.allowed_price_fen(), 70000);
  EXPECT_EQ(decision.self_pay_fen(), 35000);
}

// Consumables are limited by pieces, not by time [D].
TEST(PoliciesTest, ConsumablesByTheYearsPieces) {
  ExampleQuestion question = EligibleQuestion();
  question.item.set_interval_key(v1::INTERVAL_KEY_QUANTITY);
  question.item.set_quantity_per_year(12);
  question.quantity = 4;
  question.history = {Had("2026-01-10", "M01", "122203", 6000)};
  question.history[0].set_quantity(8);
  v1::SubsidyDecision decision = Decided(question);
  EXPECT_TRUE(decision.eligible());
  EXPECT_EQ(RuleOf(decision, "QUANTITY_LIMIT").values(),
            "pieces 4, used this year 8, limit a year 12");
  question.quantity = 5;
  decision = Decided(question);
  EXPECT_THAT(FailedCodes(decision), ElementsAre("QUANTITY_LIMIT"));
  EXPECT_THAT(RuleOf(decision, "QUANTITY_LIMIT").text_zh(), HasSubstr("本年还可申请4"));
}

struct EarlyCase {
  const char* name;
  type::v1::EarlyReplacementGround ground;
  bool child;
  // Grounds of the policy.
  std::vector<type::v1::EarlyReplacementGround> grounds;
  bool eligible;
};

void PrintTo(const EarlyCase& early, std::ostream* out) { *out << early.name; }

class EarlyReplacement : public testing::TestWithParam<EarlyCase> {};

// Domain §1.4 [D]: growth of a child, another grade, damage that is not misuse, theft.
TEST_P(EarlyReplacement, NeedsAGroundThatThePolicyHas) {
  ExampleQuestion question = GetParam().child ? OfAChild() : EligibleQuestion();
  question.facts.set_early_ground(GetParam().ground);
  for (const auto ground : GetParam().grounds) question.policy.add_early_grounds(ground);
  question.history = {Had("2025-05-10", "M01", "122203", 98000)};
  const v1::SubsidyDecision decision = Decided(question);
  EXPECT_EQ(decision.eligible(), GetParam().eligible);
  const v1::RuleResult& rule = RuleOf(decision, "REPLACEMENT_INTERVAL");
  EXPECT_EQ(rule.passed(), GetParam().eligible);
  if (rule.passed()) {
    EXPECT_THAT(rule.values(), HasSubstr("to be verified by the review"));
  } else {
    EXPECT_THAT(rule.text_zh(), HasSubstr("2028年5月10日起"));
    EXPECT_EQ(rule.text_zh().find("可提前更换") != std::string::npos, !GetParam().grounds.empty());
  }
}

using type::v1::EARLY_REPLACEMENT_GROUND_CHILD_GROWTH;
using type::v1::EARLY_REPLACEMENT_GROUND_DAMAGED;
using type::v1::EARLY_REPLACEMENT_GROUND_GRADE_CHANGED;
using type::v1::EARLY_REPLACEMENT_GROUND_STOLEN;
using type::v1::EARLY_REPLACEMENT_GROUND_UNSPECIFIED;

INSTANTIATE_TEST_SUITE_P(
    Grounds, EarlyReplacement,
    testing::Values(EarlyCase{"None",
                              EARLY_REPLACEMENT_GROUND_UNSPECIFIED,
                              false,
                              {EARLY_REPLACEMENT_GROUND_DAMAGED},
                              false},
                    EarlyCase{"Damaged",
                              EARLY_REPLACEMENT_GROUND_DAMAGED,
                              false,
                              {EARLY_REPLACEMENT_GROUND_DAMAGED},
                              true},
                    EarlyCase{"StolenIsNotOfThePolicy",
                              EARLY_REPLACEMENT_GROUND_STOLEN,
                              false,
                              {EARLY_REPLACEMENT_GROUND_DAMAGED},
                              false},
                    EarlyCase{"AnotherGrade",
                              EARLY_REPLACEMENT_GROUND_GRADE_CHANGED,
                              false,
                              {EARLY_REPLACEMENT_GROUND_GRADE_CHANGED},
                              true},
                    EarlyCase{"AChildGrew",
                              EARLY_REPLACEMENT_GROUND_CHILD_GROWTH,
                              true,
                              {EARLY_REPLACEMENT_GROUND_CHILD_GROWTH},
                              true},
                    EarlyCase{"AnAdultDoesNotGrow",
                              EARLY_REPLACEMENT_GROUND_CHILD_GROWTH,
                              false,
                              {EARLY_REPLACEMENT_GROUND_CHILD_GROWTH},
                              false},
                    EarlyCase{
                        "NoneIsOfThePolicy", EARLY_REPLACEMENT_GROUND_DAMAGED, false, {}, false}),
    [](const auto& test) { return std::string(test.param.name); });

// A child's own years of an item.
TEST(PoliciesTest, AChildsYears) {
  ExampleQuestion question = OfAChild();
  question.item.set_child_replacement_years(2);
  question.history = {Had("2024-03-02", "M01", "122203", 98000)};
  EXPECT_TRUE(Decided(question).eligible());
  question.facts.set_birth_date("1986-01-20");
  EXPECT_FALSE(Decided(question).eligible());
}

// 残疾人证 that was cancelled, frozen, or is out of date.
TEST(PoliciesTest, ACertificateHasToBeValid) {
  ExampleQuestion question = EligibleQuestion();
  question.facts.set_certificate_invalid(true);
  const v1::SubsidyDecision decision = Decided(question);
  EXPECT_THAT(FailedCodes(decision), ElementsAre("CERTIFICATE_VALID"));
  EXPECT_THAT(RuleOf(decision, "CERTIFICATE_VALID").text_zh(), HasSubstr("换领、补办"));
}

v1::LocalTopUp TopUp(const std::string& item, int32_t ratio_bp, int64_t cap_fen,
                     v1::FundSource fund, const std::string& area) {
  v1::LocalTopUp top_up;
  top_up.set_item_code(item);
  top_up.set_ratio_bp(ratio_bp);
  top_up.set_cap_fen(cap_fen);
  top_up.set_fund_source(fund);
  top_up.set_area_code(area);
  top_up.set_catalogue_version("v-" + area);
  return top_up;
}

// Domain §1.4: a district adds from its own fund, with its own cap.
TEST(TopUpTest, AreasAddToWhatIsLeft) {
  ExampleQuestion question = EligibleQuestion();
  question.facts.set_economic_status(ECONOMIC_STATUS_YB);
  question.quote = vocabulary::Fen(100001);
  question.top_ups = {
      TopUp("M01", 5000, 20000, v1::FUND_SOURCE_PREFECTURE, "620100"),
      TopUp("*", 9000, 20000, v1::FUND_SOURCE_PREFECTURE, "620100"),
      TopUp("*", 3333, 99999, v1::FUND_SOURCE_COUNTY, "620102"),
      TopUp("W01", 10000, 99999, v1::FUND_SOURCE_CHARITY, "620102"),
  };
  v1::SubsidyDecision decision = Decided(question);
  // 50000 of the catalogue; of the 50001 left the prefecture pays half, but 20000 at most; of the
  // 30001 left then the county a third.
  EXPECT_EQ(decision.subsidy_fen(), 50000 + 20000 + 9999);
  EXPECT_EQ(decision.self_pay_fen(), 20002);
  ASSERT_EQ(decision.top_ups_size(), 2);
  EXPECT_EQ(decision.top_ups(0).fund_source(), v1::FUND_SOURCE_PREFECTURE);
  EXPECT_EQ(decision.top_ups(0).amount_fen(), 20000);
  EXPECT_EQ(decision.top_ups(1).fund_source(), v1::FUND_SOURCE_COUNTY);
  EXPECT_EQ(decision.top_ups(1).amount_fen(), 9999);

  // A limit of the person takes from the last area first.
  question.policy.set_yearly_cap_fen(65000);
  decision = Decided(question);
  EXPECT_EQ(decision.subsidy_fen(), 65000);
  ASSERT_EQ(decision.top_ups_size(), 1);
  EXPECT_EQ(decision.top_ups(0).amount_fen(), 15000);

  question.facts.set_other_payer(true);
  EXPECT_THAT(Decided(question).top_ups(), IsEmpty());
}

// What follows from code, item and version is not stored, and comes back when it is read.
TEST(SourcesTest, ArePutBackWhereTheyFollow) {
  ExampleQuestion question = EligibleQuestion();
  const v1::SubsidyDecision decision = Decided(question);
  v1::SubsidyDecision stored = decision;
  DropPlainSources(stored);
  for (const v1::RuleResult& rule : stored.rules()) EXPECT_EQ(rule.sources_size(), 0);
  AddSources(stored);
  EXPECT_EQ(stored.SerializeAsString(), decision.SerializeAsString());

  // The row of a version above does not follow.
  question.item.set_catalogue_version("gansu-2026");
  const v1::SubsidyDecision inherited = Decided(question);
  stored = inherited;
  DropPlainSources(stored);
  EXPECT_GT(RuleOf(stored, "AGE_WINDOW").sources_size(), 0);
  EXPECT_EQ(RuleOf(stored, "OPEN_GRANT").sources_size(), 0);
  AddSources(stored);
  EXPECT_EQ(stored.SerializeAsString(), inherited.SerializeAsString());
}

// Each line says where its values come from.
TEST(SourcesTest, AreNamed) {
  ExampleQuestion question = EligibleQuestion();
  question.item.set_catalogue_version("lanzhou-2026");
  question.policy.set_yearly_cap_fen(1000000);
  const v1::SubsidyDecision decision = Decided(question);
  for (const v1::RuleResult& rule : decision.rules()) EXPECT_GT(rule.sources_size(), 0);
  EXPECT_THAT(RuleOf(decision, "ECONOMIC_GROUP").sources(),
              ElementsAre("facts", "item:M01@lanzhou-2026", "policy@test-1"));
  EXPECT_THAT(RuleOf(decision, "YEARLY_CAP").sources(), ElementsAre("history", "policy@test-1"));
  EXPECT_THAT(RuleOf(decision, "RESIDENCE_COUNTY").sources(), ElementsAre("facts", "region_table"));
}

}  // namespace
}  // namespace fuju::catalogue
