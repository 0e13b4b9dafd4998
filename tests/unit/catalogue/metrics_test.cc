#include "catalogue/metrics.h"

#include <map>
#include <string>

#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include "examples.h"

namespace fuju::catalogue {
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

TEST(CatalogueMetricsTest, HaveTheirSeriesFromTheStart) {
  prometheus::Registry registry;
  CatalogueMetrics metrics(registry);
  const std::map<std::string, double> series = SeriesOf(registry);
  EXPECT_EQ(series.size(), 6u + 6u + 17u + 2u + 3u);
  for (const auto& [name, value] : series) EXPECT_EQ(value, 0) << name;
}

TEST(CatalogueMetricsTest, CountGrantsTheirMoneyAndReasons) {
  prometheus::Registry registry;
  CatalogueMetrics metrics(registry);
  v1::Grant grant;
  grant.set_state(v1::GRANT_STATE_RESERVED);
  grant.set_amount_fen(98000);
  metrics.Count(grant);
  grant.set_state(v1::GRANT_STATE_REFUSED);
  grant.set_amount_fen(0);
  grant.add_refusal_codes("AGE_WINDOW");
  grant.add_refusal_codes("OTHER_PAYER");
  grant.add_refusal_codes("A_CODE_OF_ANOTHER_RELEASE");
  metrics.Count(grant);
  metrics.CountQuote(true);
  metrics.CountReloadFailure();
  metrics.SetInForce(1, ExampleRecord().version().publish_time());
  std::map<std::string, double> series = SeriesOf(registry);
  EXPECT_EQ(series["fuju_catalogue_grants_total|RESERVED"], 1);
  EXPECT_EQ(series["fuju_catalogue_grant_fen_total|RESERVED"], 98000);
  EXPECT_EQ(series["fuju_catalogue_grants_total|REFUSED"], 1);
  EXPECT_EQ(series["fuju_catalogue_refusals_total|AGE_WINDOW"], 1);
  EXPECT_EQ(series["fuju_catalogue_refusals_total|OTHER_PAYER"], 1);
  EXPECT_EQ(series["fuju_catalogue_quotes_total|true"], 1);
  EXPECT_EQ(series["fuju_catalogue_reload_failures_total"], 1);
  EXPECT_EQ(series["fuju_catalogue_items"], 1);
  EXPECT_EQ(series["fuju_catalogue_published_time_seconds"],
            static_cast<double>(ExampleRecord().version().publish_time().seconds()));
}

}  // namespace
}  // namespace fuju::catalogue
