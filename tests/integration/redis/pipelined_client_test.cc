#include "chassis/redis/pipelined_client.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "support/awaited.h"
#include "support/fault_proxy.h"
#include "support/redis_server.h"

namespace fuju::chassis::redis {
namespace {

using test_support::Awaited;
using test_support::FaultProxy;
using test_support::RedisServer;
using Answer = absl::StatusOr<Reply>;

constexpr absl::Duration kLong = absl::Seconds(30);

std::unique_ptr<PipelinedClient> ConnectThrough(const FaultProxy& proxy,
                                                absl::Duration silence_limit) {
  PipelinedClientOptions options;
  options.endpoint.port = proxy.port();
  options.silence_limit = silence_limit;
  options.connections = 1;
  return PipelinedClient::Start(options);
}

std::unique_ptr<PipelinedClient> Connect(const RedisServer& server, int io_threads = 1) {
  PipelinedClientOptions options;
  options.endpoint = server.endpoint();
  options.io_threads = io_threads;
  return PipelinedClient::Start(options);
}

void ExpectStoreUnavailable(const absl::Status& status) {
  EXPECT_TRUE(absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) << status;
  EXPECT_EQ(ReasonOf(status), "STORE_UNAVAILABLE") << status;
}

TEST(PipelinedClientTest, AnswersEveryCommandWithItsOwnReply) {
  RedisServer server;
  const auto client = Connect(server);
  constexpr int kCommands = 20'000;
  std::vector<Awaited<Answer>> answers(kCommands);
  for (int i = 0; i < kCommands; ++i) {
    client->Send({"ECHO", absl::StrCat(i)}, kLong, answers[i].Callback());
  }
  for (int i = 0; i < kCommands; ++i) ASSERT_EQ(answers[i].Wait()->text(), absl::StrCat(i));
}

TEST(PipelinedClientTest, KeepsTheOrderOfOneThreadAlsoOnSeveralConnections) {
  RedisServer server;
  const auto client = Connect(server, 3);
  constexpr int kThreads = 6;
  constexpr int kPushes = 500;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&client, t] {
      absl::BlockingCounter left(kPushes);
      for (int i = 0; i < kPushes; ++i) {
        client->Send({"RPUSH", absl::StrCat("list", t), absl::StrCat(i)}, kLong,
                     [&left](Answer) { left.DecrementCount(); });
      }
      left.Wait();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int t = 0; t < kThreads; ++t) {
    const Reply list = server.Call({"LRANGE", absl::StrCat("list", t), "0", "-1"});
    ASSERT_EQ(list.size(), static_cast<size_t>(kPushes));
    for (int i = 0; i < kPushes; ++i) ASSERT_EQ(list[i].integer(), i);
  }
}

TEST(PipelinedClientTest, PassesErrorRepliesOnAndNamesRefusalsToWork) {
  RedisServer server({"--maxmemory", "1mb"});
  const auto client = Connect(server);
  const Answer unknown = client->Call({"NOSUCHCOMMAND"}, kLong);
  ASSERT_TRUE(unknown.ok());
  EXPECT_TRUE(unknown->is_error());
  const Answer full = client->Call({"SET", "k", std::string(2'000'000, 'x')}, kLong);
  const Answer more = client->Call({"SET", "l", "x"}, kLong);
  EXPECT_EQ(more.status().code(), absl::StatusCode::kUnavailable) << full.status();
  ExpectStoreUnavailable(more.status());
  EXPECT_THAT(std::string(more.status().message()), testing::HasSubstr("OOM"));
}

TEST(PipelinedClientTest, LoadsAScriptThatRedisDoesNotKnow) {
  RedisServer server;
  const auto client = Connect(server);
  const Script script("return {KEYS[1], ARGV[1]}");
  EXPECT_EQ((*client->CallScript(script, {"k"}, {"a"}, kLong))[1].text(), "a");
  server.Call({"SCRIPT", "FLUSH"});
  const Answer again = client->CallScript(script, {"k"}, {"b"}, kLong);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ((*again)[0].text(), "k");
  EXPECT_EQ((*again)[1].text(), "b");
}

TEST(PipelinedClientTest, ALateReplyIsDroppedAndTheNextOnesFit) {
  RedisServer server;
  const auto client = Connect(server);
  ASSERT_TRUE(client->Call({"PING"}, kLong).ok());
  server.Pause();
  const absl::Time start = absl::Now();
  const Answer late = client->Call({"ECHO", "late"}, absl::Milliseconds(50));
  EXPECT_EQ(late.status().code(), absl::StatusCode::kDeadlineExceeded);
  ExpectStoreUnavailable(late.status());
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(50));
  Awaited<Answer> patient;
  client->Send({"ECHO", "patient"}, kLong, patient.Callback());
  server.Resume();
  EXPECT_EQ(patient.Wait()->text(), "patient");
}

