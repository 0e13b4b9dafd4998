// What a service costs before its first call.

#include <csignal>

#include "absl/synchronization/notification.h"

#include "bench/groups.h"
#include "bench/measure.h"

namespace fuju::bench {

void MeasureStart(Stage& stage, Figures& figures) {
  const auto redis = stage.StartRedis();
  for (int run = 0; run <= stage.options().runs; ++run) {
    Served served = stage.ServeApplications(stage.Product("fuju-applications"), *redis);
    // Long enough for leases and first reads.
    const absl::Notification never;
    never.WaitForNotificationWithTimeout(absl::Milliseconds(stage.Scale(1500, 100)));
    const double resident = ResidentMib(served.process.pid());
    served.process.Signal(SIGTERM);
    if (!served.process.Wait(absl::Seconds(30)).ok()) Fail("fuju-applications does not stop");
    if (run == 0) continue;
    figures.Add("start_ms", absl::ToDoubleMilliseconds(served.start_time));
    figures.Add("rss_mib", resident);
  }
}

}  // namespace fuju::bench
