#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "chassis/redis/pipelined_client.h"
#include "chassis/store/raw_store.h"
#include "support/redis_server.h"

namespace fuju::chassis {
namespace {

using test_support::RedisServer;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(CheckRedisTest, FixesTheNumberOfPartitionsAtFirstUse) {
  RedisServer server;
  const auto client = redis::PipelinedClient::Start({.endpoint = server.endpoint()});
  EXPECT_TRUE(CheckRedis(*client, 16, false).ok());
  EXPECT_TRUE(CheckRedis(*client, 16, false).ok());
  const absl::Status refused = CheckRedis(*client, 32, false);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), AllOf(HasSubstr("16"), HasSubstr("--partitions=16")));
}

TEST(CheckRedisTest, NamesEveryWeakSettingUnlessTheyAreAccepted) {
  RedisServer server({"--appendonly", "no", "--maxmemory-policy", "allkeys-lru"});
  const auto client = redis::PipelinedClient::Start({.endpoint = server.endpoint()});
  const absl::Status refused = CheckRedis(*client, 16, false);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              AllOf(HasSubstr("appendonly no"), HasSubstr("maxmemory-policy allkeys-lru"),
                    Not(HasSubstr("appendfsync"))));
  EXPECT_TRUE(CheckRedis(*client, 16, true).ok());
}

TEST(CheckRedisTest, TellsWhatTheUserMayNotRead) {
  RedisServer server({"--user", "worker", "on", "nopass", "~*", "+@all", "-config"});
  redis::PipelinedClientOptions options;
  options.endpoint = server.endpoint();
  options.endpoint.user = "worker";
  options.endpoint.password = "any";
  const auto client = redis::PipelinedClient::Start(options);
  const absl::Status refused = CheckRedis(*client, 16, false);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("NOPERM"));
}

// A default user that is off is as it should be; one without rights would lose every transaction at
// the next restart, because Redis replays the append-only file with its rights.
TEST(CheckRedisTest, TheDefaultUserMayReplayTheFile) {
  for (const bool sound : {false, true}) {
    std::vector<std::string> arguments = {"--user", "worker", "on",     ">p",      "~*",
                                          "&*",     "+@all",  "--user", "default", "off"};
    if (sound) arguments.insert(arguments.end(), {"resetpass", "~*", "&*", "+@all"});
    RedisServer server(std::move(arguments), {.user = "worker", .password = "p"});
    const auto client = redis::PipelinedClient::Start({.endpoint = server.endpoint()});
    const absl::Status status = CheckRedis(*client, 16, false);
    EXPECT_EQ(status.ok(), sound) << status;
    if (!sound) {
      EXPECT_THAT(std::string(status.message()),
                  HasSubstr("user default off resetpass ~* &* +@all"));
      EXPECT_TRUE(CheckRedis(*client, 16, true).ok());
    }
    // The reason for the check.
    server.Call({"EVAL", "redis.call('SET', 'a', 1) redis.call('SET', 'b', 1)", "0"});
    server.Kill();
    server.Restart();
    EXPECT_EQ(server.Call({"EXISTS", "a", "b"}).integer(), sound ? 2 : 0);
  }
}

TEST(CheckRedisTest, ARedisThatIsAwayIsUnavailable) {
  redis::PipelinedClientOptions options;
  options.endpoint.port = 1;
  const auto client = redis::PipelinedClient::Start(options);
  EXPECT_EQ(CheckRedis(*client, 16, false).code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace fuju::chassis
