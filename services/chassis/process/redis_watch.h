#pragma once

#include <memory>

#include <prometheus/registry.h>

#include "chassis/redis/topology.h"

namespace fuju::chassis {

// What an operator sees of a Redis of several nodes: a log line for every change of the layout, and
//   fuju_redis_redirects_total{reason}           moved, ask, tryagain
//   fuju_redis_layout_refreshes_total{result}    ok, failed
//   fuju_redis_nodes                             known, replicas included
redis::TopologyEvents WatchTopology(std::shared_ptr<prometheus::Registry> registry);

}  // namespace fuju::chassis
