#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/redis/client.h"
#include "chassis/store/command.h"
#include "chassis/store/keys.h"
#include "chassis/values/clock.h"
#include "chassis/values/decision.h"

namespace fuju::chassis {

// The untyped half of the store: bytes, versions and the commit script. AggregateStore is its typed
// face; a simulation replaces this class.
class RawStore {
 public:
  // An aggregate as bytes.
  struct Blob {
    std::string state;
    int64_t version = 0;
    std::string correlation_id;
  };
  struct Outcome {
    std::string id;
    int64_t version = 0;
    // True if the request or event had been handled before.
    bool repeated = false;
    // True if what the last run of the decision wanted is what was written; else `state` is the
    // aggregate's.
    bool decided = false;
    std::string state;
  };
  // Where an aggregate lives.
  struct Location {
    std::string kind;
    std::string id;
    std::string name;   // subject of its events
    std::string route;  // decides the partition
  };
  // What to write, decided from a Blob.
  struct Change {
    bool changed = true;
    std::string state;
    std::vector<Fact> facts;
    // Names that no other aggregate may hold.
    std::vector<std::string> unclaimed;
    std::vector<std::string> zero_counters;
    Footprint before;
    Footprint after;
  };
  using Decided = std::function<void(absl::StatusOr<Change>)>;
  // Answers once, on any thread, at once or later; `current` lives until then. May be called
  // several times, one after the other, first perhaps with a state that is no longer the newest:
  // its answer then counts only if it is a change that commits.
  using Decide = std::function<void(const Blob& current, Decided decided)>;

  virtual ~RawStore() = default;

  virtual void Update(Location location, Command command, Decide decide,
                      std::function<void(absl::StatusOr<Outcome>)> done) = 0;
  virtual void GetMany(std::vector<Location> locations, absl::Time deadline,
                       std::function<void(absl::StatusOr<std::vector<Blob>>)> done) = 0;

  struct IndexPage {
    std::vector<IndexEntry> entries;
    std::string next_cursor;
  };
  // Entries of all these indexes, one at least, together, by falling score and, where scores are
  // equal, in one order of all members. The indexes are of one owner (index_member.h), and a member
  // is in one of them at a time. `route` empty merges all partitions. INVALID_ARGUMENT,
  // PAGE_TOKEN_INVALID for a cursor that is none.
  virtual void ListIndexes(std::vector<std::string> indexes, std::string route, std::string cursor,
                           int limit, absl::Time deadline,
                           std::function<void(absl::StatusOr<IndexPage>)> done) = 0;
  // Entries with min_score <= score <= max_score, by rising score. `route` empty merges all
  // partitions.
  virtual void RangeIndex(std::string index, std::string route, int64_t min_score,
                          int64_t max_score, int limit, absl::Time deadline,
                          std::function<void(absl::StatusOr<std::vector<IndexEntry>>)> done) = 0;
  // How many entries there are in each of the ranges, over all partitions, in the order of the
  // ranges: O(log n) for each, whatever they hold. One call for each partition, so a range may be
  // counted in two partitions at moments a little apart.
  struct IndexRange {
    std::string index;
    int64_t min_score = 0;
    int64_t max_score = 0;
  };
  virtual void CountIndexes(std::vector<IndexRange> ranges, absl::Time deadline,
                            std::function<void(absl::StatusOr<std::vector<int64_t>>)> done) = 0;
  // Counters in the order of the names; a counter never touched is 0. `route` empty adds up those
  // of all partitions.
  virtual void GetCounters(std::string route, std::vector<std::string> names, absl::Time deadline,
                           std::function<void(absl::StatusOr<std::vector<int64_t>>)> done) = 0;

  virtual const Keys& keys() const = 0;
  virtual const Clock& clock() const = 0;
};

struct RedisStoreOptions {
  // How long an answer to a request id is remembered at least; at most twice as long.
  absl::Duration request_retention = absl::Hours(24 * 7);
  // Load-decide-commit rounds before ABORTED.
  int max_attempts = 8;
  // Time for one Redis command, at most.
  absl::Duration command_timeout = absl::Seconds(2);
  // Replicas that must have a commit before it is answered; 0 does not ask.
  int wait_replicas = 0;
  // Whether partitions lie on nodes of their own (Redis Cluster): then none waits for another one's
  // commits, and a list asks each of them apart.
  bool sharded = false;
  // States kept in memory, so that the next decision about the same aggregate needs no read.
  size_t recent_states_bytes = size_t{32} << 20;
  // Whether states are written packed (packed_state.h): smaller, and more work. Both are read.
  bool pack_states = true;
};

// RawStore on Redis. Updates of one aggregate by one store take turns; the version check is for
// those of other processes. `client` and `clock` live until every call is answered. Stop the client
// before the store is destroyed: a list reads in two steps, and the second needs the store.
std::unique_ptr<RawStore> MakeRedisStore(redis::Client* client, Keys keys, const Clock* clock,
                                         RedisStoreOptions options);

// Checks what the store relies on, waiting: the number of partitions is the one fixed at first use
// (it is fixed now if absent); Redis runs with appendonly yes, appendfsync always and
// maxmemory-policy noeviction, and its default user, on or off, may write, because the append-only
// file is replayed with that user's rights; the last two unless `accept_weak_durability`.
// FAILED_PRECONDITION names all that is wrong at once and how to fix it.
absl::Status CheckRedis(redis::Client& client, int partitions, bool accept_weak_durability);
// The part of it that every node has for itself: what Redis runs with, and its default user.
absl::Status CheckDurability(redis::Client& client);

}  // namespace fuju::chassis
