#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chaos/checker.h"
#include "chaos/journal.h"
#include "chaos/witness.h"
#include "scenario/scenario.h"
#include "support/cluster.h"
#include "support/temporary_folder.h"
#include "system/house/house_fixture.h"

namespace fuju::chaos {

// How long a partition stays with a holder that is gone, in these runs.
inline constexpr absl::Duration kLease = absl::Seconds(2);

using RedisKind = chassis::redis::Deployment::Kind;

struct HouseOptions {
  int instances = 2;
  // Of the cluster (support/cluster.h).
  RedisKind redis = RedisKind::kSingle;
  bool proxies = false;
  std::string apart = {};
  std::vector<std::string> flags = {};
  std::vector<std::string> redis_arguments = {};
  std::map<std::string, std::vector<std::string>> launchers = {};
  // Applicants who are busy at the same time.
  int citizens = 16;
  absl::Duration attempt_limit = absl::Seconds(3);
  // Calls are repeated by gRPC, as the published service config says, and not by the load.
  bool published_retries = false;
};

// All services on a Redis, with applications going through them until Finish, and a witness of
// every fact. Of one thread, which has to live as long: the processes end with it.
class HouseUnderLoad {
 public:
  // Starts everything, and waits until some applications have gone through. Null, with a failure,
  // if that does not work.
  static std::unique_ptr<HouseUnderLoad> Start(const HouseOptions& options);
  // The same without the wait.
  static std::unique_ptr<HouseUnderLoad> Launch(const HouseOptions& options);
  ~HouseUnderLoad();

  test_support::Cluster& cluster() { return *cluster_; }
  const scenario::World& world() const { return scenario_->world(); }
  const Journal& journal() const { return journal_; }
  const Witness& witness() const { return *witness_; }
  const std::string& folder() const { return folder_.path(); }
  // Lines of the processes' logs with this text in them.
  int CountInLogs(const std::string& text) const;
  // Changes that were acknowledged until now.
  int64_t acknowledged() const { return journal_.acknowledged(); }
  // Applications that have ended.
  int64_t finished() const { return scenario_->world().finished; }
  // Waits until `more` further applications have ended.
  void AwaitProgress(int64_t more);

  // Lets no further application begin, waits for the end of all, and checks everything that
  // checker.h has. `what` is the head of the line that tells what the run was.
  Findings Finish(const std::string& what);
  // The same after Redis has failed over to a replica: what was never acknowledged may be lost
  // there although it was seen, by the witness and by the archive.
  Findings FinishFailedOver(const std::string& what);

 private:
  HouseUnderLoad() = default;
  Findings Check(const std::string& what, bool failed_over);

  test_support::TemporaryFolder folder_;
  Journal journal_;
  std::unique_ptr<test_support::Cluster> cluster_;
  std::unique_ptr<Witness> witness_;
  std::unique_ptr<scenario::Scenario> scenario_;
  std::atomic<bool> enough_{false};
  std::atomic<bool> ended_{false};
  std::optional<absl::StatusOr<scenario::ScenarioResult>> result_;
  std::thread play_;
};

// Sum of a counter or gauge over the labels that `part` occurs in, as a process tells it; nullopt
// if it can not be asked.
std::optional<double> ReadMetric(const test_support::Cluster& cluster, const std::string& instance,
                                 const std::string& name, const std::string& part = "");

}  // namespace fuju::chaos
