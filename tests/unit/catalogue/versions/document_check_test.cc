#include "catalogue/versions/document_check.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/versions/column.h"
#include "version_examples.h"

namespace fuju::catalogue {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

v1::CatalogueDocument Good() {
  v1::CatalogueDocument document;
  *document.mutable_policy() = FullPolicy();
  *document.add_items() = FullItem("M01");
  *document.add_items() = FullItem("M02");
  *document.add_top_ups() = TopUp("*", 100);
  *document.add_top_ups() = TopUp("M01", 200);
  return document;
}

std::vector<std::string> PathsOf(const v1::CatalogueDocument& document,
                                 const Catalogue* above = nullptr) {
  Violations violations;
  CheckDocument(PlacedAsJson(document), above, violations);
  return PathsIn(violations.ToStatus());
}

struct Broken {
  // The one path that is to be named.
  std::string path;
  std::function<void(v1::CatalogueDocument&)> change;
};

TEST(DocumentCheckTest, AcceptsAGoodDocument) { EXPECT_THAT(PathsOf(Good()), IsEmpty()); }

// What rows must be beside what their cells allow.
TEST(DocumentCheckTest, NamesARowThatContradictsItself) {
  for (const Broken& broken : std::vector<Broken>{
           {"items[1].ageMax", [](auto& d) { d.mutable_items(1)->set_age_max(0); }},
           {"items[1].itemCode", [](auto& d) { d.mutable_items(1)->set_item_code("M01"); }},
           {"items[0].priceCeilingFen",
            [](auto& d) { d.mutable_items(0)->set_price_ceiling_fen(119999); }},
           {"items[0].itemClass",
            [](auto& d) { d.mutable_items(0)->set_item_class(v1::ITEM_CLASS_FREE); }},
           {"items[0].itemClass",
            [](auto& d) {
              d.mutable_items(0)->clear_fulfilment_modes();
              d.mutable_items(0)->add_fulfilment_modes("custom");
            }},
           {"items[0].quantityPerYear",
            [](auto& d) { d.mutable_items(0)->set_interval_key(v1::INTERVAL_KEY_ITEM); }},
           {"items[0].childReplacementYears", [](auto& d) { d.mutable_items(0)->set_age_min(18); }},
           {"items[0].shareGroup", [](auto& d) { d.mutable_items(0)->set_share_group("unknown"); }},
           {"topUps[1].itemCode", [](auto& d) { d.mutable_top_ups(1)->set_item_code("Z99"); }},
           {"topUps[1].itemCode", [](auto& d) { d.mutable_top_ups(1)->set_item_code("*"); }},
           {"items", [](auto& d) {
              d.clear_items();
              d.clear_top_ups();
              d.mutable_policy()->clear_child_yearly_devices();
            }}}) {
    v1::CatalogueDocument document = Good();
    broken.change(document);
    EXPECT_THAT(PathsOf(document), ElementsAre(broken.path));
  }
}

TEST(DocumentCheckTest, AcceptsWhatIsAtTheEdge) {
  v1::CatalogueDocument document = Good();
  document.mutable_items(0)->set_price_ceiling_fen(120000);
  document.mutable_items(0)->set_age_max(1);
  document.mutable_items(1)->set_price_ceiling_fen(0);
  document.mutable_items(1)->set_age_min(17);
  v1::SubsidyRatios& ratios = *document.mutable_items(1)->mutable_ratios();
  ratios.set_db_bp(10000);
  ratios.set_dbby_bp(10000);
  ratios.set_general_bp(10000);
  document.mutable_items(1)->set_item_class(v1::ITEM_CLASS_FREE);
  EXPECT_THAT(PathsOf(document), IsEmpty());
}

// Each field of the policy broken in each way. The table has to name every field.
TEST(DocumentCheckTest, NamesEachBadRuleOfThePolicy) {
  const std::vector<Broken> cases = {
      {"policy.mode", [](auto& d) { d.mutable_policy()->clear_mode(); }},
      {"policy.ffpRatioBp", [](auto& d) { d.mutable_policy()->set_ffp_ratio_bp(-1); }},
      {"policy.ffpRatioBp", [](auto& d) { d.mutable_policy()->set_ffp_ratio_bp(10001); }},
      {"policy.gxzcRatioBp", [](auto& d) { d.mutable_policy()->set_gxzc_ratio_bp(-1); }},
      {"policy.gxzcRatioBp", [](auto& d) { d.mutable_policy()->set_gxzc_ratio_bp(10001); }},
      {"policy.childYearlyDevices[1]",
       [](auto& d) { d.mutable_policy()->add_child_yearly_devices("1222"); }},
      {"policy.childYearlyDevices[1]",
       [](auto& d) { d.mutable_policy()->add_child_yearly_devices("122"); }},
      {"policy.childYearlyDevices[1]",
       [](auto& d) { d.mutable_policy()->add_child_yearly_devices("0624"); }},
      {"policy.multipleKinds", [](auto& d) { d.mutable_policy()->set_multiple_kinds(-1); }},
      {"policy.multipleKinds", [](auto& d) { d.mutable_policy()->set_multiple_kinds(101); }},
      {"policy.multipleTotalCapFen",
       [](auto& d) { d.mutable_policy()->set_multiple_total_cap_fen(-1); }},
      {"policy.multipleTotalCapFen",
       [](auto& d) { d.mutable_policy()->set_multiple_total_cap_fen(100'000'001); }},
      {"policy.yearlyKinds", [](auto& d) { d.mutable_policy()->set_yearly_kinds(-1); }},
      {"policy.yearlyCapFen", [](auto& d) { d.mutable_policy()->set_yearly_cap_fen(-1); }},
      {"policy.sharedAllowances[0].capFen",
       [](auto& d) { d.mutable_policy()->mutable_shared_allowances(0)->set_cap_fen(0); }},
      {"policy.sharedAllowances[0].years",
       [](auto& d) { d.mutable_policy()->mutable_shared_allowances(0)->set_years(51); }},
      {"policy.sharedAllowances[1].shareGroup",
       [](auto& d) {
         *d.mutable_policy()->add_shared_allowances() = d.policy().shared_allowances(0);
       }},
      {"policy.sharedAllowances[1].shareGroup",
       [](auto& d) {
         *d.mutable_policy()->add_shared_allowances() = d.policy().shared_allowances(0);
         d.mutable_policy()->mutable_shared_allowances(1)->set_share_group("Not This");
       }},
      {"policy.earlyGrounds[1]",
       [](auto& d) {
         d.mutable_policy()->add_early_grounds(type::v1::EARLY_REPLACEMENT_GROUND_STOLEN);
       }},
      {"policy.earlyGrounds[1]",
       [](auto& d) {
         d.mutable_policy()->add_early_grounds(type::v1::EARLY_REPLACEMENT_GROUND_UNSPECIFIED);
       }},
      {"policy.fundOrder[2]",
       [](auto& d) { d.mutable_policy()->add_fund_order(v1::FUND_SOURCE_COUNTY); }},
      {"policy.fundOrder[2]",
       [](auto& d) { d.mutable_policy()->add_fund_order(v1::FUND_SOURCE_UNSPECIFIED); }},
      {"policy.fundOrder", [](auto& d) { d.mutable_policy()->clear_fund_order(); }}};
  std::set<std::string> fields;
  for (const Broken& broken : cases) {
    v1::CatalogueDocument document = Good();
    broken.change(document);
    EXPECT_THAT(PathsOf(document), ElementsAre(broken.path));
    fields.insert(broken.path.substr(0, broken.path.find('[')));
  }
  const google::protobuf::Descriptor* type = v1::SubsidyPolicy::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    EXPECT_TRUE(fields.contains(absl::StrCat("policy.", type->field(i)->json_name())))
        << type->field(i)->name();
  }
}

