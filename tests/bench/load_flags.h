#pragma once

#include <string>
#include <vector>

#include "bench/stage.h"

namespace fuju::bench {

// The command line of a load on a gRPC service: `calls` calls, drafts from number `first` on.
std::vector<std::string> LoadArguments(const Stage& stage, const std::string& role,
                                       const Served& target, const test_support::RedisServer& redis,
                                       int first, int calls);

}  // namespace fuju::bench
