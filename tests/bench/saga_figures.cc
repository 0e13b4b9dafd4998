// A saga of four steps in four processes, and the same with BullMQ.

#include <filesystem>

#include "absl/strings/str_cat.h"

#include "bench/baton.h"
#include "bench/groups.h"

namespace fuju::bench {
namespace {

nlohmann::json Relay(Stage& stage, const test_support::RedisServer& redis,
                     std::vector<std::string> flags) {
  std::vector<std::string> argv = stage.Role("load-relays");
  argv.push_back(absl::StrCat("--redis_port=", redis.port()));
  argv.insert(argv.end(), flags.begin(), flags.end());
  return stage.Run(std::move(argv));
}

std::vector<Served> ServeSteps(Stage& stage, const test_support::RedisServer& redis, int last) {
  std::vector<Served> steps;
  for (int step = 1; step <= last; ++step) {
    std::vector<std::string> program = stage.Role("serve-step");
    program.push_back(absl::StrCat(step));
    steps.push_back(stage.Serve(program, redis));
  }
  return steps;
}

constexpr double kSteadyPerSecond = 100;

// Numbers of relays never repeat in a Redis.
class Numbers {
 public:
  std::string Next(int count) {
    const std::string flag = absl::StrCat("--first_relay=", next_);
    next_ += count;
    return flag;
  }

 private:
  int64_t next_ = 0;
};

void MeasureOurs(Stage& stage, Figures& figures) {
  const auto redis = stage.StartRedis();
  const std::vector<Served> steps = ServeSteps(stage, *redis, kLastStep);
  Numbers numbers;
  const int closed = stage.Scale(8000, 300);
  const int open = stage.Scale(1000, 50);
  for (int run = 0; run <= stage.options().runs; ++run) {
    const auto full =
        Relay(stage, *redis, {absl::StrCat("--relays=", closed), numbers.Next(closed)});
    const auto steady = Relay(stage, *redis,
                              {absl::StrCat("--relays=", open), numbers.Next(open),
                               absl::StrCat("--relays_per_second=", kSteadyPerSecond)});
    if (run == 0) continue;
    figures.Add("saga_per_s", full["per_second"]);
    figures.Add("saga_p50_ms", steady["p50_ms"]);
    figures.Add("saga_p99_ms", steady["p99_ms"]);
  }
}

void MeasureBullMq(Stage& stage, Figures& figures) {
  const std::string folder = absl::StrCat(stage.options().source_dir, "/tests/bench/bullmq");
  if (!std::filesystem::exists(folder + "/node_modules")) {
    figures.Note("skipped BullMQ: `npm ci` was not run in tests/bench/bullmq");
    return;
  }
  const auto redis = stage.StartRedis();
  const std::string script = folder + "/saga.mjs";
  const std::string port = absl::StrCat(redis->port());
  std::vector<Stage::Running> workers;
  for (int step = 1; step <= kLastStep; ++step) {
    workers.push_back(stage.StartLoad({"node", script, "work", port, absl::StrCat(step)}));
  }
  const int closed = stage.Scale(4000, 200);
  const int open = stage.Scale(1000, 50);
  for (int run = 0; run <= stage.options().runs; ++run) {
    const auto full = stage.Run({"node", script, "drive", port, absl::StrCat(closed), "256", "0"});
    const auto steady = stage.Run(
        {"node", script, "drive", port, absl::StrCat(open), "0", absl::StrCat(kSteadyPerSecond)});
    if (run == 0) continue;
    figures.Add("bullmq_saga_per_s", full["per_second"]);
    figures.Add("bullmq_p50_ms", steady["p50_ms"]);
    figures.Add("bullmq_p99_ms", steady["p99_ms"]);
  }
}

}  // namespace

void MeasureSagas(Stage& stage, Figures& figures) {
  MeasureOurs(stage, figures);
  MeasureBullMq(stage, figures);
  if (figures.Value("bullmq_saga_per_s") == 0) return;
  figures.AddRatio("saga_vs_bullmq", "saga_per_s", "bullmq_saga_per_s");
  figures.AddRatio("saga_p50_vs_bullmq", "saga_p50_ms", "bullmq_p50_ms");
  figures.AddRatio("saga_p99_vs_bullmq", "saga_p99_ms", "bullmq_p99_ms");
}

void MeasureFirstEvent(Stage& stage, Figures& figures) {
  const auto redis = stage.StartRedis();
  const std::vector<Served> steps = ServeSteps(stage, *redis, 1);
  Numbers numbers;
  const int count = stage.Scale(300, 20);
  for (int run = 0; run <= stage.options().runs; ++run) {
    // One at a time, far apart: everything sleeps when it comes.
    const auto idle = Relay(stage, *redis,
                            {absl::StrCat("--relays=", count), numbers.Next(count),
                             "--relays_per_second=50", "--last_step=1"});
    if (run > 0) figures.Add("first_event_ms", idle["handled_p50_ms"]);
  }
}

}  // namespace fuju::bench
