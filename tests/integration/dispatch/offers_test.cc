// From the approval to a vendor, over real streams: every way in which an offer can end.

#include <memory>
#include <string>
#include <vector>

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

class OffersTest : public ::testing::Test {
 protected:
  // Vendor A sits in the county and is asked first, then B.
  void RegisterTwoVendors() {
    dispatch_.Register(kVendorA, 10, "620102");
    dispatch_.Register(kVendorB, 10, "620103");
    dispatch_.AwaitDirectory(2);
  }
  // The offer of the n-th OfferOpened.
  v1::Offer Opened(size_t n) { return log_.Await<v1::OfferOpened>(n).at(n - 1).offer(); }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  testing::DispatchInstance dispatch_{redis_, &clock_};
  test_support::FactLog log_{dispatch_.fanout(), kPartitions};
  testing::OtherServices others_{&redis_, kPartitions};
};

TEST_F(OffersTest, AcceptedOfferAssignsTheRoundAndItsOrderGivesTheCapacityBack) {
  RegisterTwoVendors();
  const std::string id = ApplicationId(1);
  others_.Approve(id);
  const v1::Offer offer = Opened(1);
  EXPECT_EQ(offer.vendor(), absl::StrCat("vendors/", kVendorA));
  EXPECT_EQ(offer.application(), absl::StrCat("applications/", id));
  EXPECT_EQ(offer.quote_fen(), 98000);
  EXPECT_EQ(offer.subsidy_fen(), 49000);
  EXPECT_EQ(dispatch_.FreeCapacity(kVendorA), 9);
  v1::Round round = dispatch_.RoundOf(id);
  EXPECT_EQ(round.state(), v1::ROUND_STATE_OFFERING);
  ASSERT_EQ(round.candidates_size(), 2);
  EXPECT_EQ(round.candidates(0).explanation(), "同县，在办0/10 / same county, load 0/10");

  const auto accepted = dispatch_.Accept(offer.name());
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_EQ(accepted->state(), v1::OFFER_STATE_ACCEPTED);
  EXPECT_EQ(accepted->etag(), dispatch_.OfferNamed(offer.name()).etag());
  round = log_.Await<v1::DispatchAccepted>(1).at(0).round();
  EXPECT_EQ(round.offer(), offer.name());
  EXPECT_EQ(dispatch_.RoundOf(id).state(), v1::ROUND_STATE_ASSIGNED);
  EXPECT_EQ(dispatch_.FreeCapacity(kVendorA), 9);

  others_.EndOrder<fitting::v1::OrderCompleted>(round);
  log_.Await<v1::OfferFulfilled>(1);
  log_.Await<v1::DispatchDone>(1);
  EXPECT_EQ(dispatch_.FreeCapacity(kVendorA), 10);
}

TEST_F(OffersTest, AllFactsOfACaseCarryItsCorrelationId) {
  RegisterTwoVendors();
  const std::string id = ApplicationId(1);
  others_.Approve(id);
  ASSERT_TRUE(dispatch_.Accept(Opened(1).name()).ok());
  log_.Await<v1::DispatchAccepted>(1);
  for (const event::v1::Event& event : log_.All()) {
    if (event.type().find("Vendor") != std::string::npos) continue;
    EXPECT_EQ(event.correlation_id(), absl::StrCat("applications/", id)) << event.type();
  }
}

TEST_F(OffersTest, DeclinedThenExpiredThenThePrefecture) {
  RegisterTwoVendors();
  const std::string id = ApplicationId(1);
  others_.Approve(id);
  const v1::Offer first = Opened(1);
  const auto declined = dispatch_.Decline(first.name());
  ASSERT_TRUE(declined.ok()) << declined.status();
  EXPECT_EQ(declined->decline_reason(), "人手不足");

  const v1::Offer second = Opened(2);
  EXPECT_EQ(second.vendor(), absl::StrCat("vendors/", kVendorB));
  EXPECT_EQ(second.attempt(), 2);
  EXPECT_EQ(dispatch_.FreeCapacity(kVendorA), 10);
  clock_.Advance(testing::kOfferLimit);
  log_.Await<v1::OfferExpired>(1);
  EXPECT_EQ(chassis::ReasonOf(dispatch_.Accept(second.name()).status()), "OFFER_EXPIRED");

  const v1::Round round = log_.Await<v1::DispatchExhausted>(1).at(0).round();
  EXPECT_EQ(round.state(), v1::ROUND_STATE_MANUAL);
  EXPECT_EQ(dispatch_.FreeCapacity(kVendorB), 10);
  clock_.Advance(testing::kManualLimit);
  EXPECT_NE(log_.Await<v1::DispatchFailed>(1).at(0).reason(), "");
  EXPECT_EQ(dispatch_.RoundOf(id).state(), v1::ROUND_STATE_FAILED);
}

