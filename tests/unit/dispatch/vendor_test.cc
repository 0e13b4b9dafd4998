#include "dispatch/vendor.h"

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"
#include "unit/dispatch/samples.h"

namespace fuju::dispatch {
namespace {

using chassis::Versioned;
using testing::After;
using testing::FactOf;
using testing::kNow;
using testing::kUscc;
using testing::Registered;
using testing::SampleVendor;

TEST(VendorTest, RegisteringMakesAnActiveVendorAndPublishesIt) {
  v1::Vendor asked = SampleVendor();
  asked.set_name("ignored");
  asked.set_etag("ignored");
  asked.set_state(v1::VENDOR_STATE_SUSPENDED);
  const auto decision = RegisterVendor({}, asked, kNow);
  ASSERT_TRUE(decision.ok());
  const v1::Vendor vendor = FactOf<v1::VendorRegistered>(decision).vendor();
  EXPECT_EQ(vendor.name(), "vendors/91620102DEM0000146");
  EXPECT_EQ(vendor.state(), v1::VENDOR_STATE_ACTIVE);
  EXPECT_EQ(vendor.etag(), "");
  EXPECT_EQ(vendor.SerializeAsString(), decision->next.vendor().SerializeAsString());
}

TEST(VendorTest, RefusesASecondRegistration) {
  const auto decision = RegisterVendor(Registered(SampleVendor()), SampleVendor(), kNow);
  EXPECT_EQ(decision.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(chassis::ReasonOf(decision.status()), "ALREADY_EXISTS");
}

TEST(VendorTest, RefusesRepeatedCountiesAndClassesAllAtOnce) {
  v1::Vendor vendor = SampleVendor();
  vendor.add_service_counties("620102");
  vendor.add_device_classes("12");
  const auto decision = RegisterVendor({}, vendor, kNow);
  EXPECT_EQ(decision.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(decision.status()), "FIELD_INVALID");
  const auto payload = decision.status().GetPayload(std::string(chassis::kBadRequestUrl));
  ASSERT_TRUE(payload.has_value());
  const std::string text(*payload);
  EXPECT_NE(text.find("vendor.service_counties[2]"), std::string::npos);
  EXPECT_NE(text.find("vendor.device_classes[2]"), std::string::npos);
}

TEST(VendorTest, SuspendsAndResumesInTurn) {
  const auto active = Registered(SampleVendor());
  const auto suspend = SuspendVendor(active, kUscc, "年审未过");
  ASSERT_TRUE(suspend.ok());
  EXPECT_EQ(FactOf<v1::VendorUpdated>(suspend).reason(), "年审未过");
  EXPECT_EQ(FactOf<v1::VendorUpdated>(suspend).vendor().state(), v1::VENDOR_STATE_SUSPENDED);
  const auto suspended = After(active, suspend);

  const auto again = SuspendVendor(suspended, kUscc, "again");
  EXPECT_EQ(again.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(again.status()), "STATE_FORBIDS");
  EXPECT_EQ(chassis::MetadataOf(again.status(), "state"), "SUSPENDED");
  EXPECT_EQ(chassis::MetadataOf(again.status(), "legal_moves"), "ResumeVendor");

  const auto resumed = After(suspended, ResumeVendor(suspended, kUscc));
  EXPECT_EQ(resumed.state.vendor().state(), v1::VENDOR_STATE_ACTIVE);
  EXPECT_EQ(resumed.state.suspend_reason(), "");
  EXPECT_EQ(chassis::MetadataOf(ResumeVendor(resumed, kUscc).status(), "legal_moves"),
            "SuspendVendor");
}

TEST(VendorTest, UnknownVendorIsNotFound) {
  EXPECT_EQ(SuspendVendor({}, kUscc, "x").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ResumeVendor({}, kUscc).status().code(), absl::StatusCode::kNotFound);
}

TEST(VendorTest, CapacityIsHeldAlsoWhileSuspended) {
  const auto active = Registered(SampleVendor(kUscc, 3));
  const auto suspended = After(active, SuspendVendor(active, kUscc, "x"));
  for (const auto& vendor : {active, suspended}) {
    const chassis::Footprint footprint = VendorFootprint(kUscc, vendor.state);
    ASSERT_EQ(footprint.holdings.size(), 1u);
    EXPECT_EQ(footprint.holdings[0].counter, CapacityCounter(kUscc));
    EXPECT_EQ(footprint.holdings[0].amount, 3);
    EXPECT_EQ(footprint.index.size(), 1u);
  }
}

TEST(VendorTest, NothingIsKeptForAVendorThatDoesNotExist) {
  const chassis::Footprint footprint = VendorFootprint(kUscc, {});
  EXPECT_TRUE(footprint.index.empty());
  EXPECT_TRUE(footprint.holdings.empty());
}

TEST(VendorTest, ServesByCountyAndByPrefixOfTheDivision) {
  const v1::Vendor vendor = SampleVendor();  // classes 12 and 1803
  EXPECT_TRUE(Serves(vendor, "620102", "122203"));
  EXPECT_TRUE(Serves(vendor, "620103", "120306"));
  EXPECT_TRUE(Serves(vendor, "620102", "180315"));
  EXPECT_FALSE(Serves(vendor, "620102", "181215"));
  EXPECT_FALSE(Serves(vendor, "620102", "041203"));
  EXPECT_FALSE(Serves(vendor, "620104", "122203"));
}

TEST(VendorTest, KnowsTheOfficersRelatedToItByTheirRelations) {
  Versioned<VendorRecord> vendor = Registered(SampleVendor());
  const auto related = [&](const std::string& officer) {
    google::protobuf::RepeatedPtrField<std::string> officers;
    *officers.Add() = officer;
    return IsRelated(vendor.state, officers);
  };
  vendor = After<VendorRecord>(vendor, AddRelation(vendor, "officerRelations/r1", "chen"));
  EXPECT_FALSE(AddRelation(vendor, "officerRelations/r1", "chen")->changed);
  // Declared anew before the end of the first one was heard of.
  vendor = After<VendorRecord>(vendor, AddRelation(vendor, "officerRelations/r2", "chen"));
  vendor = After<VendorRecord>(vendor, DropRelation(vendor, "officerRelations/r1"));
  EXPECT_TRUE(related("chen"));
  EXPECT_FALSE(related("li"));
  vendor = After<VendorRecord>(vendor, DropRelation(vendor, "officerRelations/r2"));
  EXPECT_FALSE(related("chen"));
  EXPECT_FALSE(DropRelation(vendor, "officerRelations/r2")->changed);
  EXPECT_FALSE(AddRelation({}, "officerRelations/r3", "chen")->changed) << "no such vendor";
}

}  // namespace
}  // namespace fuju::dispatch
