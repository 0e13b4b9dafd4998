#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chassis/redis/client.h"
#include "chassis/redis/topology.h"
#include "chassis/store/keys.h"
#include "chassis/streams/consumer.h"
#include "chassis/streams/handler_watchdog.h"
#include "chassis/streams/reactor.h"
#include "chassis/streams/stream_metrics.h"
#include "chassis/values/clock.h"

namespace fuju::chassis {

// A service whose streams are read.
struct StreamSource {
  std::string name;
  Keys keys;
};

// What all partitions of a consumer share. Read only after the start. Shared ownership, because a
// handler's answer may come after the consumer is gone; by then nothing behind the pointers is
// used.
struct WorkerContext {
  redis::Client* client;
  std::shared_ptr<redis::Topology> topology;
  Keys keys;
  const Clock* clock;
  Reactions reactions;
  TimerHandlers timers;
  ConsumerOptions options;
  std::vector<StreamSource> sources;
  // This consumer object among all that ever ran under the instance's name.
  std::string process;
  std::unique_ptr<StreamMetrics> metrics;
  // Of the consumer: ends the process when a handler does not even return within
  // options.reaction_timeout. Used only to make pulses, while the consumer lives.
  HandlerWatchdog* watchdog;

  // The consumer group is named after the service.
  const std::string& group() const { return keys.service(); }
};

}  // namespace fuju::chassis
