#include <memory>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "chassis/redis/blocking_connection.h"
#include "chassis/redis/pipelined_client.h"
#include "support/awaited.h"
#include "support/redis_sentinels.h"

namespace fuju::chassis::redis {
namespace {

using test_support::Awaited;
using test_support::RedisSentinels;
using Answer = absl::StatusOr<Reply>;

constexpr absl::Duration kLong = absl::Seconds(30);

TEST(SentinelTest, ClientsFollowAFailoverAndWhatWasConfirmedIsThere) {
  RedisSentinels redis(/*replicas=*/1);
  const std::shared_ptr<Topology> topology = Topology::Follow(redis.deployment());
  const auto client = PipelinedClient::Start({.topology = topology});
  const Script write("return redis.call('SET', KEYS[1], ARGV[1])");
  std::set<int> kept;
  for (int i = 0; i < 200; ++i) {
    Awaited<Answer> answer;
    client->EvalAndWait(write, {absl::StrCat("k", i)}, {absl::StrCat(i)}, 1, kLong,
                        answer.Callback());
    if (answer.Wait().ok()) kept.insert(i);
  }
  EXPECT_EQ(kept.size(), 200u);
  BlockingConnection reader(topology, "s");
  ASSERT_TRUE(reader.Call({"PING"}, absl::ZeroDuration()).ok());

  Deployment of_another = redis.deployment();
  of_another.primary_name = "another";
  const auto lost = PipelinedClient::Start({.topology = Topology::Follow(of_another)});
  const Answer unknown = lost->Call({"PING"}, absl::Seconds(1));
  EXPECT_TRUE(absl::IsUnavailable(unknown.status())) << unknown.status();
  EXPECT_NE(std::string(unknown.status().message()).find("No such master"), std::string::npos)
      << unknown.status();

  // One Sentinel fewer: the others are still a majority, and any of them is enough to ask.
  redis.DropSentinel();
  redis.node(0).Kill();
  Answer written = absl::UnknownError("");
  const absl::Time deadline = absl::Now() + absl::Minutes(1);
  while (!written.ok() && absl::Now() < deadline) {
    written = client->Call({"SET", "after", "1"}, absl::Seconds(1));
  }
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(topology->layout()->OwnerOf(0)->port, redis.node(1).port());
  for (const int i : kept) {
    ASSERT_EQ(client->Call({"GET", absl::StrCat("k", i)}, kLong)->text(), absl::StrCat(i));
  }
  Answer read = absl::UnknownError("");
  while (!read.ok() && absl::Now() < deadline) {
    read = reader.Call({"GET", "after"}, absl::ZeroDuration());
  }
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->text(), "1");

  // The one that fell takes itself for a primary until the Sentinels tell it; nobody asks it.
  redis.node(0).Restart();
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(client->Call({"GET", "after"}, kLong)->text(), "1");
    topology->Suspect();
  }
}

}  // namespace
}  // namespace fuju::chassis::redis
