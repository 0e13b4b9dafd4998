#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"

#include "chassis/redis/client.h"
#include "chassis/store/keys.h"
#include "chassis/streams/consumer.h"

namespace fuju::chassis {

// Calls `visit` for the entries of the dead letters or the replays of a partition, `stream`, that
// come after an entry id, oldest first, until it returns false or all were seen. Of replays,
// reason, error and last failure are not known. Waits: not on an I/O thread.
absl::Status ForEachDeadLetter(redis::Client& client, const std::string& stream, int partition,
                               const std::string& after,
                               const std::function<bool(const DeadLetter&)>& visit);

// An entry as XRANGE answers it.
DeadLetter ParseDeadLetter(int partition, const redis::Reply& entry);

}  // namespace fuju::chassis
