#include "chassis/process/redis_watch.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include "chassis/telemetry/log.h"

namespace fuju::chassis {

redis::TopologyEvents WatchTopology(std::shared_ptr<prometheus::Registry> registry) {
  auto& redirects = prometheus::BuildCounter()
                        .Name("fuju_redis_redirects_total")
                        .Help(
                            "Commands that a Redis node sent elsewhere, or refused while their "
                            "keys move")
                        .Register(*registry);
  auto* const moved = &redirects.Add({{"reason", "moved"}});
  auto* const ask = &redirects.Add({{"reason", "ask"}});
  auto* const try_again = &redirects.Add({{"reason", "tryagain"}});
  auto& refreshes = prometheus::BuildCounter()
                        .Name("fuju_redis_layout_refreshes_total")
                        .Help("Times that the nodes were asked who has which slot")
                        .Register(*registry);
  auto* const learned = &refreshes.Add({{"result", "ok"}});
  auto* const failed = &refreshes.Add({{"result", "failed"}});
  auto* const nodes = &prometheus::BuildGauge()
                           .Name("fuju_redis_nodes")
                           .Help("Redis nodes that are known, replicas included")
                           .Register(*registry)
                           .Add({});
  redis::TopologyEvents events;
  events.redirected = [moved, ask, try_again](redis::Redirection redirection) {
    switch (redirection) {
      case redis::Redirection::kMoved:
        return moved->Increment();
      case redis::Redirection::kAsk:
        return ask->Increment();
      case redis::Redirection::kTryAgain:
        return try_again->Increment();
    }
  };
  // Keeps the registry for as long as the handles are used.
  events.refreshed = [registry, learned, failed, nodes](const absl::StatusOr<int>& known) {
    (known.ok() ? learned : failed)->Increment();
    if (known.ok()) nodes->Set(*known);
  };
  events.changed = [](const std::string& difference) {
    LogInfo("the layout of Redis has changed", {{"slots", difference}});
  };
  return events;
}

}  // namespace fuju::chassis
