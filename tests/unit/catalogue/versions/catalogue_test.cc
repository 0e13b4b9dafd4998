#include "catalogue/versions/catalogue.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "version_examples.h"

namespace fuju::catalogue {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> CodesAfter(const Catalogue& catalogue, const std::string& after,
                                    int limit) {
  std::vector<std::string> codes;
  for (const v1::Item* item : catalogue.ItemsAfter(after, limit))
    codes.push_back(item->item_code());
  return codes;
}

// What each level adds for an item: "<area> <fen>".
std::vector<std::string> TopUpsOf(const Catalogue& catalogue, const std::string& code) {
  std::vector<std::string> top_ups;
  for (const v1::LocalTopUp* top_up : catalogue.TopUpsFor(code)) {
    top_ups.push_back(top_up->area_code() + " " + std::to_string(top_up->cap_fen()));
  }
  return top_ups;
}

TEST(CatalogueTest, FindsItemsByCode) {
  const Catalogue catalogue(Published("p", "620000", "2026-01-01", {"M02", "M01"}));
  ASSERT_NE(catalogue.Find("M01"), nullptr);
  EXPECT_EQ(catalogue.Find("M01")->item_code(), "M01");
  EXPECT_EQ(catalogue.Find("M02")->item_code(), "M02");
  EXPECT_EQ(catalogue.Find("M03"), nullptr);
  EXPECT_EQ(catalogue.Find(""), nullptr);
  EXPECT_EQ(catalogue.item_count(), 2);
  EXPECT_EQ(catalogue.label(), "p");
}

TEST(CatalogueTest, GivesPagesByCode) {
  const Catalogue catalogue(Published("p", "620000", "2026-01-01", {"W01", "M02", "B01", "M01"}));
  EXPECT_THAT(CodesAfter(catalogue, "", 10), ElementsAre("B01", "M01", "M02", "W01"));
  EXPECT_THAT(CodesAfter(catalogue, "", 2), ElementsAre("B01", "M01"));
  EXPECT_THAT(CodesAfter(catalogue, "M01", 2), ElementsAre("M02", "W01"));
  EXPECT_THAT(CodesAfter(catalogue, "W01", 2), IsEmpty());
  const auto wanted = [](const v1::Item& item) { return item.item_code()[0] == 'M'; };
  EXPECT_EQ(catalogue.ItemsAfter("", 10, wanted).size(), 2u);
}

// A county below a prefecture below the province, each with a row of its own for M01.
class InheritanceTest : public testing::Test {
 protected:
  InheritanceTest() {
    prefecture_.mutable_items(0)->set_cap_fen(2);
    county_.mutable_items(0)->set_cap_fen(3);
  }

  static Catalogue Of(const std::vector<storage::v1::CatalogueRecord>& records) {
    std::vector<SharedRecord> chain;
    for (const auto& record : records) chain.push_back(Read(record));
    return Catalogue(std::move(chain));
  }

  storage::v1::CatalogueRecord province_ =
      Published("p", "620000", "2026-01-01", {"M01", "M02", "M03"});
  storage::v1::CatalogueRecord prefecture_ = Published("q", "620100", "2026-01-01", {"M01", "M02"});
  storage::v1::CatalogueRecord county_ = Published("c", "620102", "2026-01-01", {"M01", "N01"});
};

TEST_F(InheritanceTest, TakesTheNearestRow) {
  const Catalogue catalogue = Of({province_, prefecture_, county_});
  EXPECT_THAT(CodesAfter(catalogue, "", 9), ElementsAre("M01", "M02", "M03", "N01"));
  EXPECT_EQ(catalogue.Find("M01")->cap_fen(), 3);
  EXPECT_EQ(catalogue.Find("M01")->catalogue_version(), "c");
  EXPECT_EQ(catalogue.Find("M02")->catalogue_version(), "q");
  EXPECT_EQ(catalogue.Find("M03")->catalogue_version(), "p");
  EXPECT_EQ(catalogue.Find("N01")->catalogue_version(), "c") << "an area may add rows";
  EXPECT_EQ(catalogue.label(), "p+q+c");
  EXPECT_EQ(Of({province_, county_}).Find("M02")->catalogue_version(), "p");
}

TEST_F(InheritanceTest, TakesTheNearestPolicyWhole) {
  EXPECT_EQ(Of({province_, prefecture_, county_}).policy_version(), "p");
  prefecture_.mutable_version()->mutable_policy()->set_ffp_ratio_bp(1);
  const Catalogue catalogue = Of({province_, prefecture_, county_});
  EXPECT_EQ(catalogue.policy_version(), "q");
  EXPECT_EQ(catalogue.policy().ffp_ratio_bp(), 1);
  EXPECT_EQ(catalogue.policy().multiple_kinds(), 0) << "nothing of the province's is left";
}

TEST_F(InheritanceTest, AddsTheTopUpsOfAllLevels) {
  *province_.add_top_ups() = TopUp("M01", 10);
  *prefecture_.add_top_ups() = TopUp("*", 20);
  *prefecture_.add_top_ups() = TopUp("M01", 21);
  *county_.add_top_ups() = TopUp("*", 30);
  const Catalogue catalogue = Of({province_, prefecture_, county_});
  EXPECT_THAT(TopUpsOf(catalogue, "M01"), ElementsAre("620000 10", "620100 21", "620102 30"));
  EXPECT_THAT(TopUpsOf(catalogue, "M02"), ElementsAre("620100 20", "620102 30"));
  EXPECT_THAT(TopUpsOf(catalogue, "Z99"), IsEmpty());
  EXPECT_EQ(catalogue.TopUpsFor("M01")[1]->catalogue_version(), "q");
}

}  // namespace
}  // namespace fuju::catalogue
