#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace prometheus {
class Registry;
}

namespace fuju::chassis {

// Serves /metrics over HTTP in Prometheus' text format. Thread-safe.
class MetricsEndpoint {
 public:
  // `address` as "127.0.0.1:0"; port 0 takes a free one. UNAVAILABLE if it can not be bound.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Start(
      const std::string& address, std::shared_ptr<prometheus::Registry> registry);
  virtual ~MetricsEndpoint() = default;
  virtual int port() const = 0;
};

}  // namespace fuju::chassis
