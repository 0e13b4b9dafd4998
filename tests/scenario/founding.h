#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"

#include "scenario/world.h"

namespace fuju::scenario {

// Gives a new deployment what it needs before the first application, through the public APIs and
// from the tables of `data_dir` (deploy/data/gansu): catalogue, budgets of the year, vendors and
// their technicians. Fills the world's items, counties and vendors. Repeatable: what exists is
// kept. One county gets next to no money, so that a shortage is seen.
absl::Status FoundDeployment(World& world, const std::string& data_dir, int fiscal_year);

}  // namespace fuju::scenario
