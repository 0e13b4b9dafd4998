#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "simulation/actors.h"
#include "simulation/committed.h"
#include "simulation/commons.h"
#include "simulation/invariants.h"
#include "simulation/plan.h"
#include "simulation/schedule.h"
#include "simulation/simulated_process.h"

namespace fuju::simulation {

// One run: a whole house of two processes for each service on one simulated Redis, the cases of a
// plan from draft to end, everything interleaved and disturbed as the schedule says. First
// everybody does what comes to mind and things break; then, unless the plan keeps the fates of its
// cases, the faults stop and every case is brought to its end. The same plan and schedule give the
// same run in every process. Not thread-safe.
class Simulation {
 public:
  // `history`: gets a line for each step if it is not null.
  Simulation(Commons* commons, Schedule* schedule, Plan plan, std::vector<std::string>* history);
  ~Simulation();

  // Plays to the end, or to the first broken promise.
  void Run();

  const std::string& broken() const { return invariants_.broken(); }
  const std::string& evidence() const { return invariants_.evidence(); }
  uint64_t steps() const { return steps_; }
  const Committed& committed() const { return committed_; }
  const SimulatedRedis& redis() const { return redis_; }
  // The application of a case of the plan, by its place there; null if there is none.
  const applications::storage::v1::ApplicationRecord* ApplicationOf(size_t planned) const {
    return actors_.ApplicationOf(planned);
  }

 private:
  static constexpr int kInstances = 2;

  // One thing that can happen next.
  struct Option {
    enum class What { kAnswer, kCarryOut, kTask, kPartition, kAcquire, kSend, kAct };
    What what;
    SimulatedProcess* process = nullptr;
    int at = 0;
  };

  void Start(int process);
  void Found();
  void CollectOptions(bool may_act);
  void Do(const Option& option);
  // One of the processes of a service.
  SimulatedProcess& Any(Service service);
  // Something breaks.
  void Disturb();
  void Crash(int process);
  // A fault after which what was in hand is handled anew by somebody else. Refused if the service
  // had two since all was quiet: an event in whose handling three processes died is given up,
  // rightly so.
  bool MayLose(Service service);
  // Nothing can happen by itself: somebody acts, or time passes. False at the end.
  bool GoOn();
  bool SomebodyActs();
  bool PassTime();
  Manner manner() const;
  template <typename... Parts>
  void Note(const Parts&... parts);

  Commons* const commons_;
  Schedule* const schedule_;
  const Plan plan_;
  std::vector<std::string>* const history_;
  SimulatedRedis redis_;
  Committed committed_;
  Invariants invariants_;
  Actors actors_;
  std::vector<std::unique_ptr<SimulatedProcess>> processes_;  // kInstances for each service
  std::vector<int> started_;                                  // how often each of them was
  std::vector<int> losses_;                                   // of each service since all was quiet
  std::vector<const Slot*> leases_;                           // of each service and partition
  std::vector<const Slot*> timers_;
  std::vector<Option> options_;
  uint64_t steps_ = 0;
  uint64_t rough_until_ = 0;
  int faults_left_ = 0;
  bool founded_ = false;
};

}  // namespace fuju::simulation
