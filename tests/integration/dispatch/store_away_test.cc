#include <string>

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
using Stub = v1::DispatchService::Stub;

// While Redis is away callers are told to repeat; afterwards everything goes on without a restart:
// the same request id, reactions, timers and the vendor directory.
TEST(StoreAwayTest, CallsAreUnavailableAndEverythingGoesOnAfterwards) {
  test_support::RedisServer redis;
  test_support::FakeClock clock;
  testing::DispatchInstance dispatch(redis, &clock);
  test_support::FactLog log(dispatch.fanout(), kPartitions);
  testing::OtherServices others(&redis, kPartitions);
  dispatch.Register(kVendorA, 10, "620102");
  dispatch.AwaitDirectory(1);
  others.Approve(ApplicationId(1));
  v1::AcceptOfferRequest accept;
  accept.set_name(log.Await<v1::OfferOpened>(1).at(0).offer().name());
  accept.set_request_id("the-same");

  redis.Kill();
  const absl::Status away =
      dispatch.Call(&Stub::AcceptOffer, accept, "vendor:v", absl::Seconds(5)).status();
  EXPECT_EQ(away.code(), absl::StatusCode::kUnavailable) << away;
  EXPECT_EQ(chassis::ReasonOf(away), "STORE_UNAVAILABLE");

  redis.Restart();
  absl::StatusOr<v1::Offer> accepted = away;
  testing::Eventually("Redis is back", [&] {
    accepted = dispatch.Call(&Stub::AcceptOffer, accept, "vendor:v");
    return !absl::IsUnavailable(accepted.status());
  });
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  log.Await<v1::DispatchAccepted>(1);
  dispatch.Register(kVendorB, 10, "620103");
  dispatch.AwaitDirectory(2);
  others.Approve(ApplicationId(2));
  log.Await<v1::OfferOpened>(2);
  clock.Advance(testing::kOfferLimit);
  log.Await<v1::OfferExpired>(1);
}

}  // namespace
}  // namespace fuju::dispatch