TEST(DocumentCheckTest, AsksTheProvinceForItemsAndAPolicy) {
  EXPECT_THAT(PathsOf(v1::CatalogueDocument()), ElementsAre("items", "policy"));
}

class AreaDocumentTest : public testing::Test {
 protected:
  const Catalogue above_{Published("p", "620000", "2026-01-01", {"M01", "M02"})};
  v1::CatalogueDocument document_;
};

TEST_F(AreaDocumentTest, HasToDifferFromWhatIsAbove) {
  EXPECT_THAT(PathsOf(document_, &above_), ElementsAre("items"));
  *document_.add_top_ups() = TopUp("M02", 100);
  EXPECT_THAT(PathsOf(document_, &above_), IsEmpty()) << "top-ups alone, of an item above";
}

TEST_F(AreaDocumentTest, RefersToWhatIsAbove) {
  *document_.add_items() = FullItem("N01");
  *document_.add_top_ups() = TopUp("N01", 100);
  EXPECT_THAT(PathsOf(document_, &above_), IsEmpty()) << "the allowance is of the policy above";
  *document_.add_top_ups() = TopUp("Z99", 100);
  EXPECT_THAT(PathsOf(document_, &above_), ElementsAre("topUps[1].itemCode"));
}

// With a policy of its own, what the rows from above draw on must be in it.
TEST_F(AreaDocumentTest, KeepsTheAllowancesOfTheRowsAbove) {
  *document_.mutable_policy() = FullPolicy();
  document_.mutable_policy()->clear_shared_allowances();
  Violations violations;
  CheckDocument(PlacedAsJson(document_), &above_, violations);
  const auto named = ViolationsIn(violations.ToStatus());
  ASSERT_EQ(named.size(), 2u);
  EXPECT_EQ(named[0].first, "policy.sharedAllowances");
  EXPECT_THAT(named[0].second, testing::AllOf(HasSubstr("M01"), HasSubstr("child-posture")));
  EXPECT_THAT(named[1].second, HasSubstr("M02"));
}

