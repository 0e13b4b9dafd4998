#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "simulation/committed.h"
#include "simulation/simulated_redis.h"

namespace fuju::simulation {

// What a run left behind, read for the account of a county's month.

// By name of the application: every limit that was missed, in the order in which it was told:
// "review price REMINDER", "hold PREFECTURE", "receipt".
std::map<std::string, std::vector<std::string>> MissedLimits(const SimulatedRedis& redis);

// A county's money of the year, in fen, as its counters say.
struct CountyMoney {
  int64_t allocated = 0;
  int64_t available = 0;
  int64_t reserved = 0;
  int64_t paid = 0;
};
CountyMoney MoneyOf(const SimulatedRedis& redis, const std::string& county);
// What the settled grants of the county say was paid.
int64_t SettledOf(const Committed& committed, const std::string& county);

// What is wrong with the timeline and the last words of an ended case; empty if nothing is.
std::string WordsFault(const applications::storage::v1::ApplicationRecord& record);

// The last state in the timeline before the case was withdrawn or terminated.
applications::v1::ApplicationState StateBeforeStop(const applications::v1::Application& ended);

}  // namespace fuju::simulation
