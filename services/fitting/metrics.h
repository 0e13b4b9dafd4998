#pragma once

#include <map>

#include <prometheus/registry.h>

#include "fuju/fitting/storage/v1/fitting_records.pb.h"

namespace prometheus {
class Counter;
}  // namespace prometheus

namespace fuju::fitting {

// The service's own metrics, with their handles kept:
//   fuju_fitting_orders_total{state}        orders that came into a state, by this instance
//   fuju_fitting_appointments_total{state}  visits that came into a state; a moved one not again
// Thread-safe.
class FittingMetrics {
 public:
  explicit FittingMetrics(prometheus::Registry& registry);

  // A change that this instance committed.
  void Count(const storage::v1::OrderRecord& before, const storage::v1::OrderRecord& after);

 private:
  std::map<int, prometheus::Counter*> orders_;
  std::map<int, prometheus::Counter*> appointments_;
};

}  // namespace fuju::fitting
