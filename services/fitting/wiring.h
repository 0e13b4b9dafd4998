#pragma once

#include "absl/time/time.h"

#include "chassis/store/aggregate_store.h"
#include "chassis/store/raw_store.h"
#include "chassis/store/unique_names.h"
#include "chassis/streams/reactor.h"
#include "fitting/metrics.h"
#include "fitting/order.h"
#include "fitting/technician.h"

namespace fuju::fitting {

// The two kinds of aggregates of this service on one store. Thread-safe.
struct FittingStores {
  // `store` and `metrics` outlive this and all calls in flight.
  FittingStores(chassis::RawStore* store, FittingMetrics* metrics);

  chassis::AggregateStore<storage::v1::TechnicianRecord> technicians;
  chassis::AggregateStore<storage::v1::OrderRecord> orders;

  chassis::RawStore* raw() const { return orders.raw(); }
  absl::Time Now() const { return raw()->clock().Now(); }
};

// Name under which a serial number is claimed in the whole province.
std::string SerialNumberName(const std::string& serial_number);

// For the names of serial numbers, claimed by the resource names of orders: whose they are by the
// state of the order that claimed one. `stores` outlives it.
chassis::UniqueNames::Ask AskOrders(const FittingStores* stores);

// What this service does about facts and due timers. The arguments outlive the handlers.
chassis::Reactions MakeReactions(const FittingStores* stores, const OrderRules& rules);
chassis::TimerHandlers MakeTimerHandlers(const FittingStores* stores);

}  // namespace fuju::fitting
