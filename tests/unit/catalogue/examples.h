#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "catalogue/decision/subsidy_decision.h"
#include "catalogue/grant.h"
#include "catalogue/ledger/funds.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// M01 of the example catalogue: wheelchair, categories 4|7, grades 1|2, 0 to 150 years, cap 1200
// yuan, ratios 1/1/1/0.5, child 1, three years.
v1::Item Wheelchair();

// A question with a row and a policy of its own.
struct ExampleQuestion {
  type::v1::EligibilityFacts facts;
  bool county_known = true;
  v1::Item item;
  std::string device_division;
  vocabulary::Fen quote;
  std::optional<vocabulary::Fen> approved_price;
  int32_t quantity = 1;
  std::vector<v1::Delivery> history;
  absl::CivilDay date;
  std::string catalogue_version = "test-1";
  v1::SubsidyPolicy policy;
  std::vector<v1::LocalTopUp> top_ups;
};
absl::StatusOr<v1::SubsidyDecision> DecideExample(const ExampleQuestion& question);
// The decision; a test that has none fails.
v1::SubsidyDecision Decided(const ExampleQuestion& question);

// What a test looks for in a decision: the codes of the rules that failed, and the line of a code.
std::vector<std::string> FailedCodes(const v1::SubsidyDecision& decision);
const v1::RuleResult& RuleOf(const v1::SubsidyDecision& decision, absl::string_view code);

// A man of 40 with a physical disability of grade 1, on minimum living allowance, in 620102, who
// asks for a wheelchair at 980 yuan on 2026-03-02 and never had one: every rule holds.
ExampleQuestion EligibleQuestion();
GrantApplication EligibleApplication();

// The moment of EligibleQuestion.
absl::Time DecisionTime();

// A catalogue with the wheelchair only, as one from before there were drafts.
storage::v1::CatalogueRecord ExampleRecord(const std::string& label = "test-1");

// The policy of a default start.
PreparedPolicy DefaultPolicy();

// One million fen in each fund.
FundsAtHand Plenty();

v1::Delivery DeliveryOn(const std::string& day, const std::string& division = "122203");

absl::CivilDay Day(absl::string_view text);
vocabulary::BasisPoints Ratio(int64_t basis_points);

}  // namespace fuju::catalogue
