// What the prefecture does with rounds that nobody took.

#include <string>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"
#include "integration/dispatch/dispatch_instance.h"
#include "integration/dispatch/other_services.h"
#include "support/fact_log.h"

namespace fuju::dispatch {
namespace {

using testing::ApplicationId;
using testing::kPartitions;
using testing::kVendorA;
using testing::kVendorB;
using testing::NewRequestId;
using Stub = v1::DispatchService::Stub;

class ManualQueueTest : public ::testing::Test {
 protected:
  // A round without candidates.
  std::string ManualRound(int number) {
    const std::string id = ApplicationId(number);
    others_.Approve(id);
    log_.Await<v1::DispatchExhausted>(static_cast<size_t>(number));
    return absl::StrCat("rounds/", id);
  }
  absl::StatusOr<v1::Round> Assign(const std::string& round, const std::string& uscc,
                                   const std::string& request_id = NewRequestId()) {
    v1::AssignVendorRequest request;
    request.set_name(round);
    request.set_vendor(absl::StrCat("vendors/", uscc));
    request.set_request_id(request_id);
    return dispatch_.Call(&Stub::AssignVendor, request);
  }
  absl::StatusOr<v1::Round> Close(const std::string& round) {
    v1::CloseRoundRequest request;
    request.set_name(round);
    request.set_reason("本地无服务商");
    request.set_request_id(NewRequestId());
    return dispatch_.Call(&Stub::CloseRound, request);
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  testing::DispatchInstance dispatch_{redis_, &clock_};
  test_support::FactLog log_{dispatch_.fanout(), kPartitions};
  testing::OtherServices others_{&redis_, kPartitions};
};

TEST_F(ManualQueueTest, AssignedVendorGetsTheOffer) {
  const std::string round = ManualRound(1);
  dispatch_.Register(kVendorA);
  const auto assigned = Assign(round, kVendorA);
  ASSERT_TRUE(assigned.ok()) << assigned.status();
  EXPECT_EQ(assigned->state(), v1::ROUND_STATE_OFFERING);
  EXPECT_EQ(assigned->attempt(), 1);
  const v1::Offer offer = log_.Await<v1::OfferOpened>(1).at(0).offer();
  ASSERT_TRUE(dispatch_.Accept(offer.name()).ok());
  log_.Await<v1::DispatchAccepted>(1);
  const absl::Status again = Assign(round, kVendorA).status();
  EXPECT_EQ(chassis::ReasonOf(again), "STATE_FORBIDS");
  EXPECT_EQ(chassis::MetadataOf(again, "state"), "ASSIGNED");
}

TEST_F(ManualQueueTest, ClosedRoundFails) {
  const std::string round = ManualRound(1);
  const auto closed = Close(round);
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(closed->state(), v1::ROUND_STATE_FAILED);
  EXPECT_EQ(log_.Await<v1::DispatchFailed>(1).at(0).reason(), "本地无服务商");
  EXPECT_EQ(chassis::ReasonOf(Close(round).status()), "STATE_FORBIDS");
}

TEST_F(ManualQueueTest, RefusesVendorsThatCanNotServe) {
  const std::string round = ManualRound(1);
  EXPECT_EQ(Assign(round, kVendorA).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Assign("rounds/620102-X", kVendorA).status().code(), absl::StatusCode::kNotFound);

  v1::RegisterVendorRequest request;
  request.set_request_id(NewRequestId());
  request.mutable_vendor()->set_uscc(kVendorB);
  request.mutable_vendor()->set_name_zh("只做助听器");
  request.mutable_vendor()->set_county_code("620102");
  request.mutable_vendor()->add_service_counties("620102");
  request.mutable_vendor()->add_device_classes("22");
  request.mutable_vendor()->set_capacity(1);
  ASSERT_TRUE(dispatch_.Call(&Stub::RegisterVendor, request).ok());
  const absl::Status unsuitable = Assign(round, kVendorB).status();
  EXPECT_EQ(unsuitable.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(unsuitable), "VENDOR_NOT_SUITABLE");
}

TEST_F(ManualQueueTest, FullVendorIsRefusedAndARepeatedAssignmentGetsItsFirstAnswer) {
  const std::string first = ManualRound(1);
  const std::string second = ManualRound(2);
  dispatch_.Register(kVendorA, 1);
  const std::string request_id = NewRequestId();
  const auto assigned = Assign(first, kVendorA, request_id);
  ASSERT_TRUE(assigned.ok()) << assigned.status();
  log_.Await<v1::OfferOpened>(1);
  EXPECT_EQ(chassis::ReasonOf(Assign(second, kVendorA).status()), "VENDOR_FULL");
  // The vendor is full and the round is no longer MANUAL; the answer is what it was.
  const auto repeated = Assign(first, kVendorA, request_id);
  ASSERT_TRUE(repeated.ok()) << repeated.status();
  EXPECT_EQ(repeated->SerializeAsString(), assigned->SerializeAsString());
}

}  // namespace
}  // namespace fuju::dispatch
