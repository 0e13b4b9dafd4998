#include "catalogue/catalogue.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/publication.h"
#include "examples.h"

namespace fuju::catalogue {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

storage::v1::CatalogueRecord RecordOf(const std::vector<std::string>& codes) {
  storage::v1::CatalogueRecord record = ExampleRecord();
  record.clear_items();
  for (const std::string& code : codes) {
    v1::Item item = Wheelchair();
    item.set_item_code(code);
    *record.add_items() = item;
  }
  return record;
}

std::vector<std::string> CodesAfter(const Catalogue& catalogue, const std::string& after,
                                    int limit) {
  std::vector<std::string> codes;
  for (const v1::Item* item : catalogue.ItemsAfter(after, limit))
    codes.push_back(item->item_code());
  return codes;
}

TEST(CatalogueTest, FindsItemsByCode) {
  const Catalogue catalogue(RecordOf({"M02", "M01"}));
  ASSERT_NE(catalogue.Find("M01"), nullptr);
  EXPECT_EQ(catalogue.Find("M01")->item_code(), "M01");
  EXPECT_EQ(catalogue.Find("M02")->item_code(), "M02");
  EXPECT_EQ(catalogue.Find("M03"), nullptr);
  EXPECT_EQ(catalogue.Find(""), nullptr);
}

TEST(CatalogueTest, GivesPagesByCode) {
  const Catalogue catalogue(RecordOf({"W01", "M02", "B01", "M01"}));
  EXPECT_THAT(CodesAfter(catalogue, "", 10), ElementsAre("B01", "M01", "M02", "W01"));
  EXPECT_THAT(CodesAfter(catalogue, "", 2), ElementsAre("B01", "M01"));
  EXPECT_THAT(CodesAfter(catalogue, "M01", 2), ElementsAre("M02", "W01"));
  EXPECT_THAT(CodesAfter(catalogue, "W01", 2), IsEmpty());
}

TEST(CatalogueTest, IsSupersededByTheLaterPublication) {
  const absl::Time now = DecisionTime();
  const Catalogue first(MakeCatalogueRecord("b", "", {}, now));
  const Catalogue later(MakeCatalogueRecord("a", "", {}, now + absl::Milliseconds(1)));
  const Catalogue same_moment(MakeCatalogueRecord("c", "", {}, now));
  EXPECT_TRUE(later.Supersedes(first));
  EXPECT_FALSE(first.Supersedes(later));
  EXPECT_TRUE(same_moment.Supersedes(first));
  EXPECT_FALSE(first.Supersedes(first));
}

}  // namespace
}  // namespace fuju::catalogue
