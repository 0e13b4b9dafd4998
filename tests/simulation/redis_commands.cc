#include "simulation/redis_commands.h"

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace fuju::simulation {
namespace {

using chassis::redis::Reply;
using Words = absl::Span<const std::string>;

struct Context {
  Keyspace& keyspace;
  int64_t now;

  Slot& At(const std::string& key) const { return keyspace.At(key, now); }
};

int64_t Number(const std::string& text) {
  int64_t value = 0;
  (void)absl::SimpleAtoi(text, &value);
  return value;
}

// The value of a type, made if the key does not exist.
template <typename Type>
Type& Make(const Context& redis, Slot& slot) {
  if (!slot.exists()) slot.value = Type();
  redis.keyspace.Touch(slot);
  return std::get<Type>(slot.value);
}

// Null if the key does not exist.
template <typename Type>
const Type* Look(const Slot& slot) {
  return slot.exists() ? &std::get<Type>(slot.value) : nullptr;
}

Reply Ok() { return Reply::String("OK"); }

Reply Get(const Context& redis, Words words) {
  const auto* text = Look<std::string>(redis.At(words[1]));
  return text == nullptr ? Reply() : Reply::String(*text);
}

Reply Set(const Context& redis, Words words) {
  Slot& slot = redis.At(words[1]);
  slot.value = words[2];
  slot.expires = 0;
  for (size_t i = 3; i < words.size(); ++i) {
    if (words[i] == "PX") slot.expires = redis.now + Number(words[++i]);
  }
  redis.keyspace.Touch(slot);
  return Ok();
}

Reply Del(const Context& redis, Words words) {
  int64_t deleted = 0;
  for (size_t i = 1; i < words.size(); ++i) {
    Slot& slot = redis.At(words[i]);
    if (!slot.exists()) continue;
    redis.keyspace.Delete(slot);
    ++deleted;
  }
  return Reply::Integer(deleted);
}

Reply Exists(const Context& redis, Words words) {
  return Reply::Integer(redis.At(words[1]).exists() ? 1 : 0);
}

Reply Incr(const Context& redis, Words words) {
  auto& text = Make<std::string>(redis, redis.At(words[1]));
  const int64_t value = Number(text) + 1;
  text = absl::StrCat(value);
  return Reply::Integer(value);
}

Reply Pttl(const Context& redis, Words words) {
  const Slot& slot = redis.At(words[1]);
  if (!slot.exists()) return Reply::Integer(-2);
  return Reply::Integer(slot.expires == 0 ? -1 : slot.expires - redis.now);
}

Reply Pexpire(const Context& redis, Words words) {
  Slot& slot = redis.At(words[1]);
  if (!slot.exists()) return Reply::Integer(0);
  slot.expires = redis.now + Number(words[2]);
  redis.keyspace.Touch(slot);
  return Reply::Integer(1);
}

Reply Time(const Context& redis, Words) {
  return Reply::Array({Reply::String(absl::StrCat(redis.now / 1000)),
                       Reply::String(absl::StrCat(redis.now % 1000 * 1000))});
}

Reply FieldOf(const Hash* hash, const std::string& field) {
  if (hash == nullptr) return Reply();
  const auto found = hash->find(field);
  return found == hash->end() ? Reply() : Reply::String(found->second);
}

Reply Hget(const Context& redis, Words words) {
  return FieldOf(Look<Hash>(redis.At(words[1])), words[2]);
}

Reply Hmget(const Context& redis, Words words) {
  const auto* hash = Look<Hash>(redis.At(words[1]));
  std::vector<Reply> fields;
  fields.reserve(words.size() - 2);
  for (size_t i = 2; i < words.size(); ++i) fields.push_back(FieldOf(hash, words[i]));
  return Reply::Array(std::move(fields));
}

Reply Hgetall(const Context& redis, Words words) {
  std::vector<Reply> flat;
  if (const auto* hash = Look<Hash>(redis.At(words[1])); hash != nullptr) {
    for (const auto& [field, value] : *hash) {
      flat.push_back(Reply::String(field));
      flat.push_back(Reply::String(value));
    }
  }
  return Reply::Array(std::move(flat));
}

Reply Hkeys(const Context& redis, Words words) {
  std::vector<Reply> fields;
  if (const auto* hash = Look<Hash>(redis.At(words[1])); hash != nullptr) {
    for (const auto& [field, value] : *hash) fields.push_back(Reply::String(field));
  }
  return Reply::Array(std::move(fields));
}

Reply Hset(const Context& redis, Words words) {
  auto& hash = Make<Hash>(redis, redis.At(words[1]));
  int64_t added = 0;
  for (size_t i = 2; i + 1 < words.size(); i += 2) {
    const auto [place, inserted] = hash.insert_or_assign(words[i], words[i + 1]);
    added += inserted ? 1 : 0;
  }
  return Reply::Integer(added);
}

Reply Hsetnx(const Context& redis, Words words) {
  auto& hash = Make<Hash>(redis, redis.At(words[1]));
  return Reply::Integer(hash.try_emplace(words[2], words[3]).second ? 1 : 0);
}

Reply Hdel(const Context& redis, Words words) {
  Slot& slot = redis.At(words[1]);
  if (!slot.exists()) return Reply::Integer(0);
  auto& hash = Make<Hash>(redis, slot);
  int64_t removed = 0;
  for (size_t i = 2; i < words.size(); ++i) removed += static_cast<int64_t>(hash.erase(words[i]));
  if (hash.empty()) redis.keyspace.Delete(slot);
  return Reply::Integer(removed);
}

Reply Hincrby(const Context& redis, Words words) {
  auto& text = Make<Hash>(redis, redis.At(words[1]))[words[2]];
  const int64_t value = Number(text) + Number(words[3]);
  text = absl::StrCat(value);
  return Reply::Integer(value);
}

Reply Zadd(const Context& redis, Words words) {
  auto& set = Make<SortedSet>(redis, redis.At(words[1]));
  int64_t added = 0;
  for (size_t i = 2; i + 1 < words.size(); i += 2) {
    added += set.Add(words[i + 1], Number(words[i])) ? 1 : 0;
  }
  return Reply::Integer(added);
}

Reply Zrem(const Context& redis, Words words) {
  Slot& slot = redis.At(words[1]);
  if (!slot.exists()) return Reply::Integer(0);
  auto& set = Make<SortedSet>(redis, slot);
  int64_t removed = 0;
  for (size_t i = 2; i < words.size(); ++i) removed += set.Remove(words[i]) ? 1 : 0;
  if (set.order.empty()) redis.keyspace.Delete(slot);
  return Reply::Integer(removed);
}

// A bound of a score, inclusive: "5", "(5", "-inf", "+inf".
int64_t Bound(const std::string& text, int64_t exclusive_step) {
  if (text == "-inf") return std::numeric_limits<int64_t>::min();
  if (text == "+inf") return std::numeric_limits<int64_t>::max();
  if (absl::StartsWith(text, "(")) return Number(text.substr(1)) + exclusive_step;
  return Number(text);
}

Reply Zrangebyscore(const Context& redis, Words words) {
  std::vector<Reply> found;
  const auto* set = Look<SortedSet>(redis.At(words[1]));
  if (set == nullptr) return Reply::Array({});
  const int64_t most_score = Bound(words[3], -1);
  bool with_scores = false;
  int64_t limit = std::numeric_limits<int64_t>::max();
  for (size_t i = 4; i < words.size(); ++i) {
    if (words[i] == "WITHSCORES") with_scores = true;
    if (words[i] == "LIMIT") limit = Number(words[i + 2]);
  }
  for (auto it = set->order.lower_bound({Bound(words[2], 1), ""});
       it != set->order.end() && it->first <= most_score && limit > 0; ++it, --limit) {
    found.push_back(Reply::String(it->second));
    if (with_scores) found.push_back(Reply::String(absl::StrCat(it->first)));
  }
  return Reply::Array(std::move(found));
}

Reply Zcount(const Context& redis, Words words) {
  const auto* set = Look<SortedSet>(redis.At(words[1]));
  if (set == nullptr) return Reply::Integer(0);
  const int64_t most_score = Bound(words[3], -1);
  int64_t count = 0;
  for (auto it = set->order.lower_bound({Bound(words[2], 1), ""});
       it != set->order.end() && it->first <= most_score; ++it) {
    ++count;
  }
  return Reply::Integer(count);
}

Reply Zrevrange(const Context& redis, Words words) {
  std::vector<Reply> found;
  const auto* set = Look<SortedSet>(redis.At(words[1]));
  if (set == nullptr) return Reply::Array({});
  const int64_t first = Number(words[2]);
  const int64_t last = Number(words[3]);
  const bool with_scores = words.size() > 4;
  int64_t rank = 0;
  for (auto it = set->order.rbegin(); it != set->order.rend() && rank <= last; ++it, ++rank) {
    if (rank < first) continue;
    found.push_back(Reply::String(it->second));
    if (with_scores) found.push_back(Reply::String(absl::StrCat(it->first)));
  }
  return Reply::Array(std::move(found));
}

using Handler = Reply (*)(const Context&, Words);

const absl::flat_hash_map<std::string, Handler>& Handlers() {
  static const auto* const handlers = new absl::flat_hash_map<std::string, Handler>{
      {"DEL", Del},         {"EXISTS", Exists},       {"GET", Get},
      {"HDEL", Hdel},       {"HGET", Hget},           {"HGETALL", Hgetall},
      {"HINCRBY", Hincrby}, {"HKEYS", Hkeys},         {"HMGET", Hmget},
      {"HSET", Hset},       {"HSETNX", Hsetnx},       {"INCR", Incr},
      {"PEXPIRE", Pexpire}, {"PTTL", Pttl},           {"SET", Set},
      {"TIME", Time},       {"ZADD", Zadd},           {"ZCOUNT", Zcount},
      {"ZREM", Zrem},       {"ZREVRANGE", Zrevrange}, {"ZRANGEBYSCORE", Zrangebyscore},
  };
  return *handlers;
}

}  // namespace

Reply RunCommand(Keyspace& keyspace, int64_t now, Words words) {
  if (words[0][0] == 'X') {
    bool known = true;
    Reply reply = RunStreamCommand(keyspace, now, words, known);
    if (known) return reply;
  } else if (const auto found = Handlers().find(words[0]); found != Handlers().end()) {
    return found->second(Context{keyspace, now}, words);
  }
  std::fprintf(stderr, "the simulated Redis does not know %s\n", absl::StrJoin(words, " ").c_str());
  std::abort();
}

}  // namespace fuju::simulation
