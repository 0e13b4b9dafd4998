#include "chassis/streams/stream_entry.h"

#include <utility>

namespace fuju::chassis {

std::vector<StreamEntry> ParseEntries(const redis::Reply& entries, int source) {
  std::vector<StreamEntry> parsed;
  parsed.reserve(entries.size());
  for (const redis::Reply& item : entries.items()) {
    if (item.size() < 2) continue;
    StreamEntry entry;
    entry.source = source;
    entry.id = item[0].text();
    entry.entry_id = EntryId::Parse(entry.id).value_or(EntryId());
    const redis::Reply& fields = item[1];
    for (size_t i = 0; i + 1 < fields.size(); i += 2) {
      if (fields[i].text() != "e") continue;
      auto event = std::make_shared<fuju::event::v1::Event>();
      if (event->ParseFromString(fields[i + 1].text())) entry.event = std::move(event);
    }
    parsed.push_back(std::move(entry));
  }
  return parsed;
}

}  // namespace fuju::chassis
