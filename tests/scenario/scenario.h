#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "scenario/books.h"
#include "scenario/calls.h"
#include "scenario/world.h"
#include "support/cluster.h"

namespace fuju::scenario {

struct ScenarioOptions {
  int applications = 200;
  uint64_t seed = 1;
  // Citizens who are busy at the same time.
  int citizens = 48;
  // How long a call is repeated while a service is away.
  absl::Duration patience = absl::Seconds(60);
  // When the applications have not all ended after this time, the run is over.
  absl::Duration limit = absl::Minutes(10);
  // No further application is begun once it says so; empty never. From any thread.
  std::function<bool()> enough;
  // How long one attempt of a call may take.
  absl::Duration attempt_limit = absl::Seconds(10);
  // Told of every call that changes something (calls.h).
  Calls::Journal journal;
  // Cuts every vendor's stream after so many messages; 0 never.
  int cut_vendor_streams_every = 0;
  // deploy/data/gansu of the source tree.
  std::string data_dir;
};

struct ScenarioResult {
  Books books;
  std::map<std::string, Calls::Latency> latencies;
  // Things that must never happen; empty in a good run.
  std::vector<std::string> complaints;
  int64_t watches_resumed = 0;
  // Screens of evidence that officers looked at, and parts that were missing on them.
  int64_t evidence_seen = 0;
  int64_t evidence_missing = 0;
  absl::Duration elapsed;

  // All applications final, money balanced, no slot twice, nothing to complain of.
  bool good() const;
};

// How far a run is.
struct Progress {
  int64_t started = 0;
  int64_t finished = 0;
  int64_t offers = 0;
};

// Plays applications through the public APIs of a cluster: mobile backends, reviewers, vendors,
// technicians and the prefecture's desk, all at once. A world may be played by one caller only.
class Scenario {
 public:
  Scenario(const fuju::test_support::Cluster& cluster, ScenarioOptions options);
  ~Scenario();

  // Founds the deployment, then plays until every application has ended, Stop, or the limit.
  // `on_progress` is called about once a second on the caller's thread.
  absl::StatusOr<ScenarioResult> Play(const std::function<void(const Progress&)>& on_progress);

  // Ends the play early, from any thread.
  void Stop();

  const World& world() const { return *world_; }

 private:
  ScenarioOptions options_;
  std::unique_ptr<World> world_;
};

}  // namespace fuju::scenario
