// The decision that services/catalogue/decision/README.md shows is what the code decides.

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/catalogue/examples.h"

namespace fuju::catalogue {
namespace {

ExampleQuestion StandingFrameOfAChild() {
  ExampleQuestion question = EligibleQuestion();
  question.item.set_item_code("C02");
  question.item.set_name_zh("儿童站立架");
  question.item.set_name_en("Child standing frame");
  question.item.set_iso9999_code("044808");
  question.item.add_grades(3);
  question.item.set_age_max(17);
  question.item.set_cap_fen(150000);
  question.item.set_replacement_years(2);
  question.item.set_share_group("child-mobility");
  question.facts.set_birth_date("2016-06-01");
  question.facts.set_grade(2);
  question.facts.set_economic_status(type::v1::ECONOMIC_STATUS_YB);
  question.quote = vocabulary::Fen(60000);
  question.catalogue_version = "gansu-2026";
  v1::SharedAllowance& allowance = *question.policy.add_shared_allowances();
  allowance.set_share_group("child-mobility");
  allowance.set_cap_fen(150000);
  allowance.set_children_only(true);
  v1::Delivery wheelchair = DeliveryOn("2026-01-20", "122218");
  wheelchair.set_item_code("M07");
  wheelchair.set_subsidy_fen(110000);
  wheelchair.set_share_group("child-mobility");
  question.history = {wheelchair};
  return question;
}

std::string Row(const v1::RuleResult& rule) {
  return absl::StrCat("| ", rule.code(), " | ", rule.passed() ? "yes" : "no", " | ",
                      absl::StrReplaceAll(rule.values(), {{"|", "\\|"}}), " | ",
                      absl::StrJoin(rule.sources(), ", "), " |\n");
}

TEST(WorkedExampleTest, IsWhatTheReadmeShows) {
  std::ifstream file("services/catalogue/decision/README.md");
  const std::string readme((std::istreambuf_iterator<char>(file)), {});
  ASSERT_FALSE(readme.empty()) << "tests run in the repository";
  const v1::SubsidyDecision decision = Decided(StandingFrameOfAChild());
  EXPECT_TRUE(decision.eligible());
  EXPECT_EQ(decision.subsidy_fen(), 40000);
  EXPECT_EQ(decision.self_pay_fen(), 20000);
  std::string rows = "| rule | passed | looked at | from |\n|---|---|---|---|\n";
  for (const v1::RuleResult& rule : decision.rules()) rows += Row(rule);
  EXPECT_THAT(readme, testing::HasSubstr(rows + "\n"));

  ExampleQuestion used_up = StandingFrameOfAChild();
  used_up.history[0].set_subsidy_fen(150000);
  EXPECT_THAT(readme, testing::HasSubstr(RuleOf(Decided(used_up), "SHARED_ALLOWANCE").text_zh()));
}

}  // namespace
}  // namespace fuju::catalogue
