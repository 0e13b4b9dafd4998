#include "chaos/poison_child.h"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <prometheus/registry.h>

#include "chassis/redis/pipelined_client.h"
#include "chassis/streams/consumer.h"

namespace fuju::chaos {

int RunPoisonChild(char** argv) {
  chassis::redis::Endpoint endpoint;
  endpoint.port = std::atoi(argv[2]);
  const auto client = chassis::redis::PipelinedClient::Start({.endpoint = endpoint});
  chassis::Reactions reactions;
  reactions.Add(
      kPoisonSource, "test.Fact",
      [&](const chassis::Delivery& delivery, const chassis::ReactionDone& done) {
        const event::v1::Event& event = *delivery.event;
        if (event.subject() == "throws") throw std::runtime_error("poison");
        if (event.subject() == "crashes") _exit(3);
        while (event.subject() == "endless") pause();
        const int64_t late = absl::ToUnixMillis(absl::Now()) - event.time().seconds();
        client->Send(
            {"RPUSH", "handled", absl::StrCat(event.id(), " ", late)}, absl::Seconds(5),
            [done](const absl::StatusOr<chassis::redis::Reply>& reply) { done(reply.status()); });
      });
  chassis::ConsumerOptions options;
  options.instance = argv[3];
  options.lease_ttl = kPoisonLease;
  options.max_attempts = 4;
  options.reaction_timeout = kPoisonHandlerLimit;
  const chassis::SystemClock clock;
  prometheus::Registry registry;
  const auto consumer =
      chassis::Consumer::Start(client.get(), chassis::redis::Topology::Fixed(endpoint),
                               chassis::Keys(kPoisonReader, kPoisonPartitions), &clock,
                               std::move(reactions), {}, options, &registry);
  sigset_t none;
  sigemptyset(&none);
  while (consumer != nullptr) sigsuspend(&none);
  return 0;
}

}  // namespace fuju::chaos