TEST(PipelinedClientTest, WhileRedisIsAwayCommandsEndWithinTheirTimeout) {
  RedisServer server;
  const auto client = Connect(server);
  ASSERT_TRUE(client->Call({"PING"}, kLong).ok());
  server.Kill();
  for (int i = 0; i < 3; ++i) {
    const absl::Time start = absl::Now();
    const Answer answer = client->Call({"PING"}, absl::Milliseconds(100));
    ExpectStoreUnavailable(answer.status());
    EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  }
}

TEST(PipelinedClientTest, WhatWaitsForTheConnectionIsSentOnceItStands) {
  RedisServer server;
  const auto client = Connect(server);
  server.Kill();
  // Until the client has noticed, a command may still be lost with the old connection.
  while (client->Call({"PING"}, absl::Milliseconds(20)).ok()) {
  }
  std::vector<Awaited<Answer>> answers(100);
  for (size_t i = 0; i < answers.size(); ++i) {
    client->Send({"RPUSH", "l", absl::StrCat(i)}, kLong, answers[i].Callback());
  }
  server.Restart();
  for (size_t i = 0; i < answers.size(); ++i) {
    ASSERT_EQ(answers[i].Wait()->integer(), static_cast<int64_t>(i) + 1);
  }
}

TEST(PipelinedClientTest, CommandsAboutOneSlotStayInOrderAndSlotsShareConnections) {
  RedisServer server;
  const auto client = Connect(server);
  constexpr int kPartitions = 16;
  constexpr int kEach = 50;
  std::vector<Awaited<Answer>> answers(kPartitions * kEach);
  for (int i = 0; i < kPartitions * kEach; ++i) {
    client->Send({"RPUSH", absl::StrCat("{p", i % kPartitions, "}"), absl::StrCat(i)}, kLong,
                 answers[i].Callback());
  }
  for (auto& answer : answers) ASSERT_TRUE(answer.Wait().ok());
  for (int partition = 0; partition < kPartitions; ++partition) {
    const Answer list =
        client->Call({"LRANGE", absl::StrCat("{p", partition, "}"), "0", "-1"}, kLong);
    ASSERT_EQ(list->size(), static_cast<size_t>(kEach));
    for (int i = 0; i < kEach; ++i) {
      EXPECT_EQ((*list)[i].text(), absl::StrCat(partition + i * kPartitions));
    }
  }
  // The asking one is one more.
  const std::string clients = server.Call({"CLIENT", "LIST"}).text();
  EXPECT_EQ(std::count(clients.begin(), clients.end(), '\n'),
            PipelinedClientOptions().connections + 1);
}

TEST(PipelinedClientTest, ALostConnectionAnswersWhatIsInFlight) {
  RedisServer server;
  const auto client = Connect(server);
  ASSERT_TRUE(client->Call({"PING"}, kLong).ok());
  server.Pause();
  std::vector<Awaited<Answer>> answers(100);
  for (auto& answer : answers) client->Send({"PING"}, kLong, answer.Callback());
  const Answer last = client->Call({"PING"}, absl::Milliseconds(20));  // all are written by now
  EXPECT_EQ(last.status().code(), absl::StatusCode::kDeadlineExceeded);
  server.Kill();
  for (auto& answer : answers) {
    EXPECT_EQ(answer.Wait().status().code(), absl::StatusCode::kUnavailable);
    ExpectStoreUnavailable(answer.Wait().status());
  }
}

