#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "chassis/values/decision.h"

namespace fuju::chassis {

// What a commit has to do to get from one footprint to another. Sorted; nothing twice.
struct FootprintChange {
  std::vector<std::string> claims_taken;
  std::vector<std::string> claims_released;
  // Looked at only: nobody else may hold them.
  std::vector<std::string> claims_barred;
  // Counter and what is added to it; 0: it is looked at only, and must be 0.
  std::vector<std::pair<std::string, int64_t>> counter_moves;
  // New entries and entries with another score.
  std::vector<IndexEntry> index_added;
  // Scores do not matter here.
  std::vector<IndexEntry> index_removed;
  // New timers and timers with another due time.
  std::vector<Timer> timers_set;
  std::vector<std::string> timers_cleared;
};

// The difference. An entry that stands in both is left alone. Holdings of one counter are added up.
FootprintChange Difference(const Footprint& before, const Footprint& after);

}  // namespace fuju::chassis
