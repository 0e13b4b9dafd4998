#pragma once

#include <cstdint>
#include <string>

#include "absl/time/civil_time.h"

#include "scenario/story.h"
#include "scenario/world.h"

namespace fuju::scenario {

// Plays one application from the draft to its final state, as the mobile backend would for a person
// or a helper. Returns the name of the application; empty if it could not be made. Blocks.
std::string PlayCitizen(World& world, Story story, int sequence, uint64_t seed,
                        absl::CivilDay today);

}  // namespace fuju::scenario
