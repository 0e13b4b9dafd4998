#include "dispatch/names.h"

#include <gtest/gtest.h>

namespace fuju::dispatch {
namespace {

TEST(NamesTest, NamesAndIdsAreTheSameThingTwice) {
  EXPECT_EQ(VendorName("V"), "vendors/V");
  EXPECT_EQ(VendorIdOf("vendors/V"), "V");
  EXPECT_EQ(RoundName("620102-A"), "rounds/620102-A");
  EXPECT_EQ(RoundIdOf("rounds/620102-A"), "620102-A");
  EXPECT_EQ(ApplicationIdOf("applications/620102-A"), "620102-A");
  EXPECT_EQ(OfferId("V", "620102-A", 3), "V/620102-A-3");
  EXPECT_EQ(OfferName("V/620102-A-3"), "vendors/V/offers/620102-A-3");
  EXPECT_EQ(OfferIdOf("vendors/V/offers/620102-A-3"), "V/620102-A-3");
}

TEST(NamesTest, RoutesAreTheCountyAndTheVendor) {
  EXPECT_EQ(CountyOf("620102-A"), "620102");
  EXPECT_EQ(VendorOf("V/620102-A-3"), "V");
}

TEST(NamesTest, OtherFormsAreNoNames) {
  for (const char* name : {"", "vendors/", "vendors/a/b", "vendor/a", "rounds/", "offers/x"}) {
    EXPECT_FALSE(VendorIdOf(name).has_value()) << name;
    EXPECT_FALSE(OfferIdOf(name).has_value()) << name;
  }
  for (const char* name :
       {"vendors//offers/x", "vendors/V/offers/", "vendors/V/offers/a/b", "vendors/V/orders/x"}) {
    EXPECT_FALSE(OfferIdOf(name).has_value()) << name;
  }
}

}  // namespace
}  // namespace fuju::dispatch
