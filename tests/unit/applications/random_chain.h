#pragma once

#include <random>

#include "fuju/applications/v1/chain.pb.h"

namespace fuju::applications::testing {

using Random = std::mt19937;

bool Chance(Random& random, int percent);
// From `least` to `most`.
int Number(Random& random, int least, int most);

// A chain in which chain_check.h finds nothing wrong: up to four stages of any kind, the approval
// and perhaps a notice, with an appeal to the prefecture. Id "random", version 1; stages "stage_0",
// "stage_1" and so on.
v1::Chain RandomChain(Random& random);

}  // namespace fuju::applications::testing
