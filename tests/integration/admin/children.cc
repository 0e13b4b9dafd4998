#include "integration/admin/children.h"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include <prometheus/registry.h>

#include "chassis/admin/dead_letter_replay.h"
#include "chassis/redis/pipelined_client.h"
#include "chassis/streams/consumer.h"

namespace fuju::chassis {
namespace {

constexpr int kPartitions = 2;

struct Child {
  redis::Endpoint endpoint;
  std::string service;
  std::string source;
  std::string name;
};

void React(redis::Client& client, const std::string& service, const Delivery& delivery,
           ReactionDone done) {
  client.Send({"GET", "mood:" + service}, absl::Seconds(5),
              [&client, service, event = delivery.event,
               done = std::move(done)](const absl::StatusOr<redis::Reply>& mood) {
                if (!mood.ok()) return done(mood.status());
                if (event->aggregate_version() == 1 && mood->text() == "deadly") _exit(3);
                if (event->aggregate_version() == 1 && mood->text() == "broken") {
                  return done(absl::InternalError("broken"));
                }
                client.Send(
                    {"RPUSH", "handled:" + service, event->id()}, absl::Seconds(5),
                    [done](const absl::StatusOr<redis::Reply>& told) { done(told.status()); });
              });
}

int RunHolder(const Child& child, redis::Client& client) {
  Reactions reactions;
  reactions.Add(child.source, "test.Fact", [&](const Delivery& delivery, const ReactionDone& done) {
    React(client, child.service, delivery, done);
  });
  ConsumerOptions options;
  options.instance = child.name;
  options.lease_ttl = absl::Milliseconds(300);
  options.read_block = absl::Milliseconds(50);
  options.retry_min = absl::Milliseconds(2);
  options.retry_max = absl::Milliseconds(20);
  options.max_attempts = 3;
  const SystemClock clock;
  prometheus::Registry registry;
  const auto consumer = Consumer::Start(&client, redis::Topology::Fixed(child.endpoint),
                                        Keys(child.service, kPartitions), &clock,
                                        std::move(reactions), {}, options, &registry);
  sigset_t none;
  sigemptyset(&none);
  while (consumer != nullptr) sigsuspend(&none);
  return 0;
}

int RunReplayer(const Child& child, redis::Client& client) {
  const SystemClock clock;
  DeadLetterDesk desk(&client, Keys(child.service, kPartitions), &clock, {});
  DeadLetterReplay replay(&desk, {child.source});
  admin::v1::ReplayDeadLettersRequest request;
  request.set_source(child.source);
  request.set_max_count(1000);
  request.set_request_id("r1");
  CallInfo call;
  call.method = "test";
  call.actor = "operator:a01";
  call.deadline = absl::Now() + absl::Minutes(1);
  const auto answer = replay.Run(call, request);
  if (!answer.ok()) std::cerr << answer.status() << "\n";
  return answer.ok() ? 0 : 1;
}

}  // namespace

test_support::ChildProcess StartChild(const char* what, int redis_port, const std::string& service,
                                      const std::string& source, const std::string& name) {
  auto child = test_support::ChildProcess::Start(
      {"/proc/self/exe", what, absl::StrCat(redis_port), service, source, name}, "/dev/null");
  EXPECT_TRUE(child.ok()) << child.status();
  return *std::move(child);
}

int RunChild(char** argv) {
  Child child;
  child.endpoint.port = std::atoi(argv[2]);
  child.service = argv[3];
  child.source = argv[4];
  child.name = argv[5];
  const auto client = redis::PipelinedClient::Start({.endpoint = child.endpoint});
  if (std::string_view(argv[1]) == kHolder) return RunHolder(child, *client);
  return RunReplayer(child, *client);
}

}  // namespace fuju::chassis
