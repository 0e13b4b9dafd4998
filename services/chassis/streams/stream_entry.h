#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chassis/redis/reply.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::chassis {

// One entry as it was read.
struct StreamEntry {
  // Index into the consumer's sources.
  int source = 0;
  std::string id;
  // Null if the entry has no event that parses.
  std::shared_ptr<const fuju::event::v1::Event> event;
  // How often Redis has delivered it, this time included.
  int64_t deliveries = 1;
  // False if the entry was trimmed while it was pending: nothing is left but its id.
  bool has_body = true;
  // Of a replayed dead letter, or of what waited behind it: its place in the replays. The id is
  // then the one that the source had given it.
  std::string replay_id;
};

// Reads [[id, [field, value, ...]], ...], as XRANGE answers; an absent body is kept as such.
std::vector<StreamEntry> ParseEntries(const redis::Reply& entries, int source);

}  // namespace fuju::chassis
