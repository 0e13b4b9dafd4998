#pragma once

#include <map>

#include <prometheus/registry.h>

#include "fuju/dispatch/storage/v1/dispatch_records.pb.h"

namespace prometheus {
class Counter;
class Gauge;
}  // namespace prometheus

namespace fuju::dispatch {

// The service's own metrics, with their handles kept:
//   fuju_dispatch_rounds_total{state}   rounds that came into a state, by this instance
//   fuju_dispatch_offers_total{state}   offers that came into a state, by this instance
//   fuju_dispatch_directory_vendors     vendors in the directory that matching reads
// Thread-safe.
class DispatchMetrics {
 public:
  explicit DispatchMetrics(prometheus::Registry& registry);

  // A change that this instance committed led here.
  void Count(const storage::v1::RoundRecord& round);
  void Count(const storage::v1::OfferRecord& offer);
  void SetDirectoryVendors(size_t vendors);

 private:
  std::map<int, prometheus::Counter*> rounds_;
  std::map<int, prometheus::Counter*> offers_;
  prometheus::Gauge* directory_vendors_;
};

}  // namespace fuju::dispatch
