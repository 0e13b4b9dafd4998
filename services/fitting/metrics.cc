#include "fitting/metrics.h"

#include <prometheus/counter.h>

#include "fitting/order.h"
#include "fuju/fitting/v1/fitting.pb.h"

namespace fuju::fitting {
FittingMetrics::FittingMetrics(prometheus::Registry& registry) {
  auto& orders = prometheus::BuildCounter()
                     .Name("fuju_fitting_orders_total")
                     .Help("Service orders that came into a state.")
                     .Register(registry);
  for (int s = v1::OrderState_MIN + 1; s <= v1::OrderState_MAX; ++s) {
    orders_[s] = &orders.Add({{"state", StateName(static_cast<v1::OrderState>(s))}});
  }
  auto& appointments = prometheus::BuildCounter()
                           .Name("fuju_fitting_appointments_total")
                           .Help("Visits that came into a state.")
                           .Register(registry);
  for (int s = v1::AppointmentState_MIN + 1; s <= v1::AppointmentState_MAX; ++s) {
    appointments_[s] =
        &appointments.Add({{"state", StateName(static_cast<v1::AppointmentState>(s))}});
  }
}

void FittingMetrics::Count(const storage::v1::OrderRecord& before,
                           const storage::v1::OrderRecord& after) {
  const v1::Order& was = before.order();
  const v1::Order& is = after.order();
  for (int i = 0; i < is.appointments_size(); ++i) {
    const v1::AppointmentState state = is.appointments(i).state();
    if (i < was.appointments_size() && was.appointments(i).state() == state) continue;
    if (const auto found = appointments_.find(state); found != appointments_.end()) {
      found->second->Increment();
    }
  }
  if (was.state() == is.state()) return;
  if (const auto found = orders_.find(is.state()); found != orders_.end()) {
    found->second->Increment();
  }
}

}  // namespace fuju::fitting
