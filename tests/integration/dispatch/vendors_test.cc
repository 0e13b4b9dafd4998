#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"
#include "integration/dispatch/dispatch_instance.h"
#include "integration/dispatch/other_services.h"
#include "support/fact_log.h"
#include "support/violations.h"

namespace fuju::dispatch {
namespace {

using testing::ApplicationId;
using testing::kPartitions;
using testing::kVendorA;
using testing::kVendorB;
using testing::NewRequestId;
using Stub = v1::DispatchService::Stub;

class VendorsTest : public ::testing::Test {
 protected:
  static v1::RegisterVendorRequest Registration(const std::string& uscc) {
    v1::RegisterVendorRequest request;
    request.set_request_id(NewRequestId());
    v1::Vendor& vendor = *request.mutable_vendor();
    vendor.set_uscc(uscc);
    vendor.set_name_zh("演示服务商");
    vendor.set_county_code("620102");
    vendor.add_service_counties("620102");
    vendor.add_device_classes("12");
    vendor.set_capacity(5);
    return request;
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  testing::DispatchInstance dispatch_{redis_, &clock_};
};

TEST_F(VendorsTest, RegistersOnceUnderOneSpelling) {
  auto request = Registration("91620102dem0000146");
  request.set_validate_only(true);
  const auto preview = dispatch_.Call(&Stub::RegisterVendor, request);
  ASSERT_TRUE(preview.ok()) << preview.status();
  EXPECT_EQ(preview->name(), "vendors/91620102DEM0000146");
  v1::GetVendorRequest get;
  get.set_name("vendors/91620102DEM0000146");
  EXPECT_EQ(dispatch_.Call(&Stub::GetVendor, get).status().code(), absl::StatusCode::kNotFound);

  request.set_validate_only(false);
  const auto registered = dispatch_.Call(&Stub::RegisterVendor, request);
  ASSERT_TRUE(registered.ok()) << registered.status();
  const auto found = dispatch_.Call(&Stub::GetVendor, get);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->SerializeAsString(), registered->SerializeAsString());
  EXPECT_EQ(found->uscc(), kVendorA);
  EXPECT_EQ(found->state(), v1::VENDOR_STATE_ACTIVE);

  for (const bool validate_only : {false, true}) {
    auto again = Registration(kVendorA);
    again.set_validate_only(validate_only);
    const absl::Status status = dispatch_.Call(&Stub::RegisterVendor, again).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
    EXPECT_EQ(chassis::ReasonOf(status), "ALREADY_EXISTS");
  }
}

TEST_F(VendorsTest, RefusesRepeatedCountiesAndClasses) {
  auto request = Registration(kVendorA);
  request.mutable_vendor()->add_service_counties("620102");
  request.mutable_vendor()->add_device_classes("12");
  const absl::Status status = dispatch_.Call(&Stub::RegisterVendor, request).status();
  EXPECT_EQ(test_support::PathsOf(status), "vendor.device_classes[1] vendor.service_counties[1]");
}

TEST_F(VendorsTest, SuspendedVendorsAreNotAskedUntilTheyAreResumed) {
  test_support::FactLog log(dispatch_.fanout(), kPartitions);
  testing::OtherServices others(&redis_, kPartitions);
  const v1::Vendor vendor = dispatch_.Register(kVendorA);
  v1::SuspendVendorRequest suspend;
  suspend.set_name(vendor.name());
  suspend.set_reason("年审未过");
  suspend.set_request_id(NewRequestId());
  suspend.set_etag(vendor.etag());
  const auto suspended = dispatch_.Call(&Stub::SuspendVendor, suspend);
  ASSERT_TRUE(suspended.ok()) << suspended.status();
  EXPECT_EQ(log.Await<v1::VendorUpdated>(1).at(0).reason(), "年审未过");
  testing::Eventually("the directory knows", [&] {
    const auto directory = dispatch_.vendors().Vendors();
    return directory.ok() && (*directory)->size() == 1 &&
           (*directory)->front().state() == v1::VENDOR_STATE_SUSPENDED;
  });
  others.Approve(ApplicationId(1));
  EXPECT_EQ(log.Await<v1::DispatchExhausted>(1).at(0).round().candidates_size(), 0);

  v1::ResumeVendorRequest resume;
  resume.set_name(vendor.name());
  resume.set_request_id(NewRequestId());
  ASSERT_TRUE(dispatch_.Call(&Stub::ResumeVendor, resume).ok());
  testing::Eventually("the directory knows", [&] {
    return (*dispatch_.vendors().Vendors())->front().state() == v1::VENDOR_STATE_ACTIVE;
  });
  others.Approve(ApplicationId(2));
  log.Await<v1::OfferOpened>(1);
}

TEST_F(VendorsTest, DirectoryOfALaterProcessHasWhatWasRegisteredBefore) {
  dispatch_.Register(kVendorA);
  dispatch_.Register(kVendorB);
  const chassis::redis::Endpoint endpoint = redis_.endpoint();
  const auto client = chassis::redis::PipelinedClient::Start({.endpoint = endpoint});
  const chassis::Keys keys("dispatch", kPartitions);
  const auto store = chassis::MakeRedisStore(client.get(), keys, &clock_, {});
  const auto fanout =
      chassis::Fanout::Start(client.get(), chassis::redis::Topology::Fixed(endpoint), keys);
  prometheus::Registry registry;
  DispatchMetrics metrics(registry);
  const DispatchStores stores(store.get(), &metrics);
  VendorWatcher later(&stores, fanout.get(), &metrics);
  EXPECT_EQ(later.Vendors().status().code(), absl::StatusCode::kUnavailable);
  ASSERT_TRUE(later.Load(absl::Now() + absl::Seconds(20)).ok());
  EXPECT_EQ((*later.Vendors())->size(), 2u);
  later.Stop();
  fanout->Stop();
}

TEST_F(VendorsTest, ListsPageByPage) {
  dispatch_.Register(kVendorA);
  dispatch_.Register(kVendorB);
  std::set<std::string> names;
  v1::ListVendorsRequest list;
  list.set_page_size(1);
  for (int page = 0; page < 3; ++page) {
    const auto vendors = dispatch_.Call(&Stub::ListVendors, list);
    ASSERT_TRUE(vendors.ok()) << vendors.status();
    for (const v1::Vendor& vendor : vendors->vendors()) names.insert(vendor.name());
    list.set_page_token(vendors->next_page_token());
    if (list.page_token().empty()) break;
  }
  EXPECT_EQ(names.size(), 2u);
}

}  // namespace
}  // namespace fuju::dispatch