// A peer that is lost behind something that still takes bytes: TCP never reports it.
TEST(PipelinedClientTest, AHalfOpenConnectionIsMadeAnew) {
  RedisServer server;
  FaultProxy proxy(server.port());
  const auto client = ConnectThrough(proxy, absl::Milliseconds(200));
  ASSERT_TRUE(client->Call({"PING"}, kLong).ok());
  proxy.Forget();
  const absl::Time end = absl::Now() + kLong;
  while (!client->Call({"PING"}, absl::Milliseconds(50)).ok()) {
    ASSERT_LT(absl::Now(), end) << "it waits for an answer that never comes";
  }
}

// Slow is not dead: as long as answers come, the connection stays.
TEST(PipelinedClientTest, ASlowConnectionStays) {
  RedisServer server;
  FaultProxy proxy(server.port());
  const auto client = ConnectThrough(proxy, absl::Milliseconds(400));
  ASSERT_TRUE(client->Call({"PING"}, kLong).ok());
  proxy.Set({.delay = absl::Milliseconds(40)});
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(client->Call({"PING"}, absl::Milliseconds(20)).ok());
    EXPECT_TRUE(client->Call({"PING"}, kLong).ok());
  }
  EXPECT_EQ(proxy.accepted(), 1);
}

TEST(PipelinedClientTest, StoppingAnswersEverythingOnce) {
  RedisServer server;
  auto client = Connect(server, 2);
  ASSERT_TRUE(client->Call({"PING"}, kLong).ok());
  server.Pause();
  std::vector<Awaited<Answer>> answers(500);
  Awaited<Answer> resent;
  for (auto& answer : answers) client->Send({"PING"}, kLong, answer.Callback());
  // A caller that tries again from its callback is answered too.
  client->Send({"PING"}, kLong, [&client = *client, &resent](Answer) {
    client.Send({"PING"}, kLong, resent.Callback());
  });
  client.reset();
  for (auto& answer : answers) {
    ASSERT_TRUE(answer.HasAnswer());
    ExpectStoreUnavailable(answer.Wait().status());
  }
  ASSERT_TRUE(resent.HasAnswer());
  ExpectStoreUnavailable(resent.Wait().status());
}

TEST(PipelinedClientTest, StopsAlsoWhenItNeverConnected) {
  PipelinedClientOptions options;
  options.endpoint.port = 1;  // nobody listens there
  Awaited<Answer> answer;
  {
    const auto client = PipelinedClient::Start(options);
    client->Send({"PING"}, kLong, answer.Callback());
  }
  ASSERT_TRUE(answer.HasAnswer());
  ExpectStoreUnavailable(answer.Wait().status());
}

TEST(PipelinedClientTest, ResolvesNamesAndReportsUnknownOnes) {
  RedisServer server;
  PipelinedClientOptions options;
  options.endpoint = server.endpoint();
  options.endpoint.host = "localhost";
  EXPECT_TRUE(PipelinedClient::Start(options)->Call({"PING"}, kLong).ok());
  options.endpoint.host = "no-such-host.invalid";
  const Answer answer = PipelinedClient::Start(options)->Call({"PING"}, absl::Milliseconds(200));
  ExpectStoreUnavailable(answer.status());
}

TEST(PipelinedClientTest, RefusesMoreThanMayBeInFlight) {
  RedisServer server;
  PipelinedClientOptions options;
  options.endpoint = server.endpoint();
  options.max_in_flight = 10;
  const auto client = PipelinedClient::Start(options);
  ASSERT_TRUE(client->Call({"PING"}, kLong).ok());
  server.Pause();
  std::vector<Awaited<Answer>> answers(11);
  for (auto& answer : answers) client->Send({"PING"}, kLong, answer.Callback());
  EXPECT_EQ(answers.back().Wait().status().code(), absl::StatusCode::kUnavailable);
  server.Resume();
  for (size_t i = 0; i + 1 < answers.size(); ++i) EXPECT_TRUE(answers[i].Wait().ok());
  EXPECT_TRUE(client->Call({"PING"}, kLong).ok());
}

