// What a whole life of an application leaves in Redis.

#include <algorithm>
#include <cstdio>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"

#include "bench/groups.h"
#include "bench/redis_keys.h"
#include "chassis/redis/blocking_connection.h"
#include "scenario/scenario.h"
#include "support/cluster.h"

namespace fuju::bench {
namespace {

using chassis::redis::BlockingConnection;

// "applications ix" of "fuju:applications:{p03}:ix:county:620102"; keys.h.
std::string KindOf(const std::string& key) {
  const std::vector<std::string> parts = absl::StrSplit(key, ':');
  if (parts.size() < 4) return key;
  return absl::StrCat(parts[1], " ", parts[3]);
}

// Waits until the streams are trimmed to what is still wanted: nothing grows less any more.
void AwaitTrimming(BlockingConnection& redis) {
  const absl::Notification never;
  // The consumer trims every half minute.
  constexpr absl::Duration kTwoTrims = absl::Seconds(65);
  never.WaitForNotificationWithTimeout(kTwoTrims);
  int64_t left = 0;
  for (const std::string& key : AllKeys(redis)) {
    if (absl::EndsWith(key, "}:events")) left += Ask(redis, {"XLEN", key}).integer();
  }
  std::fprintf(stderr, "  %lld events left after trimming\n", static_cast<long long>(left));
}

std::map<std::string, double> BytesByKind(Stage& stage, int applications) {
  const std::string work = absl::StrCat(stage.options().work_dir, "/memory-", applications);
  auto cluster = test_support::Cluster::Start({.bin_dir = stage.options().bin_dir,
                                               .source_dir = stage.options().source_dir,
                                               .work_dir = work,
                                               .profile = "../../tests/bench/profile"});
  if (!cluster.ok()) Fail(cluster.status().ToString());
  scenario::ScenarioOptions options;
  options.applications = applications;
  options.data_dir = stage.data_dir();
  const auto played = scenario::Scenario(**cluster, options).Play([](const auto&) {});
  if (!played.ok()) Fail(played.status().ToString());
  if (!played->good()) Fail("the scenario did not end well");
  BlockingConnection redis((*cluster)->redis_endpoint());
  AwaitTrimming(redis);
  std::map<std::string, double> bytes;
  for (const std::string& key : AllKeys(redis)) {
    bytes[KindOf(key)] +=
        static_cast<double>(Ask(redis, {"MEMORY", "USAGE", key, "SAMPLES", "0"}).integer());
  }
  return bytes;
}

}  // namespace

void MeasureMemory(Stage& stage, Figures& figures) {
  // The difference of two plays: what a deployment has once, such as vendors and catalogue, falls
  // out of it, and so does most of what fills up at first, such as one set for each county and
  // state in each partition (1,400 for each state), if it is not begun too small.
  const int few = stage.Scale(2000, 5);
  const int many = stage.Scale(6000, 15);
  const std::map<std::string, double> before = BytesByKind(stage, few);
  std::map<std::string, double> each = BytesByKind(stage, many);
  double sum = 0;
  double requests = 0;
  std::vector<std::pair<double, std::string>> kinds;
  for (auto& [kind, bytes] : each) {
    const auto found = before.find(kind);
    bytes = (bytes - (found == before.end() ? 0 : found->second)) / (many - few);
    sum += bytes;
    if (absl::EndsWith(kind, " done")) requests += bytes;
    kinds.emplace_back(bytes, kind);
  }
  std::sort(kinds.rbegin(), kinds.rend());
  constexpr size_t kTold = 16;
  if (kinds.size() > kTold) kinds.resize(kTold);
  figures.Add("redis_bytes_per_application", sum);
  figures.Add("redis_bytes_of_request_records", requests);
  figures.Note(absl::StrCat("bytes of an application's life by kind of key: ",
                            absl::StrJoin(kinds, ", ", [](std::string* text, const auto& kind) {
                              absl::StrAppendFormat(text, "%s %.0f", kind.second, kind.first);
                            })));
}

}  // namespace fuju::bench
