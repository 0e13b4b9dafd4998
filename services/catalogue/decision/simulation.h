#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"

#include "fuju/catalogue/v1/catalogue.pb.h"
#include "fuju/catalogue/v1/decisions_service.pb.h"

namespace fuju::catalogue {

// What a decision would have come to.
struct SimulatedAmounts {
  bool eligible = false;
  int64_t subsidy_fen = 0;
  int64_t self_pay_fen = 0;
};

// Adds up what a catalogue would have decided beside what was decided, by county, item and group.
// As large as there are of these together, whatever the number of decisions. Not thread-safe.
class Simulation {
 public:
  // RESOURCE_EXHAUSTED comes from Add beyond so many cells.
  explicit Simulation(size_t most_cells) : most_cells_(most_cells) {}

  // One stored decision with the other's.
  absl::Status Add(const v1::Grant& grant, const SimulatedAmounts& after);

  const v1::SimulationCounts& total() const { return total_; }
  // In the order of county, item, group.
  std::vector<v1::SimulationCell> Cells() const;

 private:
  using Key = std::tuple<std::string, std::string, type::v1::EconomicStatus>;

  const size_t most_cells_;
  v1::SimulationCounts total_;
  std::map<Key, v1::SimulationCounts> cells_;
};

}  // namespace fuju::catalogue
