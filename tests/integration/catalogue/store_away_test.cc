#include <string>

#include <gtest/gtest.h>

#include "applications_stream.h"
#include "catalogue_instance.h"
#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "support/fact_log.h"

namespace fuju::catalogue {
namespace {

using Stub = v1::CatalogueService::Stub;

// The catalogue is in memory: a quote for nobody in particular needs no Redis. What needs it says
// that it may be repeated, and after Redis is back everything goes on without a restart.
TEST(StoreAwayTest, QuotesGoOnAndTheRestIsUnavailable) {
  test_support::RedisServer redis;
  test_support::FakeClock clock(TestTime());
  CatalogueInstance instance(redis, &clock);
  instance.ImportGansu();
  ASSERT_TRUE(instance.Allocate("620102", 1000000, "a1").ok());
  redis.Kill();

  v1::QuoteSubsidyRequest quote;
  *quote.mutable_input() = WheelchairQuote();
  EXPECT_TRUE(instance.Call(&Stub::QuoteSubsidy, quote, "")->eligible());
  v1::ListItemsRequest items;
  EXPECT_EQ(instance.Call(&Stub::ListItems, items, "")->items_size(), 50);

  quote.mutable_input()->set_person_key(std::string(64, 'a'));
  const auto needs_history = instance.Call(&Stub::QuoteSubsidy, quote, "");
  EXPECT_EQ(needs_history.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(chassis::ReasonOf(needs_history.status()), "STORE_UNAVAILABLE");
  EXPECT_EQ(instance.Allocate("620102", 1, "a2").status().code(), absl::StatusCode::kUnavailable);

  redis.Restart();
  absl::StatusOr<v1::Budget> again = absl::UnavailableError("");
  for (int i = 0; i < 50 && absl::IsUnavailable(again.status()); ++i)
    again = instance.Allocate("620102", 1, "a2");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->allocated_fen(), 1000001);
  clock.Advance(absl::Minutes(1));
  instance.ImportGansu("after");
  EXPECT_EQ(instance.watcher().InForce()->label(), "after");
  ApplicationsStream stream(&redis);
  test_support::FactLog log(instance.fanout(), kPartitions);
  stream.Publish(ApplicationsStream::Submitted("620102-01HZX3M9Q2V7N8K4T6R5W1Y0AA"));
  log.Await<v1::SubsidyReserved>(1);
  EXPECT_EQ(instance.BudgetOf("620102").reserved_fen(), 98000);
}

}  // namespace
}  // namespace fuju::catalogue
