#include "fitting/metrics.h"

#include <map>
#include <string>

#include "gtest/gtest.h"
#include <prometheus/registry.h>

#include "unit/fitting/samples.h"

namespace fuju::fitting {
namespace {

using testing::OrderIn;

// The counters that are not zero: "orders OPEN" to a count.
std::map<std::string, double> Counted(const prometheus::Registry& registry) {
  std::map<std::string, double> counted;
  for (const prometheus::MetricFamily& family : registry.Collect()) {
    const std::string name = family.name == "fuju_fitting_orders_total" ? "orders" : "visits";
    for (const prometheus::ClientMetric& metric : family.metric) {
      if (metric.counter.value == 0) continue;
      counted[name + " " + metric.label.at(0).value] = metric.counter.value;
    }
  }
  return counted;
}

TEST(MetricsTest, CountsWhatCameIntoAState) {
  prometheus::Registry registry;
  FittingMetrics metrics(registry);
  const OrderRecord none;
  const OrderRecord open = OrderIn(v1::ORDER_STATE_OPEN).state;
  const OrderRecord scheduled = OrderIn(v1::ORDER_STATE_SCHEDULED).state;
  const OrderRecord completed = OrderIn(v1::ORDER_STATE_COMPLETED).state;
  metrics.Count(none, open);
  metrics.Count(open, scheduled);
  // A visit moved to another time is still the same booked one.
  OrderRecord moved = scheduled;
  moved.mutable_order()->mutable_appointments(0)->mutable_start_time()->set_seconds(1);
  metrics.Count(scheduled, moved);
  metrics.Count(moved, completed);
  EXPECT_EQ(Counted(registry), (std::map<std::string, double>{{"orders OPEN", 1},
                                                              {"orders SCHEDULED", 1},
                                                              {"orders COMPLETED", 1},
                                                              {"visits BOOKED", 1},
                                                              {"visits FULFILLED", 1}}));
}

}  // namespace
}  // namespace fuju::fitting
