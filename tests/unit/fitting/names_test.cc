#include "fitting/names.h"

#include <gtest/gtest.h>

namespace fuju::fitting {
namespace {

TEST(NamesTest, GoThereAndBack) {
  const std::string order = OrderId("91620102DEM0000146", "620102-01J9", 3);
  EXPECT_EQ(OrderName(order), "vendors/91620102DEM0000146/orders/620102-01J9-3");
  EXPECT_EQ(OrderIdOf(OrderName(order)), order);
  EXPECT_EQ(VendorOf(order), "91620102DEM0000146");
  const std::string technician = TechnicianId("91620102DEM0000146", "T-1");
  EXPECT_EQ(TechnicianName(technician), "vendors/91620102DEM0000146/technicians/T-1");
  EXPECT_EQ(TechnicianIdOf(TechnicianName(technician)), technician);
  EXPECT_EQ(VendorIdOf("vendors/V"), "V");
  EXPECT_EQ(ApplicationIdOf("applications/A"), "A");
}

// A vendor may be called like a collection: the name then has the same word twice.
TEST(NamesTest, OfAVendorNamedLikeACollection) {
  EXPECT_EQ(OrderIdOf("vendors/orders/orders/A-1"), "orders/A-1");
  EXPECT_EQ(TechnicianIdOf("vendors/technicians/technicians/T"), "technicians/T");
}

TEST(NamesTest, OfAnotherFormAreNone) {
  for (const char* name :
       {"", "vendors", "vendors/", "vendors//orders/A-1", "vendors/V/orders/", "vendors/V/orders",
        "vendors/V/orders/A/B", "vendors/V/W/orders/A-1", "x/V/orders/A-1", "vendors/orders/A-1"}) {
    EXPECT_FALSE(OrderIdOf(name).has_value()) << name;
  }
  EXPECT_FALSE(TechnicianIdOf("vendors/V/orders/A-1").has_value());
  EXPECT_FALSE(VendorIdOf("vendors/V/orders/A-1").has_value());
  EXPECT_FALSE(VendorIdOf("vendors/").has_value());
  EXPECT_FALSE(ApplicationIdOf("applications/A/B").has_value());
}

}  // namespace
}  // namespace fuju::fitting
