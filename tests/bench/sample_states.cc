// States of all services in every part of their lives, as material for a state dictionary.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"

#include "bench/redis_keys.h"
#include "bench/roles.h"
#include "bench/stage.h"
#include "chassis/redis/blocking_connection.h"
#include "chassis/store/keys.h"
#include "chassis/store/packed_state.h"
#include "scenario/scenario.h"
#include "support/cluster.h"

ABSL_FLAG(std::string, out, "", "folder for the states, a file each");
ABSL_FLAG(int32_t, applications, 300, "applications to play");
ABSL_DECLARE_FLAG(std::string, source_dir);

namespace fuju::bench {
namespace {

using chassis::redis::BlockingConnection;
using chassis::redis::Reply;

// Writes every version of an aggregate that it comes across, as it is before it is packed, into a
// file of its own, state-<number of the aggregate>-<version>.
class StateSampler {
 public:
  StateSampler(chassis::redis::BlockingConnection* redis, std::filesystem::path folder)
      : redis_(redis), folder_(std::move(folder)) {}

  void Sample() {
    for (const std::string& key : AllKeys(*redis_)) {
      const auto aggregate = chassis::Keys::ParseAggregate(key);
      if (aggregate.has_value()) Keep(key, std::string(aggregate->id));
    }
  }
  size_t kept() const { return kept_; }

 private:
  void Keep(const std::string& key, const std::string& id) {
    const Reply aggregate = Ask(*redis_, {"HMGET", key, "v", "s"});
    if (aggregate[1].is_nil()) return;
    const size_t number = numbers_.emplace(key, numbers_.size()).first->second;
    const auto blob = chassis::UnpackState(aggregate[1].text(), id);
    if (!blob.ok()) Fail(absl::StrCat(key, ": ", blob.status().ToString()));
    const auto file = folder_ / absl::StrCat("state-", number, "-", aggregate[0].text());
    if (std::filesystem::exists(file)) return;
    std::ofstream(file, std::ios::binary) << chassis::BodyOf(*blob, id);
    ++kept_;
  }

  BlockingConnection* const redis_;
  const std::filesystem::path folder_;
  std::map<std::string, size_t> numbers_;
  size_t kept_ = 0;
};

}  // namespace

int SampleStates(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const std::filesystem::path out = absl::GetFlag(FLAGS_out);
  std::filesystem::create_directories(out);
  const std::string source = std::filesystem::absolute(absl::GetFlag(FLAGS_source_dir)).string();
  auto cluster = test_support::Cluster::Start(
      {.bin_dir = std::filesystem::canonical("/proc/self/exe").parent_path().string(),
       .source_dir = source,
       .work_dir = (out / "work").string(),
       .profile = "../../tests/bench/profile"});
  if (!cluster.ok()) Fail(cluster.status().ToString());
  BlockingConnection redis((*cluster)->redis_endpoint());
  StateSampler sampler(&redis, out);
  scenario::ScenarioOptions options;
  options.applications = absl::GetFlag(FLAGS_applications);
  // Other people than those whose states are measured (memory_figures.cc).
  options.seed = 20261127;
  options.data_dir = source + "/deploy/data/gansu";
  const auto played =
      scenario::Scenario(**cluster, options).Play([&sampler](const auto&) { sampler.Sample(); });
  if (!played.ok()) Fail(played.status().ToString());
  sampler.Sample();
  std::printf("{\"states\": %zu}\n", sampler.kept());
  return 0;
}

}  // namespace fuju::bench
