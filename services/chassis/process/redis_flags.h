#pragma once

#include <string>
#include <vector>

#include "chassis/redis/endpoint.h"

namespace fuju::chassis {

// Reads --redis, --redis_mode, --redis_primary_name, --redis_user, --redis_password_file and
// --redis_sentinel_password_file; every complaint is added to `complaints`. The same for services
// and for fujuctl.
redis::Deployment ReadRedisFlags(std::vector<std::string>& complaints);

}  // namespace fuju::chassis
