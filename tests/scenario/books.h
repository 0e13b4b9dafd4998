#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "scenario/world.h"

namespace fuju::scenario {

// What the public APIs say after a run.
struct Books {
  // Applications by state, without prefix; only those of this world's counties.
  std::map<std::string, int64_t> states;
  int64_t applications = 0;
  int64_t unfinished = 0;
  // Some of them, as "<name> <state>, <holder>, since <time of the last step>".
  std::vector<std::string> unfinished_cases;
  // Over all budgets, in fen.
  int64_t allocated = 0;
  int64_t available = 0;
  int64_t reserved = 0;
  // Owed to vendors, or paid by the treasury.
  int64_t paid = 0;
  // Sum of the subsidies of the applications that were settled, in fen.
  int64_t paid_by_applications = 0;
  // Pairs of visits of one technician that overlap.
  int64_t double_booked = 0;
  int64_t orders = 0;
  // One application that went all the way, for a look at its trace.
  std::string example_closed;
  // Time between two steps of the timelines, by the state that was left, in milliseconds.
  std::map<std::string, std::vector<double>> stage_ms;

  // allocated = available + reserved + paid, nothing reserved without an open case, and paid equals
  // what the applications say.
  bool balanced() const;
};

// Reads all applications of the counties, all budgets of the year, all orders of all vendors.
absl::StatusOr<Books> ReadBooks(World& world, int fiscal_year);

}  // namespace fuju::scenario
