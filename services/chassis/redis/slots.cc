#include "chassis/redis/slots.h"

#include <algorithm>
#include <array>
#include <string>

namespace fuju::chassis::redis {
namespace {

constexpr int kSlotOfNoKey = 0;

constexpr std::array<uint16_t, 256> MakeCrcTable() {
  std::array<uint16_t, 256> table = {};
  for (int byte = 0; byte < 256; ++byte) {
    auto crc = static_cast<uint16_t>(byte << 8);
    for (int bit = 0; bit < 8; ++bit) {
      crc = static_cast<uint16_t>((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
    }
    table[byte] = crc;
  }
  return table;
}

template <size_t N>
bool IsOneOf(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Index of the first key among the words; 0: none. The commands that this system uses; of any other
// the first key is the first argument, as of most.
size_t FirstKey(const Command& command) {
  static constexpr std::array<std::string_view, 13> kNoKey = {
      "ACL",  "ASKING", "AUTH",   "CLUSTER", "CONFIG", "ECHO", "INFO",
      "PING", "ROLE",   "SCRIPT", "SELECT",  "TIME",   "WAIT"};
  static constexpr std::array<std::string_view, 4> kAfterSubcommand = {"MEMORY", "OBJECT", "XGROUP",
                                                                       "XINFO"};
  static constexpr size_t kOfScript = 3;
  if (command.size() < 2) return 0;
  const std::string& name = command[0];
  if (name == "EVALSHA" || name == "EVAL") return command.size() > kOfScript ? kOfScript : 0;
  if (name == "XREAD" || name == "XREADGROUP") {
    const auto streams = std::find(command.begin(), command.end(), "STREAMS");
    const auto index = static_cast<size_t>(streams - command.begin()) + 1;
    return index < command.size() ? index : 0;
  }
  if (IsOneOf(kNoKey, name)) return 0;
  if (IsOneOf(kAfterSubcommand, name)) return command.size() > 2 ? 2 : 0;
  return 1;
}

}  // namespace

uint16_t Crc16(std::string_view text) {
  static constexpr std::array<uint16_t, 256> kTable = MakeCrcTable();
  uint16_t crc = 0;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    crc = static_cast<uint16_t>((crc << 8) ^ kTable[((crc >> 8) ^ byte) & 0xff]);
  }
  return crc;
}

int SlotOfKey(std::string_view key) {
  const size_t open = key.find('{');
  if (open != std::string_view::npos) {
    const size_t close = key.find('}', open + 1);
    if (close != std::string_view::npos && close > open + 1) {
      key = key.substr(open + 1, close - open - 1);
    }
  }
  return Crc16(key) % kSlots;
}

int SlotOfCommand(const Command& command) {
  const size_t key = FirstKey(command);
  return key == 0 ? kSlotOfNoKey : SlotOfKey(command[key]);
}

}  // namespace fuju::chassis::redis
