#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "chassis/redis/endpoint.h"
#include "chassis/redis/reply.h"
#include "chassis/redis/slots.h"

namespace fuju::chassis::redis {

// Which primary has which slot. A value.
struct Layout {
  static constexpr uint16_t kNobody = UINT16_MAX;

  Layout() { owner.fill(kNobody); }

  std::vector<Address> primaries;
  // Index into `primaries`, or kNobody.
  std::array<uint16_t, kSlots> owner;

  // Null if nobody has it.
  const Address* OwnerOf(int slot) const {
    return owner[slot] == kNobody ? nullptr : &primaries[owner[slot]];
  }
  // Index of a primary, which is added if it is none yet.
  uint16_t IndexOf(const Address& primary);
  // Gives a slot to a primary.
  void Assign(int slot, const Address& primary) { owner[slot] = IndexOf(primary); }

  // All slots with one primary.
  static Layout Whole(const Address& primary);

  friend bool operator==(const Layout& a, const Layout& b);
};

// What nodes told about a deployment.
struct Learned {
  Layout layout;
  // All nodes, replicas included.
  std::vector<Address> nodes;
};

// Of an answer to CLUSTER SLOTS; a node that does not know its own address is at `asked`.
// UNAVAILABLE if it is none.
absl::StatusOr<Learned> ParseClusterSlots(const Reply& reply, const Address& asked);

// "127.0.0.1:7001 has lost 5461 slots; 127.0.0.1:7004 has gained 5461 slots"; empty if nothing
// differs.
std::string Difference(const Layout& before, const Layout& after);

}  // namespace fuju::chassis::redis
