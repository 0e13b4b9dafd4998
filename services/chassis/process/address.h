#pragma once

#include <optional>
#include <string>

#include "chassis/redis/endpoint.h"

namespace fuju::chassis {

// Of "host:port" or "[v6]:port"; nullopt if it is neither, or the port is none.
std::optional<redis::Address> ParseAddress(const std::string& text);

}  // namespace fuju::chassis
