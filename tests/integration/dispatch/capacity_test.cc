#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "fuju/dispatch/v1/dispatch_events.pb.h"
#include "integration/dispatch/dispatch_instance.h"
#include "integration/dispatch/other_services.h"
#include "support/fact_log.h"

namespace fuju::dispatch {
namespace {

using testing::ApplicationId;
using testing::kPartitions;
using testing::kVendorA;

// A vendor's offers are one stream in order, so its facts tell how many it had at each moment.
int MostAtOnce(const test_support::FactLog& log) {
  int now = 0;
  int most = 0;
  for (const event::v1::Event& event : log.All()) {
    if (event.type() == v1::OfferOpened::descriptor()->full_name()) ++now;
    if (event.type() == v1::OfferDeclined::descriptor()->full_name()) --now;
    most = std::max(most, now);
  }
  return most;
}

TEST(CapacityTest, OneVendorOfCapacityOneAndTwentyCasesAtOnce) {
  test_support::RedisServer redis;
  test_support::FakeClock clock;
  testing::DispatchInstance dispatch(redis, &clock);
  test_support::FactLog log(dispatch.fanout(), kPartitions);
  testing::OtherServices others(&redis, kPartitions);
  dispatch.Register(kVendorA, 1);
  dispatch.AwaitDirectory(1);

  constexpr int kCases = 20;
  for (int i = 0; i < kCases; ++i) {
    others.Approve(ApplicationId(i, i % 2 == 0 ? "620102" : "620103"));
  }
  log.Await<v1::OfferUnplaced>(kCases - 1);
  log.Await<v1::DispatchExhausted>(kCases - 1);
  ASSERT_EQ(log.Count<v1::OfferOpened>(), 1u);
  EXPECT_EQ(dispatch.FreeCapacity(kVendorA), 0);

  // Once it is free again, the next case finds a place.
  ASSERT_TRUE(dispatch.Decline(log.Await<v1::OfferOpened>(1).at(0).offer().name()).ok());
  log.Await<v1::DispatchExhausted>(kCases);
  EXPECT_EQ(dispatch.FreeCapacity(kVendorA), 1);
  others.Approve(ApplicationId(kCases));
  log.Await<v1::OfferOpened>(2);
  EXPECT_EQ(dispatch.FreeCapacity(kVendorA), 0);
  EXPECT_EQ(MostAtOnce(log), 1);
}

}  // namespace
}  // namespace fuju::dispatch
