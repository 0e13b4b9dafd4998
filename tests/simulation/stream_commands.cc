#include <algorithm>
#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "simulation/redis_commands.h"

namespace fuju::simulation {
namespace {

using chassis::redis::Reply;
using Words = absl::Span<const std::string>;

constexpr EntryId kFirst = {0, 0};
constexpr EntryId kLast = {std::numeric_limits<uint64_t>::max(),
                           std::numeric_limits<uint64_t>::max()};

struct Context {
  Keyspace& keyspace;
  int64_t now;

  Slot& At(const std::string& key) const { return keyspace.At(key, now); }
  // Null if the key does not exist.
  Stream* Find(const std::string& key) const {
    Slot& slot = At(key);
    return slot.exists() ? &std::get<Stream>(slot.value) : nullptr;
  }
};

int64_t Number(const std::string& text) {
  int64_t value = 0;
  (void)absl::SimpleAtoi(text, &value);
  return value;
}

Reply EntryReply(const EntryId& id, const std::vector<std::string>& fields) {
  std::vector<Reply> flat;
  flat.reserve(fields.size());
  for (const std::string& field : fields) flat.push_back(Reply::String(field));
  return Reply::Array({Reply::String(id.ToString()), Reply::Array(std::move(flat))});
}

EntryId After(EntryId id) {
  if (++id.sequence == 0) ++id.ms;
  return id;
}

// A bound of XRANGE: "-", "+", "5-1", "(5-1", and "5" for all of a millisecond.
EntryId Start(const std::string& text) {
  if (text == "-") return kFirst;
  if (absl::StartsWith(text, "(")) return After(EntryId::Parse(std::string_view(text).substr(1)));
  return EntryId::Parse(text);
}
EntryId End(const std::string& text) {
  if (text == "+") return kLast;
  return EntryId::Parse(text, std::numeric_limits<uint64_t>::max());
}

Reply Xadd(const Context& redis, Words words) {
  Slot& slot = redis.At(words[1]);
  if (!slot.exists()) slot.value = Stream();
  auto& stream = std::get<Stream>(slot.value);
  EntryId id = {static_cast<uint64_t>(redis.now), 0};
  if (id <= stream.last_id) id = After(stream.last_id);
  stream.last_id = id;
  ++stream.entries_added;
  stream.entries.emplace_hint(stream.entries.end(), id,
                              std::vector<std::string>(words.begin() + 3, words.end()));
  redis.keyspace.Touch(slot);
  return Reply::String(id.ToString());
}

Reply Xdel(const Context& redis, Words words) {
  Slot& slot = redis.At(words[1]);
  if (!slot.exists()) return Reply::Integer(0);
  int64_t deleted = 0;
  for (size_t i = 2; i < words.size(); ++i) {
    deleted +=
        static_cast<int64_t>(std::get<Stream>(slot.value).entries.erase(EntryId::Parse(words[i])));
  }
  redis.keyspace.Touch(slot);
  return Reply::Integer(deleted);
}

Reply Xrange(const Context& redis, Words words) {
  std::vector<Reply> found;
  const Stream* stream = redis.Find(words[1]);
  if (stream == nullptr) return Reply::Array({});
  const EntryId end = End(words[3]);
  int64_t most = std::numeric_limits<int64_t>::max();
  if (words.size() > 5) most = Number(words[5]);
  for (auto it = stream->entries.lower_bound(Start(words[2]));
       it != stream->entries.end() && it->first <= end && most > 0; ++it, --most) {
    found.push_back(EntryReply(it->first, it->second));
  }
  return Reply::Array(std::move(found));
}

// XGROUP CREATE|SETID <key> <group> <id> [MKSTREAM] ENTRIESREAD <n>
Reply Xgroup(const Context& redis, Words words) {
  Slot& slot = redis.At(words[2]);
  if (!slot.exists()) slot.value = Stream();
  StreamGroup& group = std::get<Stream>(slot.value).groups[words[3]];
  group.last_delivered = EntryId::Parse(words[4]);
  group.entries_read = Number(words.back());
  redis.keyspace.Touch(slot);
  return Reply::String("OK");
}

Reply Xinfo(const Context& redis, Words words) {
  const Stream* stream = redis.Find(words[2]);
  if (stream == nullptr) return Reply::Error("ERR no such key");
  const auto text = [](std::string value) { return Reply::String(std::move(value)); };
  const auto count = [](size_t value) { return Reply::Integer(static_cast<int64_t>(value)); };
  if (words[1] == "STREAM") {
    return Reply::Array({text("length"), count(stream->entries.size()), text("last-generated-id"),
                         text(stream->last_id.ToString()), text("entries-added"),
                         Reply::Integer(stream->entries_added)});
  }
  std::vector<Reply> groups;
  for (const auto& [name, group] : stream->groups) {
    groups.push_back(Reply::Array({text("name"), text(name), text("pending"), Reply::Integer(0),
                                   text("last-delivered-id"), text(group.last_delivered.ToString()),
                                   text("entries-read"), Reply::Integer(group.entries_read)}));
  }
  return Reply::Array(std::move(groups));
}

// XREAD COUNT <n> BLOCK <ms> STREAMS <key>... <after>...
Reply Xread(const Context& redis, Words words) {
  const size_t streams = (words.size() - 6) / 2;
  std::vector<Reply> answer;
  for (size_t i = 0; i < streams; ++i) {
    const std::string& key = words[6 + i];
    const Stream* stream = redis.Find(key);
    if (stream == nullptr) continue;
    std::vector<Reply> entries;
    int64_t most = Number(words[2]);
    for (auto it = stream->entries.upper_bound(EntryId::Parse(words[6 + streams + i]));
         it != stream->entries.end() && most > 0; ++it, --most) {
      entries.push_back(EntryReply(it->first, it->second));
    }
    if (entries.empty()) continue;
    answer.push_back(Reply::Array({Reply::String(key), Reply::Array(std::move(entries))}));
  }
  return answer.empty() ? Reply() : Reply::Array(std::move(answer));
}

using Handler = Reply (*)(const Context&, Words);

const absl::flat_hash_map<std::string, Handler>& Handlers() {
  static const auto* const handlers = new absl::flat_hash_map<std::string, Handler>{
      {"XADD", Xadd},   {"XDEL", Xdel},     {"XGROUP", Xgroup},
      {"XINFO", Xinfo}, {"XRANGE", Xrange}, {"XREAD", Xread},
  };
  return *handlers;
}

}  // namespace

Reply RunStreamCommand(Keyspace& keyspace, int64_t now, Words words, bool& known) {
  const auto found = Handlers().find(words[0]);
  known = found != Handlers().end();
  return known ? found->second(Context{keyspace, now}, words) : Reply();
}

}  // namespace fuju::simulation
