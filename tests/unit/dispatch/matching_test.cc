#include "dispatch/matching.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/dispatch/samples.h"

namespace fuju::dispatch {
namespace {

using ::testing::ElementsAre;
using testing::kCounty;
using testing::kDivision;
using testing::kOtherCounty;
using testing::SampleVendor;

MatchQuery Query(uint64_t seed = 1) { return {kCounty, kDivision, seed, {}}; }

VendorLoad Load(const std::string& uscc, int free, const std::string& seat = kOtherCounty) {
  v1::Vendor vendor = SampleVendor(uscc, 20);
  vendor.set_county_code(seat);
  return {vendor, free};
}

std::vector<std::string> Names(const std::vector<v1::Candidate>& candidates) {
  std::vector<std::string> names;
  for (const v1::Candidate& candidate : candidates) names.push_back(candidate.vendor());
  return names;
}

TEST(MatchingTest, KeepsOnlyVendorsThatMayBeAsked) {
  VendorLoad good = Load("GOOD", 5);
  VendorLoad suspended = Load("SUSPENDED", 5);
  suspended.vendor.set_state(v1::VENDOR_STATE_SUSPENDED);
  VendorLoad elsewhere = Load("ELSEWHERE", 5);
  elsewhere.vendor.clear_service_counties();
  elsewhere.vendor.add_service_counties("620104");
  VendorLoad other_class = Load("OTHER_CLASS", 5);
  other_class.vendor.clear_device_classes();
  other_class.vendor.add_device_classes("04");
  VendorLoad subclass = Load("SUBCLASS", 5);
  subclass.vendor.clear_device_classes();
  subclass.vendor.add_device_classes("1222");
  VendorLoad sibling = Load("SIBLING", 5);
  sibling.vendor.clear_device_classes();
  sibling.vendor.add_device_classes("1203");
  VendorLoad excluded = Load("EXCLUDED", 5);
  MatchQuery query = Query();
  query.excluded = {"vendors/EXCLUDED"};

  const std::vector<VendorLoad> all = {good,     suspended, elsewhere, other_class,
                                       subclass, sibling,   excluded};
  EXPECT_THAT(Names(RankVendors(all, query, 10)),
              ::testing::UnorderedElementsAre("vendors/GOOD", "vendors/SUBCLASS"));
  std::vector<v1::Vendor> vendors;
  for (const VendorLoad& load : all) vendors.push_back(load.vendor);
  const std::vector<v1::Vendor> suitable = SuitableVendors(vendors, query);
  ASSERT_EQ(suitable.size(), 2u);
  EXPECT_EQ(suitable[0].uscc(), "GOOD");
  EXPECT_EQ(suitable[1].uscc(), "SUBCLASS");
}

TEST(MatchingTest, SameCountyComesFirstThenMoreFreeCapacity) {
  const std::vector<VendorLoad> vendors = {
      Load("FAR_FULL", 0),           Load("FAR_SOME", 4),
      Load("NEAR_FULL", 0, kCounty), Load("NEAR_MORE", 16, kCounty),
      Load("FAR_MORE", 20),
  };
  EXPECT_THAT(Names(RankVendors(vendors, Query(), 10)),
              ElementsAre("vendors/NEAR_MORE", "vendors/NEAR_FULL", "vendors/FAR_MORE",
                          "vendors/FAR_SOME", "vendors/FAR_FULL"));
  EXPECT_THAT(Names(RankVendors(vendors, Query(), 2)),
              ElementsAre("vendors/NEAR_MORE", "vendors/NEAR_FULL"));
  EXPECT_TRUE(RankVendors(vendors, Query(), 0).empty());
}

TEST(MatchingTest, ExplainsThePlaceInBothLanguages) {
  const std::vector<v1::Candidate> ranked =
      RankVendors({Load("A", 18, kCounty), Load("B", 25)}, Query(), 10);
  ASSERT_EQ(ranked.size(), 2u);
  EXPECT_EQ(ranked[0].explanation(), "同县，在办2/20 / same county, load 2/20");
  EXPECT_EQ(ranked[0].vendor_name(), "服务商A");
  EXPECT_GT(ranked[0].score(), ranked[1].score());
  // More free capacity than it has: a stale hint must not make a negative load.
  EXPECT_EQ(ranked[1].explanation(), "服务该县，在办0/20 / serves the county, load 0/20");
}

TEST(MatchingTest, SameSeedGivesTheSameOrderWhateverTheOrderOfTheInput) {
  std::vector<VendorLoad> vendors;
  for (int i = 0; i < 8; ++i) vendors.push_back(Load(absl::StrCat("V", i), 5));
  const std::vector<std::string> first = Names(RankVendors(vendors, Query(42), 8));
  std::reverse(vendors.begin(), vendors.end());
  EXPECT_EQ(Names(RankVendors(vendors, Query(42), 8)), first);
  EXPECT_NE(Names(RankVendors(vendors, Query(43), 8)), first);
}

// Pins the order itself: a change of the hash would make recorded rankings impossible to replay.
TEST(MatchingTest, OrderIsTheSameInEveryRelease) {
  std::vector<VendorLoad> vendors;
  for (int i = 0; i < 5; ++i) vendors.push_back(Load(absl::StrCat("V", i), 5));
  const uint64_t seed = SeedOf("620102-01J9ZZZZZZZZZZZZZZZZZZZZZZ");
  EXPECT_EQ(seed, 985055632917678412u);
  EXPECT_THAT(Names(RankVendors(vendors, Query(seed), 5)),
              ElementsAre("vendors/V0", "vendors/V2", "vendors/V4", "vendors/V1", "vendors/V3"));
}

TEST(MatchingTest, NearEqualsAreFirstEquallyOftenOverManyCases) {
  std::vector<VendorLoad> vendors;
  constexpr int kVendors = 5;
  for (int i = 0; i < kVendors; ++i) {
    vendors.push_back(Load(absl::StrCat("9162010", i, "DEM000014", i), 4 + i % 4));
  }
  vendors.push_back(Load("LESS", 3));
  std::map<std::string, int> first;
  std::map<std::string, int> second;
  constexpr int kCases = 20000;
  for (int i = 0; i < kCases; ++i) {
    const uint64_t seed = SeedOf(absl::StrCat("620102-01J9Z", i));
    const std::vector<std::string> names = Names(RankVendors(vendors, Query(seed), 2));
    ++first[names[0]];
    ++second[names[1]];
  }
  EXPECT_EQ(first.count("vendors/LESS"), 0u);
  for (const auto& counts : {first, second}) {
    ASSERT_EQ(counts.size(), static_cast<size_t>(kVendors));
    for (const auto& [name, count] : counts) {
      // 4000 expected, standard deviation 57.
      EXPECT_NEAR(count, kCases / kVendors, 300) << name;
    }
  }
}

}  // namespace
}  // namespace fuju::dispatch
