#pragma once

#include <functional>

#include "absl/status/status.h"

#include "chassis/redis/client.h"
#include "chassis/store/keys.h"
#include "chassis/streams/consumer.h"

namespace fuju::chassis {

// Calls `visit` for the dead letters of one partition, oldest first, until it returns false or all
// were seen. Waits: not on an I/O thread.
absl::Status ForEachDeadLetter(redis::Client& client, const Keys& keys, int partition,
                               const std::function<bool(const DeadLetter&)>& visit);

}  // namespace fuju::chassis
