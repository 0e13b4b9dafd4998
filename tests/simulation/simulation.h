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
#include "simulation/schedule.h"
#include "simulation/simulated_process.h"

namespace fuju::simulation {

// One run: a whole house of two processes for each service on one simulated Redis, a few cases from
// draft to end, everything interleaved and disturbed as the schedule says. First everybody does
// what comes to mind and things break; then the faults stop and every case is brought to its end.
// The same schedule gives the same run in every process. Not thread-safe.
class Simulation {
 public:
  // `history`: gets a line for each step if it is not null.
  Simulation(Commons* commons, Schedule* schedule, std::vector<std::string>* history);
  ~Simulation();

  // Plays to the end, or to the first broken promise.
  void Run();

  const std::string& broken() const { return invariants_.broken(); }
  const std::string& evidence() const { return invariants_.evidence(); }
  uint64_t steps() const { return steps_; }
  const Committed& committed() const { return committed_; }

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
  // Nothing can happen by itself: somebody acts, or time passes. False at the end.
  bool GoOn();
  bool SomebodyActs();
  bool PassTime();
  bool Gentle() const;
  template <typename... Parts>
  void Note(const Parts&... parts);

  Commons* const commons_;
  Schedule* const schedule_;
  std::vector<std::string>* const history_;
  SimulatedRedis redis_;
  Committed committed_;
  Invariants invariants_;
  Actors actors_;
  std::vector<std::unique_ptr<SimulatedProcess>> processes_;  // kInstances for each service
  std::vector<int> started_;                                  // how often each of them was
  std::vector<const Slot*> leases_;                           // of each service and partition
  std::vector<const Slot*> timers_;
  std::vector<Option> options_;
  uint64_t steps_ = 0;
  uint64_t rough_steps_ = 0;
  int faults_left_ = 0;
  uint32_t fault_rate_ = 0;
  bool founded_ = false;
};

}  // namespace fuju::simulation
