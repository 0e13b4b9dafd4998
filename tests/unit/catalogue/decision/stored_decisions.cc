#include "unit/catalogue/decision/stored_decisions.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <gtest/gtest.h>

#include "catalogue/grant.h"
#include "unit/catalogue/examples.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

v1::Item Variant(const std::string& code, const std::string& division, int64_t cap_fen) {
  v1::Item item = Wheelchair();
  item.set_name(absl::StrCat("items/", code));
  item.set_item_code(code);
  item.set_iso9999_code(division);
  item.set_cap_fen(cap_fen);
  item.add_grades(3);
  return item;
}

class Chance {
 public:
  explicit Chance(int seed) : random_(static_cast<uint32_t>(seed)) {}
  // 0 to n - 1; not std::uniform_int_distribution, whose numbers differ from library to library.
  int Of(int n) { return static_cast<int>(random_() % static_cast<uint32_t>(n)); }

 private:
  std::mt19937 random_;
};

std::vector<v1::Delivery> HistoryOf(Chance& chance, const Catalogue& catalogue) {
  std::vector<v1::Delivery> history;
  for (int i = chance.Of(3); i > 0; --i) {
    const std::vector<const v1::Item*> items = catalogue.ItemsAfter("", 10);
    const v1::Item& item = *items[static_cast<size_t>(chance.Of(static_cast<int>(items.size())))];
    v1::Delivery delivery;
    delivery.set_application(absl::StrCat("applications/620102-h", i));
    delivery.set_item_code(item.item_code());
    delivery.set_device_division(item.iso9999_code());
    delivery.set_share_group(item.share_group());
    delivery.set_subsidy_fen(1000 * chance.Of(60));
    const std::string day =
        absl::StrFormat("%d-%02d-%02d", 2021 + chance.Of(6), 1 + chance.Of(2), 1 + chance.Of(28));
    delivery.set_decision_date(day);
    if (chance.Of(4) > 0) delivery.set_acceptance_date(day);
    history.push_back(std::move(delivery));
  }
  return history;
}

}  // namespace

storage::v1::CatalogueRecord ManyRules(const std::string& label) {
  storage::v1::CatalogueRecord record = ExampleRecord(label);
  record.mutable_items(0)->set_price_ceiling_fen(130000);
  v1::Item shared = Variant("M07", "122218", 150000);
  shared.set_share_group("child-mobility");
  shared.set_age_max(17);
  *record.add_items() = shared;
  v1::Item walker = Variant("W10", "120606", 150000);
  walker.set_share_group("child-mobility");
  *record.add_items() = walker;
  v1::Item hearing = Variant("E02", "220615", 600000);
  hearing.add_categories(type::v1::DISABILITY_CATEGORY_HEARING);
  hearing.set_service_share_bp(2000);
  hearing.add_allowed_groups(type::v1::ECONOMIC_STATUS_DB);
  hearing.add_allowed_groups(type::v1::ECONOMIC_STATUS_YB);
  *record.add_items() = hearing;
  v1::SubsidyPolicy& policy = *record.mutable_version()->mutable_policy();
  policy.set_mode(v1::SUBSIDY_MODE_RATIO_OF_CAP);
  policy.set_ffp_ratio_bp(8000);
  policy.set_multiple_kinds(3);
  policy.set_multiple_total_cap_fen(100000);
  policy.set_yearly_cap_fen(500000);
  policy.add_early_grounds(type::v1::EARLY_REPLACEMENT_GROUND_DAMAGED);
  v1::SharedAllowance& allowance = *policy.add_shared_allowances();
  allowance.set_share_group("child-mobility");
  allowance.set_cap_fen(150000);
  allowance.set_children_only(true);
  allowance.set_years(2);
  v1::LocalTopUp& top_up = *record.add_top_ups();
  top_up.set_item_code("*");
  top_up.set_ratio_bp(2500);
  top_up.set_cap_fen(10000);
  top_up.set_fund_source(v1::FUND_SOURCE_COUNTY);
  return record;
}

vocabulary::RegionTable TwoCounties() {
  return *vocabulary::RegionTable::Parse(
      "code,name,parent_code,level\n"
      "620000,甘肃省,,province\n"
      "620100,兰州市,620000,prefecture\n"
      "620102,城关区,620100,county\n"
      "620103,七里河区,620100,county\n",
      "code,name,parent_code,level\n");
}

v1::Grant StoredGrant(int number, const Catalogue& catalogue) {
  Chance chance(number);
  GrantApplication application = EligibleApplication();
  application.county_code = chance.Of(3) == 0 ? "620103" : "620102";
  application.application =
      absl::StrFormat("applications/%s-01HZX3M9Q2V7N8K4T6%08d", application.county_code, number);
  const std::vector<const v1::Item*> items = catalogue.ItemsAfter("", 10);
  const v1::Item& item = *items[static_cast<size_t>(chance.Of(static_cast<int>(items.size())))];
  application.item_code = item.item_code();
  application.device_division = item.iso9999_code();
  application.quote = vocabulary::Fen(10000 + chance.Of(200000));
  if (chance.Of(5) == 0) {
    application.approved_price = vocabulary::Fen(application.quote.count() / 2);
  }
  type::v1::EligibilityFacts& facts = application.facts;
  facts.set_county_code(application.county_code);
  facts.set_birth_date(
      absl::StrFormat("%d-%02d-%02d", 1950 + chance.Of(70), 1 + chance.Of(12), 1 + chance.Of(28)));
  facts.set_economic_status(static_cast<type::v1::EconomicStatus>(1 + chance.Of(6)));
  facts.set_grade(1 + chance.Of(3));
  if (chance.Of(4) == 0) {
    facts.set_category(type::v1::DISABILITY_CATEGORY_MULTIPLE);
    type::v1::GradedCategory& single = *facts.add_single_categories();
    single.set_category(type::v1::DISABILITY_CATEGORY_PHYSICAL);
    single.set_grade(facts.grade());
  }
  facts.set_other_payer(chance.Of(20) == 0);
  if (chance.Of(6) == 0) facts.set_early_ground(type::v1::EARLY_REPLACEMENT_GROUND_DAMAGED);
  application.history = HistoryOf(chance, catalogue);
  const absl::Time now = DecisionTime() + absl::Hours(24 * chance.Of(200));
  const auto decision = AssessApplication(application, catalogue, true, now, DefaultPolicy());
  EXPECT_TRUE(decision.ok()) << decision.status();
  // Enough for the dearest of them.
  FundsAtHand funds = Plenty();
  funds.available[v1::FUND_SOURCE_COUNTY] = 1'000'000'000;
  return OpenGrant({}, application, *decision, funds, now)->next;
}

}  // namespace fuju::catalogue
