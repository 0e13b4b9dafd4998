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
  // Null if the stream or the group does not exist.
  StreamGroup* FindGroup(const std::string& key, const std::string& group) const {
    Stream* stream = Find(key);
    if (stream == nullptr) return nullptr;
    const auto found = stream->groups.find(group);
    return found == stream->groups.end() ? nullptr : &found->second;
  }
};

int64_t Number(const std::string& text) {
  int64_t value = 0;
  (void)absl::SimpleAtoi(text, &value);
  return value;
}

Reply NoGroup(const std::string& key) {
  return Reply::Error(absl::StrCat("NOGROUP No such key '", key, "' or consumer group"));
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

Reply Xack(const Context& redis, Words words) {
  StreamGroup* group = redis.FindGroup(words[1], words[2]);
  if (group == nullptr) return Reply::Integer(0);
  int64_t acknowledged = 0;
  for (size_t i = 3; i < words.size(); ++i) {
    acknowledged += static_cast<int64_t>(group->pending.erase(EntryId::Parse(words[i])));
  }
  redis.keyspace.Touch(redis.At(words[1]));
  return Reply::Integer(acknowledged);
}

// The summary, or with a range and a count the entries.
Reply Xpending(const Context& redis, Words words) {
  const StreamGroup* group = redis.FindGroup(words[1], words[2]);
  if (group == nullptr) return NoGroup(words[1]);
  const auto& pending = group->pending;
  if (words.size() == 3) {
    if (pending.empty()) return Reply::Array({Reply::Integer(0), Reply(), Reply(), Reply()});
    return Reply::Array({Reply::Integer(static_cast<int64_t>(pending.size())),
                         Reply::String(pending.begin()->first.ToString()),
                         Reply::String(pending.rbegin()->first.ToString()), Reply::Array({})});
  }
  std::vector<Reply> found;
  int64_t most = Number(words[5]);
  for (auto it = pending.lower_bound(Start(words[3]));
       it != pending.end() && it->first <= End(words[4]) && most > 0; ++it, --most) {
    found.push_back(
        Reply::Array({Reply::String(it->first.ToString()), Reply::String(it->second.consumer),
                      Reply::Integer(0), Reply::Integer(it->second.deliveries)}));
  }
  return Reply::Array(std::move(found));
}

Reply Xgroup(const Context& redis, Words words) {
  Slot& slot = redis.At(words[2]);
  if (!slot.exists()) slot.value = Stream();
  std::get<Stream>(slot.value).groups[words[3]].last_delivered = EntryId::Parse(words[4]);
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
                         text(stream->last_id.ToString())});
  }
  std::vector<Reply> groups;
  for (const auto& [name, group] : stream->groups) {
    groups.push_back(
        Reply::Array({text("name"), text(name), text("pending"), count(group.pending.size()),
                      text("last-delivered-id"), text(group.last_delivered.ToString())}));
  }
  return Reply::Array(std::move(groups));
}

// XREADGROUP GROUP <group> <consumer> COUNT <n> STREAMS <key>... >...
Reply Xreadgroup(const Context& redis, Words words) {
  const std::string& name = words[2];
  const int64_t count = Number(words[5]);
  const size_t streams = (words.size() - 7) / 2;
  for (size_t i = 0; i < streams; ++i) {
    if (redis.FindGroup(words[7 + i], name) == nullptr) return NoGroup(words[7 + i]);
  }
  std::vector<Reply> answer;
  for (size_t i = 0; i < streams; ++i) {
    const std::string& key = words[7 + i];
    const Stream& stream = *redis.Find(key);
    StreamGroup& group = *redis.FindGroup(key, name);
    std::vector<Reply> entries;
    int64_t most = count;
    for (auto it = stream.entries.upper_bound(group.last_delivered);
         it != stream.entries.end() && most > 0; ++it, --most) {
      entries.push_back(EntryReply(it->first, it->second));
      group.last_delivered = it->first;
      group.pending[it->first] = {.consumer = words[3], .deliveries = 1};
    }
    if (entries.empty()) continue;
    redis.keyspace.Touch(redis.At(key));
    answer.push_back(Reply::Array({Reply::String(key), Reply::Array(std::move(entries))}));
  }
  return answer.empty() ? Reply() : Reply::Array(std::move(answer));
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

// XAUTOCLAIM <key> <group> <consumer> 0 <start> COUNT <n>
Reply Xautoclaim(const Context& redis, Words words) {
  StreamGroup* group = redis.FindGroup(words[1], words[2]);
  if (group == nullptr) return NoGroup(words[1]);
  const Stream& stream = *redis.Find(words[1]);
  std::vector<Reply> entries;
  std::vector<Reply> gone;
  int64_t most = Number(words[7]);
  auto it = group->pending.lower_bound(EntryId::Parse(words[5]));
  for (; it != group->pending.end() && most > 0; --most) {
    const auto entry = stream.entries.find(it->first);
    if (entry == stream.entries.end()) {
      gone.push_back(Reply::String(it->first.ToString()));
      it = group->pending.erase(it);
      continue;
    }
    it->second.consumer = words[3];
    ++it->second.deliveries;
    entries.push_back(EntryReply(entry->first, entry->second));
    ++it;
  }
  redis.keyspace.Touch(redis.At(words[1]));
  const std::string next = it == group->pending.end() ? "0-0" : it->first.ToString();
  return Reply::Array(
      {Reply::String(next), Reply::Array(std::move(entries)), Reply::Array(std::move(gone))});
}

using Handler = Reply (*)(const Context&, Words);

const absl::flat_hash_map<std::string, Handler>& Handlers() {
  static const auto* const handlers = new absl::flat_hash_map<std::string, Handler>{
      {"XACK", Xack},
      {"XADD", Xadd},
      {"XAUTOCLAIM", Xautoclaim},
      {"XDEL", Xdel},
      {"XGROUP", Xgroup},
      {"XINFO", Xinfo},
      {"XPENDING", Xpending},
      {"XRANGE", Xrange},
      {"XREAD", Xread},
      {"XREADGROUP", Xreadgroup},
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
