#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include <prometheus/registry.h>

#include "chassis/store/aggregate_store.h"
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

  void Count(const storage::v1::RoundRecord& round);
  void Count(const storage::v1::OfferRecord& offer);
  void Count(const storage::v1::VendorRecord&) {}
  void SetDirectoryVendors(size_t vendors);

 private:
  std::map<int, prometheus::Counter*> rounds_;
  std::map<int, prometheus::Counter*> offers_;
  prometheus::Gauge* directory_vendors_;
};

// AggregateStore::Update, counting the state that a change leads to.
template <typename Record>
void UpdateCounted(const chassis::AggregateStore<Record>& store, DispatchMetrics* metrics,
                   std::string id, chassis::Command command,
                   typename chassis::AggregateStore<Record>::Decide decide,
                   typename chassis::AggregateStore<Record>::Done done) {
  auto changed = std::make_shared<std::atomic<bool>>(false);
  store.Update(
      std::move(id), std::move(command),
      [changed, decide = std::move(decide)](const chassis::Versioned<Record>& current) {
        absl::StatusOr<chassis::Decision<Record>> decision = decide(current);
        *changed = decision.ok() && decision->changed;
        return decision;
      },
      [changed, metrics, done = std::move(done)](absl::StatusOr<chassis::Committed<Record>> c) {
        if (c.ok() && !c->repeated && *changed) metrics->Count(c->state);
        done(std::move(c));
      });
}

}  // namespace fuju::dispatch
