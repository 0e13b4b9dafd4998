#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulation/shrink.h"

namespace fuju::simulation {

// What became of many runs.
struct Tally {
  uint64_t runs = 0;
  uint64_t steps = 0;
  // Whose kind is the name: "application CLOSED", "round RECALLED", ...
  std::map<std::string, int> ends;
  // The lowest seed that broke a promise.
  std::optional<uint64_t> failed;
};

// Plays the seeds first .. first + count - 1, one thread for each of `commons`; ends early at the
// first seed that breaks a promise, whatever the number of threads.
Tally PlaySeeds(const std::vector<std::unique_ptr<Commons>>& commons, uint64_t first,
                uint64_t count);

}  // namespace fuju::simulation
