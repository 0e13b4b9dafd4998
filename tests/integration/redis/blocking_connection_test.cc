#include "chassis/redis/blocking_connection.h"

#include <functional>
#include <thread>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "support/redis_server.h"

namespace fuju::chassis::redis {
namespace {

using test_support::RedisServer;

TEST(BlockingConnectionTest, ReturnsRepliesOfEveryType) {
  RedisServer server;
  BlockingConnection connection(server.endpoint());
  const auto call = [&](Command command) {
    return connection.Call(command, absl::ZeroDuration()).value();
  };
  EXPECT_EQ(call({"SET", "k", std::string("a\0b\r\n", 5)}).text(), "OK");
  EXPECT_EQ(call({"GET", "k"}).text(), std::string("a\0b\r\n", 5));
  EXPECT_TRUE(call({"GET", "absent"}).is_nil());
  EXPECT_EQ(call({"INCRBY", "n", "-7"}).integer(), -7);
  EXPECT_EQ(call({"GET", "n"}).integer(), -7);
  const Reply list = call({"MGET", "k", "absent"});
  ASSERT_TRUE(list.is_array());
  EXPECT_EQ(list.size(), 2u);
  EXPECT_TRUE(list[1].is_nil());
  const Reply error = call({"INCR", "k"});
  EXPECT_TRUE(error.is_error());
  EXPECT_THAT(error.text(), testing::HasSubstr("not an integer"));
}

TEST(BlockingConnectionTest, BlockingThatEndsEmptyIsNoError) {
  RedisServer server;
  BlockingConnection connection(server.endpoint());
  const auto reply =
      connection.Call({"XREAD", "BLOCK", "30", "STREAMS", "s", "$"}, absl::Milliseconds(30));
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_TRUE(reply->is_nil());
}

// The answer to a call that waits for what never comes, until `end`.
absl::StatusOr<Reply> EndedBy(RedisServer& server, BlockingConnection& connection,
                              const std::function<void()>& end) {
  absl::StatusOr<Reply> reply = absl::InternalError("not answered");
  std::thread reader([&] {
    reply = connection.Call({"XREAD", "BLOCK", "60000", "STREAMS", "s", "$"}, absl::Minutes(1));
  });
  // Redis itself tells when the client is blocked.
  while (!absl::StrContains(server.Call({"INFO", "clients"}).text(), "blocked_clients:1")) {
  }
  end();
  reader.join();
  return reply;
}

TEST(BlockingConnectionTest, InterruptEndsARunningCallAndLaterOnes) {
  RedisServer server;
  BlockingConnection connection(server.endpoint());
  const auto reply = EndedBy(server, connection, [&] { connection.Interrupt(); });
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(reply.status()), "STORE_UNAVAILABLE");
  EXPECT_EQ(connection.Call({"PING"}, absl::ZeroDuration()).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST(BlockingConnectionTest, CancelEndsARunningCallOrTheNextOneAndNoLaterOne) {
  RedisServer server;
  BlockingConnection connection(server.endpoint());
  const auto reply = EndedBy(server, connection, [&] { connection.Cancel(); });
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(connection.Call({"PING"}, absl::ZeroDuration()).ok());
  connection.Cancel();
  EXPECT_EQ(connection.Call({"PING"}, absl::ZeroDuration()).status().code(),
            absl::StatusCode::kCancelled);
  EXPECT_TRUE(connection.Call({"PING"}, absl::ZeroDuration()).ok());
}

TEST(BlockingConnectionTest, ConnectsAgainAfterTheServerWasKilled) {
  RedisServer server;
  BlockingConnection connection(server.endpoint());
  ASSERT_TRUE(connection.Call({"SET", "k", "1"}, absl::ZeroDuration()).ok());
  server.Kill();
  EXPECT_EQ(connection.Call({"GET", "k"}, absl::ZeroDuration()).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(connection.Call({"GET", "k"}, absl::ZeroDuration()).status().code(),
            absl::StatusCode::kUnavailable);
  server.Restart();
  const auto reply = connection.Call({"GET", "k"}, absl::ZeroDuration());
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->text(), "1");
}

TEST(BlockingConnectionTest, AuthenticatesAndTellsWhenItCanNot) {
  RedisServer server({"--user", "worker", "on", ">secret", "~*", "+@all", "--user", "default", "on",
                      "nopass", "~*", "+@all"});
  Endpoint endpoint = server.endpoint();
  endpoint.user = "worker";
  endpoint.password = "secret";
  EXPECT_EQ(BlockingConnection(endpoint).Call({"ACL", "WHOAMI"}, absl::ZeroDuration())->text(),
            "worker");
  endpoint.password = "wrong";
  const auto refused = BlockingConnection(endpoint).Call({"PING"}, absl::ZeroDuration());
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(refused.status().message()), testing::HasSubstr("WRONGPASS"));
}

}  // namespace
}  // namespace fuju::chassis::redis
