#include "dispatch/metrics.h"

#include <map>
#include <string>

#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include "unit/dispatch/samples.h"

namespace fuju::dispatch {
namespace {

// Name and label value of every series, with its value.
std::map<std::string, double> SeriesOf(const prometheus::Registry& registry) {
  std::map<std::string, double> series;
  for (const auto& family : registry.Collect()) {
    for (const auto& metric : family.metric) {
      std::string name = family.name;
      for (const auto& label : metric.label) name += "|" + label.value;
      series[name] = metric.counter.value + metric.gauge.value;
    }
  }
  return series;
}

TEST(DispatchMetricsTest, HaveASeriesForEachStateFromTheStart) {
  prometheus::Registry registry;
  const DispatchMetrics metrics(registry);
  const std::map<std::string, double> series = SeriesOf(registry);
  EXPECT_EQ(series.size(), 7u + 7u + 1u);
  for (const auto& [name, value] : series) EXPECT_EQ(value, 0) << name;
}

TEST(DispatchMetricsTest, CountTheStatesComeInto) {
  prometheus::Registry registry;
  DispatchMetrics metrics(registry);
  metrics.Count(testing::RoundIn(v1::ROUND_STATE_MANUAL).state);
  metrics.Count(testing::OfferIn(v1::OFFER_STATE_EXPIRED).state);
  metrics.Count(testing::OfferIn(v1::OFFER_STATE_EXPIRED).state);
  metrics.SetDirectoryVendors(41);
  std::map<std::string, double> series = SeriesOf(registry);
  EXPECT_EQ(series["fuju_dispatch_rounds_total|MANUAL"], 1);
  EXPECT_EQ(series["fuju_dispatch_offers_total|EXPIRED"], 2);
  EXPECT_EQ(series["fuju_dispatch_offers_total|OPEN"], 0);
  EXPECT_EQ(series["fuju_dispatch_directory_vendors"], 41);
}

}  // namespace
}  // namespace fuju::dispatch
