#pragma once

#include "chassis/store/aggregate_store.h"
#include "chassis/store/raw_store.h"
#include "dispatch/metrics.h"
#include "fuju/dispatch/storage/v1/dispatch_records.pb.h"

namespace fuju::dispatch {

// The three kinds of aggregates of this service on one store. Thread-safe.
struct DispatchStores {
  // `store` and `metrics` outlive this and all calls in flight.
  DispatchStores(chassis::RawStore* store, DispatchMetrics* metrics);

  chassis::AggregateStore<storage::v1::VendorRecord> vendors;
  chassis::AggregateStore<storage::v1::RoundRecord> rounds;
  chassis::AggregateStore<storage::v1::OfferRecord> offers;

  chassis::RawStore* raw() const { return vendors.raw(); }
  absl::Time Now() const { return raw()->clock().Now(); }
};

}  // namespace fuju::dispatch
