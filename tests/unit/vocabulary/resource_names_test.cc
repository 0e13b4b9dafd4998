#include "vocabulary/resource_names.h"

#include <gtest/gtest.h>

namespace fuju::vocabulary {
namespace {

TEST(ResourceNamesTest, GoThereAndBack) {
  EXPECT_EQ(VendorIdOf("vendors/V"), "V");
  EXPECT_EQ(ApplicationIdOf("applications/A"), "A");
  EXPECT_EQ(SegmentAfter("rounds/", "rounds/620102-A"), "620102-A");
  EXPECT_EQ(NameBelowVendor("/orders/", "V/A-1"), "vendors/V/orders/A-1");
  EXPECT_EQ(IdBelowVendor("/orders/", "vendors/V/orders/A-1"), "V/A-1");
  EXPECT_EQ(VendorOf("V/A-1"), "V");
}

TEST(ResourceNamesTest, OfAVendorNamedLikeACollection) {
  EXPECT_EQ(IdBelowVendor("/orders/", "vendors/orders/orders/A-1"), "orders/A-1");
}

TEST(ResourceNamesTest, OfAnotherFormAreNone) {
  for (const char* name : {"", "vendors", "vendors/", "vendors/a/b", "vendor/a", "vendors/V/"}) {
    EXPECT_FALSE(VendorIdOf(name).has_value()) << name;
  }
  for (const char* name :
       {"", "vendors/", "vendors//orders/A", "vendors/V/orders/", "vendors/V/orders/A/B",
        "vendors/V/W/orders/A", "x/V/orders/A", "vendors/orders/A", "vendors/V/offers/A"}) {
    EXPECT_FALSE(IdBelowVendor("/orders/", name).has_value()) << name;
  }
}

}  // namespace
}  // namespace fuju::vocabulary
