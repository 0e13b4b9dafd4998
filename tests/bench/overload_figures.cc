// What is left of a service that is asked three times what it can do.

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "bench/groups.h"
#include "bench/load_flags.h"

namespace fuju::bench {

void MeasureOverload(Stage& stage, Figures& figures) {
  constexpr double kTimesCapacity = 3;
  const int calm = stage.Scale(8000, 200);
  std::map<std::string, int64_t> ends;
  for (int run = 0; run < stage.options().runs; ++run) {
    // A Redis for each run, so that its peak and its flood find it equally full.
    const auto redis = stage.StartRedis();
    // The drafts of a flood would bring one about.
    ForbidRewrites(*redis);
    // The drafts of a flood are many times those of the calm: both find their states in memory,
    // else the flood would be measured with another read for each submission.
    const Served served = stage.ServeApplications(stage.Product("fuju-applications"), *redis,
                                                  {"--recent_states_mib=512"});
    int first = 0;
    const auto load = [&](int calls) {
      std::vector<std::string> argv =
          LoadArguments(stage, "load-submits", served, *redis, first, calls);
      first += calls;
      return argv;
    };
    stage.Run(load(calm));
    const auto peak = stage.Run(load(calm));
    const double offered = kTimesCapacity * peak["qps"].get<double>();
    const int calls = stage.options().quick ? 300 : static_cast<int>(offered * 3);
    std::vector<std::string> argv = load(calls);
    argv.push_back(absl::StrCat("--per_second=", offered));
    const auto flood = stage.Run(argv);
    figures.Add("overload_peak_qps", peak["qps"]);
    figures.Add("overload_offered_qps", calls / flood["seconds"].get<double>());
    figures.Add("overload_goodput_qps", flood["qps"]);
    figures.Add("overload_p99_ms", flood["p99_ms"]);
    figures.Add("goodput_vs_peak", flood["qps"].get<double>() / peak["qps"].get<double>());
    for (const auto& [end, count] : flood["ends"].items()) ends[end] += count.get<int64_t>();
  }
  figures.Note(absl::StrCat("overload, calls by their end: ",
                            absl::StrJoin(ends, ", ", absl::PairFormatter(" "))));
}

}  // namespace fuju::bench
