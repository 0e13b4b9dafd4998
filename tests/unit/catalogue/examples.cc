#include "examples.h"

#include <gtest/gtest.h>

#include "catalogue/ledger/account.h"
#include "chassis/values/timestamps.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {

v1::Item Wheelchair() {
  v1::Item item;
  item.set_name("items/M01");
  item.set_item_code("M01");
  item.set_name_zh("普通轮椅");
  item.set_name_en("Standard manual wheelchair");
  item.set_iso9999_code("122203");
  item.add_categories(type::v1::DISABILITY_CATEGORY_PHYSICAL);
  item.add_categories(type::v1::DISABILITY_CATEGORY_MULTIPLE);
  item.add_grades(1);
  item.add_grades(2);
  item.set_age_max(150);
  item.set_cap_fen(120000);
  item.mutable_ratios()->set_tk_bp(10000);
  item.mutable_ratios()->set_db_bp(10000);
  item.mutable_ratios()->set_dbby_bp(10000);
  item.mutable_ratios()->set_general_bp(5000);
  item.mutable_ratios()->set_child_bp(10000);
  item.set_replacement_years(3);
  return item;
}

absl::StatusOr<v1::SubsidyDecision> DecideExample(const ExampleQuestion& question) {
  google::protobuf::RepeatedPtrField<v1::LocalTopUp> rows(question.top_ups.begin(),
                                                          question.top_ups.end());
  const PreparedItem item = PrepareItem(question.item);
  const PreparedPolicy policy = PreparePolicy(question.policy);
  const std::vector<PreparedTopUp> top_ups = TopUpsOf(question.item.item_code(), rows);
  SubsidyQuestion asked;
  asked.application = "applications/620102-01HZX3M9Q2V7N8K4T6R5W1Y0AB";
  asked.facts = question.facts;
  asked.county_known = question.county_known;
  asked.item_code = question.item.item_code();
  asked.item = &item;
  asked.device_division = question.device_division;
  asked.quote = question.quote;
  asked.approved_price = question.approved_price;
  asked.quantity = question.quantity;
  asked.history = question.history;
  asked.date = question.date;
  asked.catalogue_version = question.catalogue_version;
  asked.policy = &policy;
  asked.top_ups = top_ups;
  return DecideSubsidy(asked);
}

v1::SubsidyDecision Decided(const ExampleQuestion& question) {
  absl::StatusOr<v1::SubsidyDecision> decision = DecideExample(question);
  EXPECT_TRUE(decision.ok()) << decision.status();
  return decision.value_or(v1::SubsidyDecision());
}

std::vector<std::string> FailedCodes(const v1::SubsidyDecision& decision) {
  std::vector<std::string> codes;
  for (const v1::RuleResult& rule : decision.rules()) {
    if (!rule.passed()) codes.push_back(rule.code());
  }
  return codes;
}

const v1::RuleResult& RuleOf(const v1::SubsidyDecision& decision, absl::string_view code) {
  for (const v1::RuleResult& rule : decision.rules()) {
    if (rule.code() == code) return rule;
  }
  ADD_FAILURE() << "no rule " << code;
  return v1::RuleResult::default_instance();
}

ExampleQuestion EligibleQuestion() {
  ExampleQuestion question;
  question.facts = EligibleApplication().facts;
  question.item = Wheelchair();
  question.quote = vocabulary::Fen(98000);
  question.date = absl::CivilDay(2026, 3, 2);
  question.policy = PolicyFrom({});
  return question;
}

PreparedPolicy DefaultPolicy() { return PreparePolicy(PolicyFrom({})); }

GrantApplication EligibleApplication() {
  GrantApplication application;
  application.application = "applications/620102-01HZX3M9Q2V7N8K4T6R5W1Y0AB";
  application.county_code = "620102";
  application.item_code = "M01";
  application.device_division = "122203";
  application.quote = vocabulary::Fen(98000);
  application.facts.set_person_key(std::string(64, 'a'));
  application.facts.set_birth_date("1986-01-20");
  application.facts.set_category(type::v1::DISABILITY_CATEGORY_PHYSICAL);
  application.facts.set_grade(1);
  application.facts.set_economic_status(type::v1::ECONOMIC_STATUS_DB);
  application.facts.set_county_code("620102");
  return application;
}

absl::Time DecisionTime() {
  return vocabulary::StartOfDay(absl::CivilDay(2026, 3, 2)) + absl::Hours(9);
}

storage::v1::CatalogueRecord ExampleRecord(const std::string& label) {
  storage::v1::CatalogueRecord record;
  record.mutable_version()->set_version(label);
  *record.mutable_version()->mutable_publish_time() =
      chassis::ToTimestamp(DecisionTime() - absl::Hours(24));
  *record.add_items() = Wheelchair();
  return record;
}

FundsAtHand Plenty() {
  FundsAtHand funds;
  funds.order = FundOrderOf({});
  for (const v1::FundSource fund : kFunds) funds.available[fund] = 1000000;
  return funds;
}

v1::Delivery DeliveryOn(const std::string& day, const std::string& division) {
  v1::Delivery delivery;
  delivery.set_application("applications/620102-" + day);
  delivery.set_item_code("M01");
  delivery.set_device_division(division);
  delivery.set_acceptance_date(day);
  return delivery;
}

absl::CivilDay Day(absl::string_view text) { return *vocabulary::ParseCivilDate(text); }

vocabulary::BasisPoints Ratio(int64_t basis_points) {
  return *vocabulary::BasisPoints::Of(basis_points);
}

}  // namespace fuju::catalogue
