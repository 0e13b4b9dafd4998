#pragma once

#include <sys/types.h>

#include <set>
#include <string>

#include "absl/time/time.h"

#include "support/cluster.h"

namespace fuju::chaos {

// Partitions of a service that the process with this id holds.
std::set<int> HeldBy(test_support::Cluster& cluster, const std::string& service, pid_t pid);

// How long it takes from now until others than `gone` hold all of `partitions`; `limit` if they do
// not by then.
absl::Duration AwaitTakeover(test_support::Cluster& cluster, const std::string& service,
                             std::set<int> partitions, pid_t gone, absl::Duration limit);

}  // namespace fuju::chaos
