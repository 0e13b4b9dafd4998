#include "fitting/technician.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/fitting/v1/fitting_events.pb.h"
#include "support/violations.h"
#include "unit/fitting/samples.h"

namespace fuju::fitting {
namespace {

using testing::After;
using testing::FactOf;
using testing::Hours;
using testing::kNow;
using testing::kUscc;
using testing::SampleTechnician;

std::string Id() { return TechnicianId(kUscc, "T1"); }

TEST(TechnicianTest, IsRegisteredAndPublished) {
  v1::Technician asked = SampleTechnician();
  asked.set_name("ignored");
  asked.set_etag("ignored");
  asked.add_device_classes("12");
  const auto decision = RegisterTechnician({}, Id(), asked, kNow);
  const v1::Technician technician = FactOf<v1::TechnicianRegistered>(decision).technician();
  EXPECT_EQ(technician.name(), absl::StrCat("vendors/", kUscc, "/technicians/T1"));
  EXPECT_EQ(technician.etag(), "");
  EXPECT_EQ(technician.working_hours_size(), 5);
  EXPECT_EQ(technician.device_classes(0), "12");
  EXPECT_EQ(technician.SerializeAsString(), decision->next.technician().SerializeAsString());
}

TEST(TechnicianTest, IsNotRegisteredTwice) {
  const auto first =
      After<TechnicianRecord>({}, RegisterTechnician({}, Id(), SampleTechnician(), kNow));
  const auto second = RegisterTechnician(first, Id(), SampleTechnician(), kNow);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(chassis::ReasonOf(second.status()), "ALREADY_EXISTS");
  EXPECT_EQ(chassis::MetadataOf(second.status(), "name"), TechnicianName(Id()));
}

TEST(TechnicianTest, IsRefusedWithAllBadHoursAtOnce) {
  v1::Technician technician;
  *technician.add_working_hours() = Hours(1, 540, 500);
  *technician.add_working_hours() = Hours(2, 540, 720);
  *technician.add_working_hours() = Hours(2, 600, 800);
  const auto decision = RegisterTechnician({}, Id(), technician, kNow);
  EXPECT_EQ(decision.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(test_support::PathsOf(decision.status()),
            "technician.working_hours[0].end_minute technician.working_hours[2]");
}

TEST(TechnicianTest, IsListedWithItsVendor) {
  const auto registered =
      After<TechnicianRecord>({}, RegisterTechnician({}, Id(), SampleTechnician(), kNow));
  const chassis::Footprint footprint = TechnicianFootprint(Id(), registered.state);
  ASSERT_EQ(footprint.index.size(), 1u);
  EXPECT_EQ(footprint.index[0].index, TechnicianIndex(kUscc));
  EXPECT_EQ(footprint.index[0].member, Id());
  EXPECT_EQ(footprint.index[0].score, absl::ToUnixMillis(kNow));
  EXPECT_TRUE(footprint.claims.empty());
  EXPECT_TRUE(TechnicianFootprint(Id(), {}).index.empty());
}

}  // namespace
}  // namespace fuju::fitting
