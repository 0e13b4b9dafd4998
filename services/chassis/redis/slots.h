#pragma once

#include <cstdint>
#include <string_view>

#include "chassis/redis/client.h"

namespace fuju::chassis::redis {

// How many parts the keys of a Redis Cluster have (Redis Cluster specification, "Key distribution
// model").
inline constexpr int kSlots = 16384;

// CRC16-CCITT (XMODEM) as Redis Cluster uses it.
uint16_t Crc16(std::string_view text);

// The slot of a key: of its hash tag, if it has one.
int SlotOfKey(std::string_view key);

// The slot of a command's first key. Of a command without a key, the same slot for all: they go to
// one node, so that TIME, for one, is one clock.
int SlotOfCommand(const Command& command);

}  // namespace fuju::chassis::redis