TEST_F(OffersTest, ReturnedOrderGoesToTheNextVendor) {
  RegisterTwoVendors();
  others_.Approve(ApplicationId(1));
  ASSERT_TRUE(dispatch_.Accept(Opened(1).name()).ok());
  const v1::Round assigned = log_.Await<v1::DispatchAccepted>(1).at(0).round();
  others_.EndOrder<fitting::v1::OrderReturned>(assigned);
  EXPECT_EQ(Opened(2).vendor(), absl::StrCat("vendors/", kVendorB));
  EXPECT_EQ(dispatch_.OfferNamed(assigned.offer()).state(), v1::OFFER_STATE_FULFILLED);
  EXPECT_EQ(dispatch_.FreeCapacity(kVendorA), 10);
}

TEST_F(OffersTest, WithdrawalStopsAnOpenOffer) {
  RegisterTwoVendors();
  const std::string id = ApplicationId(1);
  others_.Approve(id);
  const v1::Offer offer = Opened(1);
  others_.Tell<applications::v1::WithdrawalRequested>(id);
  log_.Await<v1::DispatchCancelled>(1);
  log_.Await<v1::OfferRevoked>(1);
  EXPECT_EQ(dispatch_.FreeCapacity(kVendorA), 10);
  const absl::Status late = dispatch_.Accept(offer.name()).status();
  EXPECT_EQ(chassis::ReasonOf(late), "STATE_FORBIDS");
  EXPECT_EQ(chassis::MetadataOf(late, "state"), "REVOKED");
}

TEST_F(OffersTest, WithdrawalRecallsAnAssignedRound) {
  RegisterTwoVendors();
  const std::string id = ApplicationId(1);
  others_.Approve(id);
  ASSERT_TRUE(dispatch_.Accept(Opened(1).name()).ok());
  log_.Await<v1::DispatchAccepted>(1);
  others_.Tell<applications::v1::WithdrawalRequested>(id);
  const v1::Round recalled = log_.Await<v1::DispatchRecalled>(1).at(0).round();
  log_.Await<v1::OfferRevoked>(1);
  EXPECT_EQ(dispatch_.FreeCapacity(kVendorA), 10);
  others_.EndOrder<fitting::v1::OrderCancelled>(recalled);
  others_.Tell<applications::v1::ApplicationEnded>(id);
  EXPECT_EQ(dispatch_.RoundOf(id).state(), v1::ROUND_STATE_RECALLED);
}

// Nothing is kept for cases that never came to dispatch.
TEST_F(OffersTest, EndOfAnApplicationWithoutARoundIsNoNews) {
  RegisterTwoVendors();
  const std::string early = ApplicationId(1);
  others_.Tell<applications::v1::ApplicationEnded>(early);
  others_.Approve(ApplicationId(2));
  Opened(1);
  const chassis::Keys keys("dispatch", kPartitions);
  EXPECT_EQ(
      redis_.Call({"EXISTS", keys.Aggregate(keys.PartitionOf("620102"), "round", early)}).integer(),
      0);
}

// The directory is only a hint: it may still show a vendor that was suspended meanwhile.
TEST(StaleDirectoryTest, SuspendedVendorIsNotShownAnOffer) {
  test_support::RedisServer redis;
  test_support::FakeClock clock;
  auto directory = std::make_shared<std::vector<v1::Vendor>>();
  testing::DispatchInstance dispatch(
      redis, &clock, [directory]() -> absl::StatusOr<VendorDirectory> { return directory; });
  test_support::FactLog log(dispatch.fanout(), kPartitions);
  directory->push_back(dispatch.Register(kVendorA));
  v1::SuspendVendorRequest suspend;
  suspend.set_name(absl::StrCat("vendors/", kVendorA));
  suspend.set_reason("年审未过");
  suspend.set_request_id(testing::NewRequestId());
  ASSERT_TRUE(dispatch.Call(&v1::DispatchService::Stub::SuspendVendor, suspend).ok());

  testing::OtherServices(&redis, kPartitions).Approve(ApplicationId(1));
  log.Await<v1::OfferUnplaced>(1);
  EXPECT_EQ(log.Await<v1::DispatchExhausted>(1).at(0).round().candidates_size(), 1);
  EXPECT_EQ(log.Count<v1::OfferOpened>(), 0u);
  EXPECT_EQ(dispatch.FreeCapacity(kVendorA), 10);
}

}  // namespace
}  // namespace fuju::dispatch
