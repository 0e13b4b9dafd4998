#include "chassis/telemetry/metrics_endpoint.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "support/http_get.h"
#include "support/promtool.h"

namespace fuju::chassis {
namespace {

using testing::HasSubstr;

std::shared_ptr<prometheus::Registry> FilledRegistry() {
  auto registry = std::make_shared<prometheus::Registry>();
  prometheus::BuildCounter()
      .Name("fuju_probe_events_total")
      .Help("Events of the probe")
      .Register(*registry)
      .Add({{"kind", "a \"quoted\" 兰州\\\n"}})
      .Increment();
  prometheus::BuildGauge()
      .Name("fuju_probe_backlog")
      .Help("A backlog that nobody knows")
      .Register(*registry)
      .Add({})
      .Set(std::nan(""));
  prometheus::BuildHistogram()
      .Name("fuju_probe_seconds")
      .Help("Time of the probe")
      .Register(*registry)
      .Add({}, prometheus::Histogram::BucketBoundaries{0.1, 1})
      .Observe(INFINITY);
  return registry;
}

TEST(MetricsEndpointTest, ServesWhatPrometheusAccepts) {
  auto endpoint = MetricsEndpoint::Start("127.0.0.1:0", FilledRegistry());
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  ASSERT_GT((*endpoint)->port(), 0);
  // The second scrape also has the endpoint's own metrics.
  ASSERT_TRUE(test_support::HttpGet((*endpoint)->port(), "/metrics").ok());
  const auto text = test_support::HttpGet((*endpoint)->port(), "/metrics");
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_THAT(*text, HasSubstr("fuju_probe_events_total"));
  EXPECT_THAT(*text, HasSubstr("fuju_probe_backlog Nan"));
  EXPECT_EQ(test_support::PromtoolComplaints(*text), "");
}

TEST(MetricsEndpointTest, SaysSoWhenThePortIsTaken) {
  auto first = MetricsEndpoint::Start("127.0.0.1:0", FilledRegistry());
  ASSERT_TRUE(first.ok()) << first.status();
  const std::string address = absl::StrCat("127.0.0.1:", (*first)->port());
  const auto second = MetricsEndpoint::Start(address, FilledRegistry());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(address));
}

TEST(MetricsEndpointTest, RefusesAnAddressThatIsNone) {
  EXPECT_EQ(MetricsEndpoint::Start("nowhere", FilledRegistry()).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST(MetricsEndpointTest, PromtoolFindsWhatIsWrong) {
  EXPECT_NE(test_support::PromtoolComplaints("no metric at all"), "");
}

}  // namespace
}  // namespace fuju::chassis
