// What the durable commit costs a submission, beside the same call with an instant one.

#include "bench/groups.h"
#include "bench/load_flags.h"

namespace fuju::bench {
void MeasureSubmits(Stage& stage, Figures& figures) {
  const auto redis = stage.StartRedis();
  const Served real = stage.ServeApplications(stage.Product("fuju-applications"), *redis);
  const Served instant = stage.ServeApplications(stage.Role("serve-instant"), *redis);
  const Served echo = stage.Serve(stage.Role("serve-echo"), *redis);
  const int count = stage.Scale(10000, 300);
  // In turns, so that what else the machine does meets all of them; the first turn warms up.
  for (int run = 0; run <= stage.options().runs; ++run) {
    const int first = run * count;
    const auto noop =
        stage.Run(LoadArguments(stage, "load-submits", instant, *redis, first, count));
    const auto submit = stage.Run(LoadArguments(stage, "load-submits", real, *redis, first, count));
    const auto plain = stage.Run(LoadArguments(stage, "load-echo", echo, *redis, 0, 2 * count));
    if (run == 0) continue;
    figures.Add("noop_qps", noop["qps"]);
    figures.Add("submit_qps", submit["qps"]);
    figures.Add("echo_qps", plain["qps"]);
    figures.Add("submit_p50_ms", submit["p50_ms"]);
    figures.Add("submit_p99_ms", submit["p99_ms"]);
    figures.Add("server_cpu_us_per_submit", submit["server_cpu_us"]);
    figures.Add("redis_cpu_us_per_submit", submit["redis_cpu_us"]);
    figures.Add("client_cpu_us_per_submit", submit["client_cpu_us"]);
    figures.Add("server_cpu_us_per_noop", noop["server_cpu_us"]);
    figures.Add("server_cpu_us_per_echo", plain["server_cpu_us"]);
  }
  figures.AddRatio("submit_vs_noop", "submit_qps", "noop_qps");
}

void MeasureFsync(Stage& stage, Figures& figures) {
  const auto always = stage.StartRedis("always");
  const auto everysec = stage.StartRedis("everysec");
  const Served on_always = stage.ServeApplications(stage.Product("fuju-applications"), *always);
  const Served on_everysec = stage.ServeApplications(stage.Product("fuju-applications"), *everysec,
                                                     {"--accept_weak_durability"});
  const int count = stage.Scale(10000, 300);
  for (int run = 0; run <= stage.options().runs; ++run) {
    const int first = run * count;
    const auto durable =
        stage.Run(LoadArguments(stage, "load-submits", on_always, *always, first, count));
    const auto weak =
        stage.Run(LoadArguments(stage, "load-submits", on_everysec, *everysec, first, count));
    if (run == 0) continue;
    figures.Add("submit_qps_always", durable["qps"]);
    figures.Add("submit_qps_everysec", weak["qps"]);
  }
  figures.AddRatio("always_vs_everysec", "submit_qps_always", "submit_qps_everysec");
}

}  // namespace fuju::bench
