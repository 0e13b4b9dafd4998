// How fast a yearly needs survey comes into the demand register, the uploader included.

#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "bench/measure.h"
#include "bench/redis_keys.h"
#include "bench/registered_figures.h"
#include "chassis/redis/blocking_connection.h"
#include "support/survey_file.h"

namespace fuju::bench {
namespace {

constexpr absl::Duration kLongestImport = absl::Minutes(10);

struct Imported {
  double seconds = 0;
  absl::Duration service_time;
  absl::Duration redis_time;
};

Imported Import(Stage& stage, const Served& served, const test_support::RedisServer& redis,
                int first, int people) {
  const std::string file = absl::StrCat(stage.options().work_dir, "/survey-", first, ".csv");
  std::ofstream(file, std::ios::binary) << test_support::SurveyCsv(first, people);
  std::vector<std::string> argv = stage.Product("fujuctl");
  for (const std::string& argument :
       {std::string("import-needs"), file, absl::StrCat("--applications=", served.address),
        absl::StrCat("--survey_year=", test_support::kSurveyYear)}) {
    argv.push_back(argument);
  }
  const absl::Duration service_before = CpuTimeOf(served.process.pid());
  const absl::Duration redis_before = CpuTimeOf(redis.pid());
  const int64_t start = SteadyNs();
  Stage::Running running = stage.StartLoad(argv);
  const auto code = running.process.Wait(kLongestImport);
  const int64_t end = SteadyNs();
  std::string last;
  std::ifstream log(running.log);
  for (std::string line; std::getline(log, line);) last = line;
  // Nothing but good rows, all of them new.
  if (code.value_or(-1) != 0 || !absl::StrContains(last, absl::StrCat(people, " recorded"))) {
    Fail(absl::StrCat("the import failed: ", last));
  }
  return {.seconds = absl::ToDoubleSeconds(absl::Nanoseconds(end - start)),
          .service_time = CpuTimeOf(served.process.pid()) - service_before,
          .redis_time = CpuTimeOf(redis.pid()) - redis_before};
}

double BytesPerNeed(const test_support::RedisServer& server, int needs) {
  chassis::redis::BlockingConnection redis(server.endpoint());
  double bytes = 0;
  for (const std::string& key : AllKeys(redis)) {
    if (absl::EndsWith(key, "}:events")) continue;
    bytes += static_cast<double>(Ask(redis, {"MEMORY", "USAGE", key, "SAMPLES", "0"}).integer());
  }
  return bytes / needs;
}

// import_rows_per_s, import_..._us_per_row, redis_bytes_per_need
void MeasureImport(Stage& stage, Figures& figures) {
  const int people = stage.Scale(100000, 1500);
  const int warm_up = stage.Scale(10000, 1500);
  const auto redis = stage.StartRedis();
  const Served served = stage.ServeApplications(stage.Product("fuju-applications"), *redis);
  Import(stage, served, *redis, 0, warm_up);
  figures.Add("redis_bytes_per_need", BytesPerNeed(*redis, warm_up));
  for (int run = 0; run < stage.options().runs; ++run) {
    const Imported imported = Import(stage, served, *redis, warm_up + run * people, people);
    figures.Add("import_rows_per_s", people / imported.seconds);
    figures.Add("import_service_us_per_row",
                absl::ToDoubleMicroseconds(imported.service_time) / people);
    figures.Add("import_redis_us_per_row",
                absl::ToDoubleMicroseconds(imported.redis_time) / people);
  }
}

const RegisteredFigures kImport("applications", "import", MeasureImport);

}  // namespace
}  // namespace fuju::bench
