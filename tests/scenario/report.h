#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"

#include "scenario/scenario.h"
#include "support/cluster.h"

namespace fuju::scenario {

// What the streams hold after a run.
struct StreamFigures {
  // Events ever added, by service.
  std::map<std::string, int64_t> events;
  int64_t dead_letters = 0;
};
absl::StatusOr<StreamFigures> ReadStreams(const fuju::test_support::Cluster& cluster,
                                          int partitions);

// The tables that a person reads.
std::string TextReport(const ScenarioResult& result, const StreamFigures& streams);

// One line of JSON: applications, final_states, unfinished, money_fen, double_booked_slots,
// dead_letters, elapsed_s, events, complaints.
std::string JsonReport(const ScenarioResult& result, const StreamFigures& streams);

}  // namespace fuju::scenario
