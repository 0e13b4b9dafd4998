#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chassis/redis/reply.h"
#include "chassis/streams/entry_id.h"
#include "chassis/streams/handed_entries.h"
#include "fuju/event/v1/event.pb.h"

namespace fuju::chassis {

// One entry as it was read.
struct StreamEntry {
  // Index into the consumer's sources.
  int source = 0;
  std::string id;
  // The same as a value; what Redis sends parses.
  EntryId entry_id;
  // Null if the entry has no event that parses.
  std::shared_ptr<const fuju::event::v1::Event> event;
  // What is known of it from a former holder of the partition.
  FormerHolding::Standing standing = FormerHolding::Standing::kNew;
  // Of a replayed dead letter, or of what waited behind it: its place in the replays. The id is
  // then the one that the source had given it.
  std::string replay_id;
};

// Reads [[id, [field, value, ...]], ...], as XRANGE answers.
std::vector<StreamEntry> ParseEntries(const redis::Reply& entries, int source);

}  // namespace fuju::chassis
