#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

#include "simulation/committed.h"
#include "simulation/simulated_redis.h"

namespace fuju::simulation {

// What must hold whatever happens, checked after every step of the simulated Redis on what that
// step wrote, and as a whole at the end of a run. Its own account of claims, counters, timers and
// indexes is kept from the footprints of the states alone, so it does not share the scripts' view.
//
//   versions        rise without a gap, and each has its fact
//   one effect      a fact, and a request id, changes an aggregate once
//   claim           one holder, which exists, and Redis names the same
//   counter         is the sum of what the states hold, and never below its floor
//   kept beside     timers and indexes are those of the states
//   money           allocated = available + reserved + paid
//   one open case   for a person and device division; one accepted offer for a case; one county
//                   that holds money for it
//   serial number   handed over once
//   acknowledged    nothing before it was handled: at the end every case is final
// Not thread-safe.
class Invariants {
 public:
  // Observes `redis`; both outlive it.
  Invariants(SimulatedRedis* redis, Committed* committed);

  // The first promise that was broken: its name, and what was seen. Empty while all hold.
  const std::string& broken() const { return broken_; }
  const std::string& evidence() const { return evidence_; }

  // At the end of a run, when all is quiet.
  void CheckEnd();
  // A promise that somebody else saw broken; only the first counts.
  void Break(std::string promise, std::string evidence);

 private:
  // Of one service and partition.
  struct Account {
    std::string prefix;  // of its keys
    Slot* counters = nullptr;
    Slot* timers = nullptr;
    absl::flat_hash_map<std::string, const Aggregate*> claims;
    absl::flat_hash_map<std::string, int64_t> sums;
    absl::flat_hash_map<std::string, Slot*> indexes;
    size_t timer_count = 0;
  };
  // What one step did to an aggregate.
  struct Change {
    Aggregate* aggregate;
    chassis::Footprint before;
  };
  enum class Type { kOther, kAggregate, kEvents, kRequest, kFailures };

  void OnWritten(const std::vector<Slot*>& written);
  Type TypeOf(const Slot& slot);
  void OnEvents(const Slot& slot);
  void OnRequest(const Slot& slot);
  void OnAggregate(const Slot& slot);
  Account& AccountOf(const Aggregate& aggregate);
  void GiveUp(const Aggregate& aggregate, const chassis::Footprint& before);
  void Hold(const Aggregate& aggregate);
  void Compare(const Aggregate& aggregate, const chassis::Footprint& before);
  void CompareClaims(Account& account, const Aggregate& aggregate,
                     const chassis::Footprint& before);
  void CompareCounters(Account& account, const std::vector<chassis::Holding>& holdings);
  void CompareRest(Account& account, const Aggregate& aggregate, const chassis::Footprint& before);
  void CheckMoney(const Aggregate& aggregate);
  void CheckField(const Aggregate& aggregate);
  void CheckStreamsEnd();
  void CheckStatesEnd();
  void CheckKeptBesideEnd();

  SimulatedRedis* const redis_;
  Committed* const committed_;
  std::string broken_;
  std::string evidence_;

  absl::flat_hash_map<const Slot*, Type> types_;
  absl::flat_hash_map<const Slot*, EntryId> read_;      // of each events stream
  absl::flat_hash_map<std::string, int64_t> versions_;  // of each subject, by its facts
  // "<subject>|<fact>" -> in which step it had its effect.
  absl::flat_hash_map<std::string, uint64_t> effects_;
  // By field, of each hash of requests.
  absl::flat_hash_map<const Slot*, Hash> answers_;
  std::map<std::pair<std::string, int>, Account> accounts_;
  absl::flat_hash_map<std::string, std::string> open_cases_;   // claim -> application
  absl::flat_hash_map<std::string, std::string> accepted_;     // application -> offer
  absl::flat_hash_map<std::string, std::string> reserved_;     // application -> grant
  absl::flat_hash_map<std::string, std::string> handed_over_;  // serial number -> order
  std::vector<Change> changes_;  // of the step that is being looked at
  uint64_t step_ = 0;
};

}  // namespace fuju::simulation