TEST(CheckCellsTest, HoldsRowsToTheirColumns) {
  // Each column gets a value that it does not allow, through its message; the table of columns says
  // which there are.
  const std::vector<std::pair<std::string, std::function<void(v1::Item&)>>> cases = {
      {"item_code", [](v1::Item& i) { i.set_item_code("x"); }},
      {"name_zh", [](v1::Item& i) { i.set_name_zh(""); }},
      {"name_en", [](v1::Item& i) { i.set_name_en(" x"); }},
      {"iso9999_code", [](v1::Item& i) { i.set_iso9999_code("12 22 03"); }},
      {"iso_code_source", [](v1::Item& i) { i.set_iso_code_source(""); }},
      {"categories", [](v1::Item& i) { i.clear_categories(); }},
      {"grades", [](v1::Item& i) { i.add_grades(5); }},
      {"age_min", [](v1::Item& i) { i.set_age_min(-1); }},
      {"age_max", [](v1::Item& i) { i.set_age_max(151); }},
      {"unit", [](v1::Item& i) { i.set_unit(""); }},
      {"cap_fen", [](v1::Item& i) { i.set_cap_fen(0); }},
      {"cap_basis", [](v1::Item& i) { i.set_cap_basis(""); }},
      {"ratios.tk_bp", [](v1::Item& i) { i.mutable_ratios()->set_tk_bp(-1); }},
      {"ratios.db_bp", [](v1::Item& i) { i.mutable_ratios()->set_db_bp(10001); }},
      {"ratios.dbby_bp", [](v1::Item& i) { i.mutable_ratios()->set_dbby_bp(10001); }},
      {"ratios.general_bp", [](v1::Item& i) { i.mutable_ratios()->set_general_bp(10001); }},
      {"ratios.child_bp", [](v1::Item& i) { i.mutable_ratios()->set_child_bp(10001); }},
      {"ratio_basis", [](v1::Item& i) { i.set_ratio_basis(""); }},
      {"replacement_years", [](v1::Item& i) { i.set_replacement_years(0); }},
      {"replacement_basis", [](v1::Item& i) { i.set_replacement_basis("\n"); }},
      {"assessment_level", [](v1::Item& i) { i.clear_assessment_level(); }},
      {"fulfilment_modes", [](v1::Item& i) { i.add_fulfilment_modes("purchase"); }},
      {"quantity_limit", [](v1::Item& i) { i.set_quantity_limit(1001); }},
      {"notes", [](v1::Item& i) { i.set_notes(std::string(501, 'x')); }},
      {"edition", [](v1::Item& i) { i.set_edition(std::string(61, 'x')); }},
      {"kind", [](v1::Item& i) { i.set_kind(static_cast<v1::ItemKind>(9)); }},
      {"item_class", [](v1::Item& i) { i.set_item_class(static_cast<v1::ItemClass>(9)); }},
      {"allowed_groups",
       [](v1::Item& i) { i.add_allowed_groups(type::v1::ECONOMIC_STATUS_UNSPECIFIED); }},
      {"price_ceiling_fen", [](v1::Item& i) { i.set_price_ceiling_fen(-1); }},
      {"service_share_bp", [](v1::Item& i) { i.set_service_share_bp(10001); }},
      {"child_replacement_years", [](v1::Item& i) { i.set_child_replacement_years(51); }},
      {"interval_key", [](v1::Item& i) { i.set_interval_key(static_cast<v1::IntervalKey>(9)); }},
      {"quantity_per_year", [](v1::Item& i) { i.set_quantity_per_year(-1); }},
      {"share_group", [](v1::Item& i) { i.set_share_group("A"); }}};
  ASSERT_EQ(cases.size(), ItemColumns().size());
  for (size_t i = 0; i < cases.size(); ++i) {
    const auto& [field, change] = cases[i];
    EXPECT_EQ(field, ItemColumns()[i].field);
    v1::CatalogueDocument document = Good();
    document.mutable_items(1)->clear_name();
    document.mutable_items(0)->clear_name();
    change(*document.mutable_items(1));
    PlacedDocument placed = PlacedAsJson(document);
    Violations violations;
    CheckCells(placed, violations);
    EXPECT_THAT(PathsIn(violations.ToStatus()),
                ElementsAre(absl::StrCat("items[1].", JsonName(field))));
  }
}

TEST(CheckCellsTest, RefusesWhatTheServiceSets) {
  v1::CatalogueDocument document = Good();
  document.mutable_items(1)->clear_name();
  document.mutable_items(0)->set_catalogue_version("x");
  document.mutable_top_ups(0)->set_area_code("620102");
  document.mutable_top_ups(1)->set_catalogue_version("x");
  PlacedDocument placed = PlacedAsJson(document);
  Violations violations;
  CheckCells(placed, violations);
  EXPECT_THAT(PathsIn(violations.ToStatus()),
              ElementsAre("items[0].name", "items[0].catalogueVersion", "topUps[0].areaCode",
                          "topUps[1].catalogueVersion"));
}

}  // namespace
}  // namespace fuju::catalogue
