#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "integration/fitting/fitting_instance.h"
#include "support/violations.h"

namespace fuju::fitting {
namespace {

using Stub = v1::FittingService::Stub;
using test_support::PathsOf;

class TechniciansTest : public testing::FittingTest {
 protected:
  static v1::RegisterTechnicianRequest Registration(const std::string& staff_number) {
    v1::RegisterTechnicianRequest request;
    request.set_parent(absl::StrCat("vendors/", testing::kVendor));
    request.mutable_technician()->set_staff_number(staff_number);
    v1::WorkingHours& hours = *request.mutable_technician()->add_working_hours();
    hours.set_weekday(1);
    hours.set_end_minute(720);
    request.set_request_id(testing::NewRequestId());
    return request;
  }
  absl::StatusOr<v1::Technician> Get(const std::string& staff_number) {
    v1::GetTechnicianRequest request;
    request.set_name(Technician(staff_number));
    return fitting_.Call(&Stub::GetTechnician, request);
  }
};

TEST_F(TechniciansTest, AreRegisteredOnce) {
  const auto registered = fitting_.Call(&Stub::RegisterTechnician, Registration("T3"));
  ASSERT_TRUE(registered.ok()) << registered.status();
  EXPECT_EQ(registered->name(), Technician("T3"));
  EXPECT_NE(registered->etag(), "");
  EXPECT_EQ(Get("T3")->SerializeAsString(), registered->SerializeAsString());
  EXPECT_EQ(log_.Await<v1::TechnicianRegistered>(3).back().technician().name(), Technician("T3"));
  const absl::Status again = fitting_.Call(&Stub::RegisterTechnician, Registration("T3")).status();
  EXPECT_EQ(again.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(chassis::ReasonOf(again), "ALREADY_EXISTS");
}

TEST_F(TechniciansTest, AreOnlyCheckedIfAskedSo) {
  v1::RegisterTechnicianRequest request = Registration("T3");
  request.set_validate_only(true);
  const auto checked = fitting_.Call(&Stub::RegisterTechnician, request);
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_EQ(checked->name(), Technician("T3"));
  EXPECT_EQ(Get("T3").status().code(), absl::StatusCode::kNotFound);
  request.mutable_technician()->mutable_working_hours(0)->set_start_minute(720);
  EXPECT_EQ(PathsOf(fitting_.Call(&Stub::RegisterTechnician, request).status()),
            "technician.working_hours[0].end_minute");
  request = Registration("T1");
  request.set_validate_only(true);
  EXPECT_EQ(fitting_.Call(&Stub::RegisterTechnician, request).status().code(),
            absl::StatusCode::kAlreadyExists);
}

TEST_F(TechniciansTest, AreRefusedWithAllBadHoursAtOnce) {
  v1::RegisterTechnicianRequest request = Registration("T3");
  request.mutable_technician()->mutable_working_hours(0)->set_start_minute(800);
  *request.mutable_technician()->add_working_hours() = request.technician().working_hours(0);
  request.mutable_technician()->mutable_working_hours(1)->set_start_minute(719);
  EXPECT_EQ(PathsOf(fitting_.Call(&Stub::RegisterTechnician, request).status()),
            "technician.working_hours[0].end_minute technician.working_hours[1].end_minute");
}

// A technician below a name that no order ever has could never be booked.
TEST_F(TechniciansTest, AreOfAVendorWithAProperCode) {
  for (const std::string& vendor : {std::string("x"), std::string("91620102DEM0000147"),
                                    absl::AsciiStrToLower(testing::kVendor)}) {
    v1::RegisterTechnicianRequest request = Registration("T3");
    request.set_parent(absl::StrCat("vendors/", vendor));
    const absl::Status status = fitting_.Call(&Stub::RegisterTechnician, request).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << vendor;
    EXPECT_EQ(PathsOf(status), "parent");
  }
}

TEST_F(TechniciansTest, UnknownOnesAreNotFound) {
  const absl::Status status = Get("NOBODY").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(chassis::MetadataOf(status, "resource"), Technician("NOBODY"));
}

}  // namespace
}  // namespace fuju::fitting