TEST(PipelinedClientTest, AuthenticatesAndTellsWhenItCanNot) {
  RedisServer server({"--user", "worker", "on", ">secret", "~*", "+@all", "--user", "default", "on",
                      "nopass", "~*", "+@all"});
  PipelinedClientOptions options;
  options.endpoint = server.endpoint();
  options.endpoint.user = "worker";
  options.endpoint.password = "secret";
  EXPECT_EQ(PipelinedClient::Start(options)->Call({"ACL", "WHOAMI"}, kLong)->text(), "worker");
  options.endpoint.password = "wrong";
  const Answer refused = PipelinedClient::Start(options)->Call({"PING"}, absl::Milliseconds(300));
  ExpectStoreUnavailable(refused.status());
  EXPECT_THAT(std::string(refused.status().message()), testing::HasSubstr("WRONGPASS"));
}

TEST(PipelinedClientTest, SchedulesOnTheIoThreadAndDropsWhenStopping) {
  RedisServer server;
  auto client = Connect(server);
  const absl::Time start = absl::Now();
  absl::Notification second;
  std::atomic<int> order = 0;
  client->Schedule(absl::Milliseconds(30), [&] {
    EXPECT_EQ(order++, 1);
    second.Notify();
  });
  client->Schedule(absl::Milliseconds(5), [&] { EXPECT_EQ(order++, 0); });
  second.WaitForNotification();
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(30));

  auto dropped = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = dropped;
  client->Schedule(absl::Hours(1), [dropped = std::move(dropped)] { ADD_FAILURE(); });
  client.reset();
  EXPECT_TRUE(watch.expired());
}

TEST(PipelinedClientTest, WhatIsDeferredRunsAfterWhatCameTogetherAndNeverGetsLost) {
  RedisServer server;
  auto client = Connect(server);
  // On the I/O thread: after the callback that defers it, before the answer to what that sends.
  std::vector<std::string> order;
  absl::Notification answered;
  client->Send({"PING"}, kLong, [&](const Answer&) {
    client->Defer([&] {
      order.push_back("deferred");
      client->Send({"PING"}, kLong, [&](const Answer&) { answered.Notify(); });
    });
    order.push_back("callback");
  });
  answered.WaitForNotification();
  EXPECT_EQ(order, (std::vector<std::string>{"callback", "deferred"}));

  // The client stops while much is under way: each task runs, and what it sends is answered.
  constexpr int kThreads = 4;
  constexpr int kTasks = 200;
  std::atomic<int> ran = 0;
  std::atomic<int> answers = 0;
  std::vector<std::thread> threads;
  Client* const raw = client.get();
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int task = 0; task < kTasks; ++task) {
        raw->Defer([&] {
          ++ran;
          raw->Send({"PING"}, kLong, [&](const Answer&) { ++answers; });
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  client.reset();
  EXPECT_EQ(ran, kThreads * kTasks);
  EXPECT_EQ(answers, kThreads * kTasks);
}

TEST(PipelinedClientTest, WaitsForReplicasOnTheConnectionOfTheWrite) {
  RedisServer primary({"--repl-diskless-sync-delay", "0"});
  RedisServer replica({"--replicaof", absl::StrCat("127.0.0.1 ", primary.port())});
  const auto client = Connect(primary);
  const Script script("return redis.call('INCR', KEYS[1])");
  // Redis itself waits for the replica to come.
  const auto wait_for = [&](int replicas, absl::Duration timeout) {
    Awaited<Answer> answer;
    client->EvalAndWait(script, {"n"}, {}, replicas, timeout, answer.Callback());
    return answer.Wait();
  };
  EXPECT_EQ(wait_for(1, kLong)->integer(), 1);
  ExpectStoreUnavailable(wait_for(2, absl::Milliseconds(100)).status());
  replica.Pause();
  ExpectStoreUnavailable(wait_for(1, absl::Milliseconds(100)).status());
  replica.Resume();
  EXPECT_EQ(wait_for(1, kLong)->integer(), 4);
}

}  // namespace
}  // namespace fuju::chassis::redis
