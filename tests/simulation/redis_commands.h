#pragma once

#include <string>

#include "absl/types/span.h"

#include "chassis/redis/reply.h"
#include "simulation/keyspace.h"

namespace fuju::simulation {

// The commands of Redis 7.0 that our code and scripts send, with the same answers. One that is not
// here ends the program: a simulation that guesses would prove nothing.
//
// `words` is the command with its arguments, `now` the time of Redis in ms since 1970.
chassis::redis::Reply RunCommand(Keyspace& keyspace, int64_t now,
                                 absl::Span<const std::string> words);

// Those about streams; a nil reply of the outer function's kind if the command is none of them is
// told by `known`.
chassis::redis::Reply RunStreamCommand(Keyspace& keyspace, int64_t now,
                                       absl::Span<const std::string> words, bool& known);

}  // namespace fuju::simulation
