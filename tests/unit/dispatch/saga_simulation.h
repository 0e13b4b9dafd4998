#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include <prometheus/registry.h>

#include "dispatch/metrics.h"
#include "dispatch/reactions.h"
#include "dispatch/wiring.h"
#include "fuju/event/v1/event.pb.h"
#include "support/fake_clock.h"
#include "unit/dispatch/simulated_store.h"

namespace fuju::dispatch::testing {

// The dispatch service's real reactions and decisions between simulated applications, vendors and
// a simulated fitting service, everything interleaved by one seed. Facts of one subject arrive in
// order, all else in any order; some arrive twice.
class SagaSimulation {
 public:
  struct Options {
    uint32_t seed = 1;
    int applications = 4;
    int vendors = 3;
    int capacity = 2;
  };
  explicit SagaSimulation(Options options);

  // Plays until nothing is left to happen. The first broken promise, or OK.
  absl::Status Run();

  const SimulatedStore& store() const { return store_; }
  // How often each final state of a round was reached.
  const std::map<std::string, int>& round_ends() const { return round_ends_; }

 private:
  using Event = fuju::event::v1::Event;

  // What the applications service would know.
  struct Case {
    bool withdrawing = false;
    bool ended = false;   // ended without a hand-over
    bool fitted = false;  // handed over
    int64_t version = 0;
  };
  // What the fitting service would know.
  struct Job {
    std::string application, offer;
    bool open = true;
    int64_t version = 0;
  };

  void Publish(const std::string& source, const std::string& subject, int64_t version,
               const google::protobuf::Message& fact);
  void Approve(const std::string& id);
  void Withdraw(const std::string& id);
  void EndCase(const std::string& application);
  template <typename FactMessage>
  void EndJob(Job& job);
  void Hear(const Event& event);

  bool Chance(int percent) { return static_cast<int>(random_() % 100) < percent; }
  size_t Pick(size_t count) { return random_() % count; }

  // One thing that happens; false if it could not.
  bool RunTask();
  bool Deliver();
  bool OthersHear();
  bool FireTimer();
  bool VendorActs();
  bool ClerkActs();
  bool FittingActs();
  bool ApplicantActs();
  void CollectEvents();

  absl::Status CheckAlways() const;
  absl::Status CheckEnd();

  const Options options_;
  std::mt19937 random_;
  test_support::FakeClock clock_;
  SimulatedStore store_{"dispatch", &clock_};
  prometheus::Registry registry_;
  DispatchMetrics metrics_{registry_};
  DispatchStores stores_{&store_, &metrics_};
  std::vector<v1::Vendor> vendors_;
  std::unique_ptr<DispatchReactions> reactions_;
  chassis::Reactions facts_;
  chassis::TimerHandlers timers_;

  std::map<std::string, std::deque<Event>> waiting_;  // for dispatch, by subject
  std::map<std::string, std::deque<Event>> unheard_;  // for the others, by subject
  std::set<std::string> busy_;                        // subjects with a delivery under way
  std::set<std::string> firing_;                      // timers under way
  std::map<std::string, Case> cases_;
  std::map<std::string, Job> jobs_;  // by offer name
  std::map<std::string, int> round_ends_;
  absl::Status failure_;
};

}  // namespace fuju::dispatch::testing
