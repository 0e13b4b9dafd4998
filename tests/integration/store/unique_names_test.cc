#include "chassis/store/unique_names.h"

#include <memory>

#include "gtest/gtest.h"

#include "chassis/redis/pipelined_client.h"
#include "chassis/values/refusal.h"
#include "support/awaited.h"
#include "support/redis_server.h"

namespace fuju::chassis {
namespace {

class UniqueNamesTest : public ::testing::Test {
 protected:
  using Step = void (UniqueNames::*)(std::string, std::string, std::function<void(absl::Status)>);

  UniqueNames Names(absl::Duration tentative) {
    return UniqueNames(client_.get(), keys_, tentative);
  }

  static absl::Status Do(UniqueNames names, Step step, const std::string& name,
                         const std::string& holder) {
    test_support::Awaited<absl::Status> answer;
    (names.*step)(name, holder, answer.Callback());
    return answer.Wait();
  }

  redis::Reply TimeLeftMs(const std::string& name) {
    return server_.Call({"PTTL", keys_.UniqueName(keys_.PartitionOf(name), name)});
  }

  test_support::RedisServer server_;
  const Keys keys_{"names", 16};
  std::unique_ptr<redis::PipelinedClient> client_ =
      redis::PipelinedClient::Start({.endpoint = server_.endpoint()});
};

TEST_F(UniqueNamesTest, OneHolderAtATime) {
  const UniqueNames names = Names(absl::Minutes(1));
  EXPECT_TRUE(Do(names, &UniqueNames::Claim, "serial 1", "orders/a").ok());
  EXPECT_TRUE(Do(names, &UniqueNames::Claim, "serial 1", "orders/a").ok());
  const absl::Status held = Do(names, &UniqueNames::Claim, "serial 1", "orders/b");
  EXPECT_EQ(held.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonOf(held), "CLAIM_HELD");
  EXPECT_EQ(MetadataOf(held, "claim"), "serial 1");
  EXPECT_EQ(MetadataOf(held, "holder"), "orders/a");
  EXPECT_TRUE(Do(names, &UniqueNames::Claim, "serial 2", "orders/b").ok());
}

TEST_F(UniqueNamesTest, AnUnconfirmedClaimLapses) {
  ASSERT_TRUE(Do(Names(absl::Milliseconds(30)), &UniqueNames::Claim, "n", "a").ok());
  while (TimeLeftMs("n").integer() >= 0) {
  }
  EXPECT_TRUE(Do(Names(absl::Minutes(1)), &UniqueNames::Claim, "n", "b").ok());
}

TEST_F(UniqueNamesTest, AConfirmedClaimStaysAndIsNotMadeTentativeAgain) {
  const UniqueNames names = Names(absl::Minutes(1));
  ASSERT_TRUE(Do(names, &UniqueNames::Claim, "n", "a").ok());
  EXPECT_GT(TimeLeftMs("n").integer(), 0);
  ASSERT_TRUE(Do(names, &UniqueNames::Confirm, "n", "a").ok());
  EXPECT_EQ(TimeLeftMs("n").integer(), -1);
  ASSERT_TRUE(Do(names, &UniqueNames::Confirm, "n", "a").ok());
  ASSERT_TRUE(Do(names, &UniqueNames::Claim, "n", "a").ok());
  EXPECT_EQ(TimeLeftMs("n").integer(), -1);
}

TEST_F(UniqueNamesTest, AClaimThatLapsedIsConfirmedUnlessAnotherHasIt) {
  const UniqueNames names = Names(absl::Minutes(1));
  EXPECT_TRUE(Do(names, &UniqueNames::Confirm, "free", "a").ok());
  EXPECT_EQ(TimeLeftMs("free").integer(), -1);
  ASSERT_TRUE(Do(names, &UniqueNames::Claim, "taken", "b").ok());
  const absl::Status held = Do(names, &UniqueNames::Confirm, "taken", "a");
  EXPECT_EQ(held.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(MetadataOf(held, "holder"), "b");
}

TEST_F(UniqueNamesTest, OnlyTheHolderReleases) {
  const UniqueNames names = Names(absl::Minutes(1));
  ASSERT_TRUE(Do(names, &UniqueNames::Claim, "n", "a").ok());
  EXPECT_TRUE(Do(names, &UniqueNames::Release, "n", "b").ok());
  EXPECT_EQ(Do(names, &UniqueNames::Claim, "n", "b").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(Do(names, &UniqueNames::Release, "n", "a").ok());
  EXPECT_TRUE(Do(names, &UniqueNames::Release, "n", "a").ok());
  EXPECT_TRUE(Do(names, &UniqueNames::Claim, "n", "b").ok());
}

TEST_F(UniqueNamesTest, WhileRedisIsAwayTheAnswerIsUnavailable) {
  const UniqueNames names = Names(absl::Minutes(1));
  server_.Kill();
  const absl::Status away = Do(names, &UniqueNames::Claim, "n", "a");
  EXPECT_EQ(away.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(away), "STORE_UNAVAILABLE");
}

}  // namespace
}  // namespace fuju::chassis
