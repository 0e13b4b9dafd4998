#pragma once

#include <string>
#include <vector>

#include "chaos/journal.h"
#include "chaos/witness.h"
#include "chassis/redis/client.h"
#include "support/cluster.h"

namespace fuju::chaos {

// What a checked run was, for the report.
struct Findings {
  int64_t acknowledged = 0;
  int64_t given_up = 0;
  int64_t events = 0;
  int64_t aggregates = 0;
};

// Each of these reads only Redis and the public APIs, and reports through EXPECT what must not be.

// Every reacting group has handled everything, and nothing is a dead letter. Waits for it.
void ExpectSettled(chassis::redis::Client& redis);

// What was seen in the streams is in them still, in the same order, and nothing else came between.
void ExpectNothingLost(const Streams& seen, const Streams& now);

// The facts of each aggregate have the versions 1, 2, 3 and so on; and each stored aggregate stands
// where its facts end.
void ExpectVersions(chassis::redis::Client& redis, const Streams& streams, Findings& findings);

// Each acknowledged call has its fact, by its caller, that no other call has; each fact that a
// caller and not a service made has its call; and the same request again, with the same request id,
// gets the same resource and adds nothing.
void ExpectAcknowledgedOnce(chassis::redis::Client& redis,
                            const std::vector<scenario::Changing>& calls, const Streams& streams,
                            Findings& findings);

// The archive has each fact once. Waits for it.
void ExpectArchived(const test_support::Cluster& cluster, const Streams& streams);

}  // namespace fuju::chaos
