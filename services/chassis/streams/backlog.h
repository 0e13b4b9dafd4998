#pragma once

#include "chassis/redis/client.h"

namespace fuju::chassis {

// Counts what a group has not acknowledged yet; see backlog.lua.
const redis::Script& BacklogScript();

}  // namespace fuju::chassis
