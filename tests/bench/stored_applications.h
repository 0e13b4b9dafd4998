#pragma once

#include <functional>

#include "applications/application.h"
#include "support/redis_server.h"

namespace fuju::bench {

// Stores applications as they lie in Redis once their facts and requests are forgotten, by the
// product's own commits: its script, its keys, its footprint. Each becomes another person's, with
// a name made of its number. `record` gives the record of a number from 0 on, whose name and person
// are set here; it is asked for one after the other.
void StoreApplications(const test_support::RedisServer& redis, int count,
                       const std::function<applications::Record&(int number)>& record);

}  // namespace fuju::bench
