#include "chassis/redis/layout.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "chassis/redis/result.h"

namespace fuju::chassis::redis {
namespace {

// {host, port, id, ...} of one node; port 0 if it is none.
Address NodeOf(const Reply& node, const Address& asked) {
  if (node.size() < 2) return {};
  Address address{.host = node[0].text(), .port = static_cast<int>(node[1].integer())};
  // Redis 7: nil is "where you asked", "?" an unknown host name.
  if (address.host.empty() || address.host == "?") address.host = asked.host;
  return address;
}

}  // namespace

std::string ToString(const Address& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return v6 ? absl::StrCat("[", address.host, "]:", address.port)
            : absl::StrCat(address.host, ":", address.port);
}

uint16_t Layout::IndexOf(const Address& primary) {
  const auto found = std::find(primaries.begin(), primaries.end(), primary);
  const auto index = static_cast<uint16_t>(found - primaries.begin());
  if (found == primaries.end()) primaries.push_back(primary);
  return index;
}

Layout Layout::Whole(const Address& primary) {
  Layout layout;
  layout.primaries = {primary};
  layout.owner.fill(0);
  return layout;
}

bool operator==(const Layout& a, const Layout& b) {
  for (int slot = 0; slot < kSlots; ++slot) {
    const Address* in_a = a.OwnerOf(slot);
    const Address* in_b = b.OwnerOf(slot);
    if ((in_a == nullptr) != (in_b == nullptr)) return false;
    if (in_a != nullptr && *in_a != *in_b) return false;
  }
  return true;
}

absl::StatusOr<Learned> ParseClusterSlots(const Reply& reply, const Address& asked) {
  Learned learned;
  if (!reply.is_array()) return NotApplied(absl::StrCat("CLUSTER SLOTS: ", reply.text()));
  for (const Reply& range : reply.items()) {
    if (range.size() < 3) return NotApplied("CLUSTER SLOTS: not a range of slots");
    const int64_t first = range[0].integer();
    const int64_t last = range[1].integer();
    const Address primary = NodeOf(range[2], asked);
    if (first < 0 || last >= kSlots || primary.port == 0) {
      return NotApplied("CLUSTER SLOTS: not a range of slots");
    }
    const uint16_t index = learned.layout.IndexOf(primary);
    for (int64_t slot = first; slot <= last; ++slot) learned.layout.owner[slot] = index;
    for (size_t i = 2; i < range.size(); ++i) {
      Address node = NodeOf(range[i], asked);
      if (node.port == 0 ||
          std::find(learned.nodes.begin(), learned.nodes.end(), node) != learned.nodes.end()) {
        continue;
      }
      learned.nodes.push_back(std::move(node));
    }
  }
  return learned;
}

std::string Difference(const Layout& before, const Layout& after) {
  struct Moves {
    int gained = 0;
    int lost = 0;
  };
  std::map<Address, Moves> moves;
  for (int slot = 0; slot < kSlots; ++slot) {
    const Address* from = before.OwnerOf(slot);
    const Address* to = after.OwnerOf(slot);
    if (from != nullptr && to != nullptr && *from == *to) continue;
    if (from != nullptr) ++moves[*from].lost;
    if (to != nullptr) ++moves[*to].gained;
  }
  std::vector<std::string> parts;
  for (const auto& [address, moved] : moves) {
    if (moved.lost > 0) {
      parts.push_back(absl::StrCat(ToString(address), " has lost ", moved.lost, " slots"));
    }
    if (moved.gained > 0) {
      parts.push_back(absl::StrCat(ToString(address), " has gained ", moved.gained, " slots"));
    }
  }
  return absl::StrJoin(parts, "; ");
}

}  // namespace fuju::chassis::redis
