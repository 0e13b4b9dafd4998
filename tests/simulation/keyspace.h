#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace fuju::simulation {

// What the simulated Redis keeps: the value types that our scripts and commands use. Not
// thread-safe, as all of the simulation.

using Hash = std::map<std::string, std::string, std::less<>>;

// Scores are whole numbers, as ours are.
struct SortedSet {
  absl::flat_hash_map<std::string, int64_t> scores;
  std::set<std::pair<int64_t, std::string>> order;

  // True if the member is new.
  bool Add(const std::string& member, int64_t score);
  bool Remove(const std::string& member);
};

struct EntryId {
  uint64_t ms = 0;
  uint64_t sequence = 0;
  auto operator<=>(const EntryId&) const = default;

  // "5-1", or "5" with the given sequence.
  static EntryId Parse(std::string_view text, uint64_t missing_sequence = 0);
  std::string ToString() const;
};

struct StreamGroup {
  EntryId last_delivered;
  int64_t entries_read = 0;
};

struct Stream {
  // Field, value, field, value, ...
  std::map<EntryId, std::vector<std::string>> entries;
  EntryId last_id;
  int64_t entries_added = 0;
  std::map<std::string, StreamGroup, std::less<>> groups;
};

// One key. It stays at its place for the life of the keyspace, also while it does not exist.
struct Slot {
  std::string key;
  std::variant<std::monostate, std::string, Hash, SortedSet, Stream> value;
  // Milliseconds since 1970; 0: never.
  int64_t expires = 0;
  // Last write, as counted by the keyspace.
  uint64_t written = 0;

  bool exists() const { return value.index() != 0; }
};

class Keyspace {
 public:
  // The slot of a key; what has expired by `now` (ms since 1970) is gone.
  Slot& At(std::string_view key, int64_t now);

  // Notes a write of the current command.
  void Touch(Slot& slot);
  void Delete(Slot& slot);

  // What was written since the last call, each once, in order.
  const std::vector<Slot*>& TakeTouched();

  // Every key that was ever asked for, in order of its name.
  std::vector<const Slot*> Sorted() const;

 private:
  absl::flat_hash_map<std::string, std::unique_ptr<Slot>> slots_;
  std::vector<Slot*> touched_;
  std::vector<Slot*> taken_;
  uint64_t round_ = 1;
};

}  // namespace fuju::simulation
