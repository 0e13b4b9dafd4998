#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <google/protobuf/wrappers.pb.h>

#include "integration/store/sample_aggregate.h"
#include "integration/store/store_fixture.h"

namespace fuju::chassis {
namespace {

class StoreEventsTest : public StoreFixture {};

TEST_F(StoreEventsTest, EveryFactIsAnEventWithItsOwnVersion) {
  Command command = Plain();
  command.actor = "reviewer:7";
  command.traceparent = "00-aa-bb-01";
  EXPECT_EQ(Update("r1-a", command, SetTo("{}", {"one", "two"}))->version, 2);
  clock_.Advance(absl::Milliseconds(1500));
  EXPECT_EQ(Update("r1-a", Plain(), SetTo("{}", {"three"}))->version, 3);

  const auto events = Events("r1-a");
  ASSERT_EQ(events.size(), 3u);
  const char* const names[] = {"one", "two", "three"};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(events[i].id(), absl::StrCat("samples/r1-a@", i + 1));
    EXPECT_EQ(events[i].aggregate_version(), i + 1);
    EXPECT_EQ(events[i].subject(), "samples/r1-a");
    EXPECT_EQ(events[i].source(), keys_.service());
    EXPECT_EQ(events[i].type(), "google.protobuf.StringValue");
    EXPECT_EQ(events[i].partition(), PartitionOf("r1-a"));
    google::protobuf::StringValue fact;
    ASSERT_TRUE(events[i].data().UnpackTo(&fact));
    EXPECT_EQ(fact.value(), names[i]);
  }
  EXPECT_EQ(events[0].actor(), "reviewer:7");
  EXPECT_EQ(events[0].traceparent(), "00-aa-bb-01");
  EXPECT_EQ(events[2].actor(), "operator:test");
  EXPECT_EQ(events[2].time().seconds() - events[0].time().seconds(), 1);
  EXPECT_EQ(events[2].time().nanos(), 500'000'000);
  EXPECT_EQ(events[0].time().seconds(), 1'767'574'800);
}

TEST_F(StoreEventsTest, TheCorrelationIdStaysThatOfTheCreation) {
  Command creation = Plain();
  creation.correlation_id = "applications/1";
  ASSERT_TRUE(Update("r1-a", creation, Add(1)).ok());
  Command later = Plain();
  later.correlation_id = "applications/2";
  ASSERT_TRUE(Update("r1-a", later, Add(1)).ok());
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  for (const auto& event : Events("r1-a")) EXPECT_EQ(event.correlation_id(), "applications/1");
}

TEST_F(StoreEventsTest, AnAggregateWithoutACaseStartsItsOwn) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  EXPECT_EQ(Events("r1-a").front().correlation_id(), "samples/r1-a");
}

TEST_F(StoreEventsTest, EventsOfAPartitionStandInTheOrderOfTheirCommits) {
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
    ASSERT_TRUE(Update("r1-b", Plain(), Add(1)).ok());
  }
  const auto events = Events("r1-a");
  ASSERT_EQ(events.size(), 10u);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(events[i].id(), absl::StrCat("samples/r1-", i % 2 == 0 ? "a" : "b", "@", i / 2 + 1));
  }
}

// The commit script is told numbers in two bytes.
TEST_F(StoreEventsTest, ADecisionMayHaveMoreOfEverythingThanFitsIntoOneByte) {
  constexpr int kMany = 300;
  std::vector<std::string> claims;
  std::vector<std::string> numbered;
  for (int i = 0; i < kMany; ++i) {
    claims.push_back(absl::StrCat("\"c", i, "\""));
    numbered.push_back(absl::StrCat("\"n", i, "\": ", 2'000'000'000 + i));
  }
  const std::string numbers = absl::StrJoin(numbered, ",");
  const std::string json =
      absl::StrCat("{\"claims\": [", absl::StrJoin(claims, ","), "], \"holdings\": {", numbers,
                   "}, \"index\": {", numbers, "}, \"timers\": {", numbers, "}}");
  const auto made = Update("r1-a", Plain(), SetTo(json, std::vector<std::string>(kMany, "made")));
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->version, kMany);
  EXPECT_EQ(Events("r1-a").size(), static_cast<size_t>(kMany));
  const int partition = PartitionOf("r1-a");
  EXPECT_EQ(Redis({"ZCARD", keys_.Timers(partition)}).integer(), kMany);
  EXPECT_EQ(Redis({"ZCARD", keys_.Index(partition, "n299")}).integer(), 1);
  EXPECT_EQ(Redis({"EXISTS", keys_.Claim(partition, "c299")}).integer(), 1);
  EXPECT_EQ(Counter("r1", "n299"), 2'000'000'299);

  ASSERT_TRUE(Update("r1-a", Plain(), SetTo("{}")).ok());
  EXPECT_EQ(Redis({"ZCARD", keys_.Timers(partition)}).integer(), 0);
  EXPECT_EQ(Redis({"EXISTS", keys_.Index(partition, "n299")}).integer(), 0);
  EXPECT_EQ(Redis({"EXISTS", keys_.Claim(partition, "c299")}).integer(), 0);
  EXPECT_EQ(Counter("r1", "n299"), 0);
}

TEST_F(StoreEventsTest, ADecisionWithMoreFactsThanCanBeToldIsRefused) {
  const auto refused =
      Update("r1-a", Plain(), SetTo("{}", std::vector<std::string>(65'536, "made")));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInternal);
  EXPECT_THAT(refused.status().message(), testing::HasSubstr("65,535"));
  EXPECT_EQ(Dump(), "");
}

}  // namespace
}  // namespace fuju::chassis
