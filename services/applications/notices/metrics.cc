#include "applications/notices/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>

#include "chassis/values/timestamps.h"

namespace fuju::applications {
namespace {

constexpr size_t kPrefix = sizeof("CONTACT_CHANNEL_") - 1;
constexpr const char* kResults[] = {"planned", "sent",       "postponed",
                                    "failed",  "suppressed", "resent"};

// From a second to the days of a channel that is down.
prometheus::Histogram::BucketBoundaries WaitBuckets() {
  return {0.1, 0.5, 1, 5, 15, 60, 300, 1800, 3600, 14400, 43200, 86400, 259200};
}

const char* ResultOf(const v1::Notice& before, const v1::Notice& after) {
  switch (after.state()) {
    case v1::NOTICE_STATE_SENT:
      return "sent";
    case v1::NOTICE_STATE_FAILED:
      return "failed";
    case v1::NOTICE_STATE_SUPPRESSED:
      return "suppressed";
    default:
      if (before.state() == v1::NOTICE_STATE_UNSPECIFIED) return "planned";
      return before.state() == v1::NOTICE_STATE_FAILED ? "resent" : "postponed";
  }
}

}  // namespace

NoticeMetrics::NoticeMetrics(prometheus::Registry& registry) {
  auto& results = prometheus::BuildCounter()
                      .Name("fuju_applications_notices_total")
                      .Help("Changes of notices to applicants committed by this instance.")
                      .Register(registry);
  auto& waits = prometheus::BuildHistogram()
                    .Name("fuju_applications_notice_wait_seconds")
                    .Help("Time from a fact to the delivery of its notice.")
                    .Register(registry);
  for (int number = v1::ContactChannel_MIN; number <= v1::ContactChannel_MAX; ++number) {
    const auto channel = static_cast<v1::ContactChannel>(number);
    if (channel == v1::CONTACT_CHANNEL_UNSPECIFIED) continue;
    const std::string name = v1::ContactChannel_Name(channel).substr(kPrefix);
    for (const char* result : kResults) {
      results_[{channel, result}] = &results.Add({{"channel", name}, {"result", result}});
    }
    waits_[channel] = &waits.Add({{"channel", name}}, WaitBuckets());
  }
}

void NoticeMetrics::Count(const NoticeRecord& before, const NoticeRecord& after) {
  const v1::Notice& notice = after.notice();
  results_.at({notice.channel(), ResultOf(before.notice(), notice)})->Increment();
  if (notice.state() != v1::NOTICE_STATE_SENT) return;
  const absl::Duration wait =
      chassis::ToTime(notice.send_time()) - chassis::ToTime(notice.create_time());
  waits_.at(notice.channel())->Observe(absl::ToDoubleSeconds(wait));
}

}  // namespace fuju::applications
