#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "simulation/commons.h"

namespace fuju::simulation {

// What became of one run.
struct Outcome {
  std::string broken;
  std::string evidence;
  uint64_t steps = 0;
  // How many aggregates ended in each state: "application CLOSED", "round RECALLED", ...
  std::map<std::string, int> ends;
  std::vector<uint32_t> choices;
  std::vector<std::string> history;
};

// The run of a seed.
Outcome RunSeed(Commons* commons, uint64_t seed);
// The run of given choices, with its history.
Outcome Replay(Commons* commons, std::vector<uint32_t> choices);

// Looks for a simpler run that breaks the same promise: fewer choices, more of them plain, by delta
// debugging; at most `most_runs` runs. The outcome has its history.
Outcome Shrink(Commons* commons, const Outcome& failed, int most_runs);

}  // namespace fuju::simulation
