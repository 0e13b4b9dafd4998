#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
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
using Stub = v1::DispatchService::Stub;

class IdempotencyTest : public ::testing::Test {
 protected:
  std::string OpenOffer() {
    dispatch_.Register(kVendorA);
    dispatch_.AwaitDirectory(1);
    others_.Approve(ApplicationId(1));
    return log_.Await<v1::OfferOpened>(1).at(0).offer().name();
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  testing::DispatchInstance dispatch_{redis_, &clock_};
  test_support::FactLog log_{dispatch_.fanout(), kPartitions};
  testing::OtherServices others_{&redis_, kPartitions};
};

TEST_F(IdempotencyTest, FiftyEqualAcceptsAtOnceGetOneAnswer) {
  v1::AcceptOfferRequest request;
  request.set_name(OpenOffer());
  request.set_request_id("the-one");
  absl::Mutex mutex;
  std::set<std::string> answers;
  std::vector<std::thread> callers;
  for (int i = 0; i < 50; ++i) {
    callers.emplace_back([&] {
      const auto answer = dispatch_.Call(&Stub::AcceptOffer, request);
      absl::MutexLock lock(&mutex);
      answers.insert(answer.ok() ? answer->SerializeAsString() : answer.status().ToString());
    });
  }
  for (std::thread& caller : callers) caller.join();
  ASSERT_EQ(answers.size(), 1u) << *answers.rbegin();
  v1::Offer offer;
  ASSERT_TRUE(offer.ParseFromString(*answers.begin()));
  EXPECT_EQ(offer.state(), v1::OFFER_STATE_ACCEPTED);
  log_.Await<v1::DispatchAccepted>(1);
  EXPECT_EQ(log_.Count<v1::OfferAccepted>(), 1u);
}

TEST_F(IdempotencyTest, SameIdWithAnotherRequestIsRefused) {
  const std::string name = OpenOffer();
  v1::DeclineOfferRequest decline;
  decline.set_name(name);
  decline.set_reason("忙");
  decline.set_request_id("r1");
  ASSERT_TRUE(dispatch_.Call(&Stub::DeclineOffer, decline).ok());
  decline.set_reason("另一个理由");
  const absl::Status reused = dispatch_.Call(&Stub::DeclineOffer, decline).status();
  EXPECT_EQ(reused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(reused), "REQUEST_ID_REUSED");
}

TEST_F(IdempotencyTest, OldEtagIsAborted) {
  const std::string name = OpenOffer();
  const v1::Offer offer = dispatch_.OfferNamed(name);
  v1::AcceptOfferRequest accept;
  accept.set_name(name);
  accept.set_request_id("r1");
  accept.set_etag("other");
  const absl::Status mismatch = dispatch_.Call(&Stub::AcceptOffer, accept).status();
  EXPECT_EQ(mismatch.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(chassis::ReasonOf(mismatch), "ETAG_MISMATCH");
  accept.set_etag(offer.etag());
  EXPECT_TRUE(dispatch_.Call(&Stub::AcceptOffer, accept).ok());
}

TEST_F(IdempotencyTest, UnknownNamesAreNotFound) {
  v1::GetOfferRequest offer;
  offer.set_name("vendors/91620102DEM0000146/offers/620102-X-1");
  EXPECT_EQ(dispatch_.Call(&Stub::GetOffer, offer).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(dispatch_.Accept(offer.name()).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(dispatch_.Decline(offer.name()).status().code(), absl::StatusCode::kNotFound);
  v1::GetRoundRequest round;
  round.set_name("rounds/620102-X");
  EXPECT_EQ(dispatch_.Call(&Stub::GetRound, round).status().code(), absl::StatusCode::kNotFound);
  v1::GetVendorRequest vendor;
  vendor.set_name("vendors/x");
  EXPECT_EQ(dispatch_.Call(&Stub::GetVendor, vendor).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace fuju::dispatch
