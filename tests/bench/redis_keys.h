#pragma once

#include <string>
#include <vector>

#include "chassis/redis/blocking_connection.h"

namespace fuju::bench {

// The answer to a command; an error of Redis or of the connection ends the program.
chassis::redis::Reply Ask(chassis::redis::BlockingConnection& redis,
                          const chassis::redis::Command& command);

// Every key that there was for as long as the scan took, perhaps more than once.
std::vector<std::string> AllKeys(chassis::redis::BlockingConnection& redis);

}  // namespace fuju::bench
