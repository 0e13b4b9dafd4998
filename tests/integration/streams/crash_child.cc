#include "integration/streams/crash_child.h"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <utility>

#include <prometheus/registry.h>

#include "chassis/redis/pipelined_client.h"
#include "chassis/streams/consumer.h"

namespace fuju::chassis {

int RunCrashChild(char** argv) {
  redis::Endpoint endpoint;
  endpoint.port = std::atoi(argv[2]);
  const std::string service = argv[3];
  const std::string source = argv[4];
  const auto client = redis::PipelinedClient::Start({.endpoint = endpoint});
  Reactions reactions;
  reactions.Add(source, "test.Fact", [&](const Delivery& delivery, const ReactionDone& done) {
    if (delivery.event->subject() == "poison") _exit(3);
    if (delivery.event->subject() == "endless") {
      while (true) pause();
    }
    if (delivery.event->subject() == "endless callback") {
      client->Send({"PING"}, absl::Seconds(5), [](const absl::StatusOr<redis::Reply>&) {
        while (true) pause();
      });
      return;
    }
    client->Send({"RPUSH", "handled:" + service, delivery.event->id()}, absl::Seconds(5),
                 [done](const absl::StatusOr<redis::Reply>& reply) { done(reply.status()); });
  });
  ConsumerOptions options;
  options.instance = argv[5];
  options.lease_ttl = absl::Milliseconds(300);
  options.read_block = absl::Milliseconds(50);
  options.max_attempts = 4;
  options.reaction_timeout = absl::Seconds(2);
  const SystemClock clock;
  prometheus::Registry registry;
  const auto consumer =
      Consumer::Start(client.get(), redis::Topology::Fixed(endpoint), Keys(service, 1), &clock,
                      std::move(reactions), {}, options, &registry);
  sigset_t none;
  sigemptyset(&none);
  while (consumer != nullptr) sigsuspend(&none);
  return 0;
}

}  // namespace fuju::chassis
