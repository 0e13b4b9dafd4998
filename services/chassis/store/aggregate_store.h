#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/store/command.h"
#include "chassis/store/raw_store.h"
#include "chassis/values/decision.h"

namespace fuju::chassis {

// What the store has to know of one kind of aggregate. All functions are pure.
template <typename State>
struct AggregateKind {
  // Short name in keys, such as "application".
  std::string kind;
  // Resource name of an id: the subject of its events.
  std::function<std::string(std::string_view id)> name;
  // Part of the id that decides the partition, such as the county code.
  std::function<std::string(std::string_view id)> route;
  // Everything that is kept beside the state.
  std::function<Footprint(std::string_view id, const State& state)> footprint;
  // Told, once, of a change that this process has committed, for its metrics; empty: nobody is. Not
  // told of a commit whose first answer was lost. `before` is empty for a creation.
  std::function<void(const State& before, const State& after)> on_change = nullptr;
};

// A committed (or remembered) state.
template <typename State>
struct Committed {
  State state;
  int64_t version = 0;
  // Id of the aggregate; for a repeated creation the id of the first one.
  std::string id;
  // True if the request or event had been handled before: then this is the aggregate as it is now,
  // which may be further than after the first answer (AIP-155, stale success responses).
  bool repeated = false;
};

// One page of a list.
template <typename State>
struct Page {
  struct Item {
    std::string id;
    Versioned<State> aggregate;
  };
  std::vector<Item> items;
  // Where the next page starts; empty on the last page.
  std::string next_cursor;
};

// Text form of a version for AIP-154: equal etags mean equal states.
std::string EtagOf(int64_t version);

// Load, decide, commit, for one kind of aggregate; a typed face of RawStore. Thread-safe; `decide`
// runs on the caller's thread or an I/O thread of the Redis client, `done` on such a thread, too:
// quick, never blocking. `done` is called once.
//
// Errors beside those of `decide`:
//   ABORTED              VERSION_CONFLICT after the bounded number of retries; ETAG_MISMATCH
//   INVALID_ARGUMENT     REQUEST_ID_REUSED
//   ALREADY_EXISTS       CLAIM_HELD, metadata claim and holder ("<kind>|<id>")
//   FAILED_PRECONDITION  COUNTER_BELOW_FLOOR or COUNTER_NOT_ZERO, metadata counter and left
//   FAILED_PRECONDITION  FENCED
//   UNAVAILABLE          STORE_UNAVAILABLE: may have been applied; repeat with the same request id
//   DATA_LOSS            the stored state can not be parsed
template <typename State>
class AggregateStore {
 public:
  using Decide = std::function<absl::StatusOr<Decision<State>>(const Versioned<State>& current)>;
  using Done = std::function<void(absl::StatusOr<Committed<State>>)>;
  // Something that has to be done before a decision and takes time, such as to claim a name
  // elsewhere. `ready` is called once, on any thread; an error ends the call with it. `current` and
  // what is passed live until then.
  using Prepare =
      std::function<void(const Versioned<State>& current, std::function<void(absl::Status)> ready)>;

  // `store` outlives this.
  AggregateStore(RawStore* store, AggregateKind<State> kind)
      : store_(store), kind_(std::make_shared<const AggregateKind<State>>(std::move(kind))) {}

  const AggregateKind<State>& kind() const { return *kind_; }
  RawStore* raw() const { return store_; }

  // Changes one aggregate. `decide` may be called several times, with fresher states: the first one
  // may be older than the newest, but only a change that was decided on the newest has an effect,
  // and only an error that was decided on the newest is an answer.
  //
  // To create one, pass a new id: a repeated request gets the id of its first call. The record of a
  // request lies in the partition of the id's route, so the route of a new id must follow from the
  // request itself (the county that it names), never from chance.
  void Update(std::string id, Command command, Decide decide, Done done) const;
  // As Update, with `prepare` before each run of `decide`.
  void Update(std::string id, Command command, Prepare prepare, Decide decide, Done done) const;

  // Reads one; version 0 if it does not exist.
  void Get(std::string id, absl::Time deadline,
           std::function<void(absl::StatusOr<Versioned<State>>)> done) const;

  // Reads several at once, in the order asked.
  void GetMany(std::vector<std::string> ids, absl::Time deadline,
               std::function<void(absl::StatusOr<std::vector<Versioned<State>>>)> done) const;

  // Lists by an index whose members are ids: newest (highest score) first. `route` limits it to one
  // partition; empty merges all partitions.
  void List(std::string index, std::string route, std::string cursor, int limit,
            absl::Time deadline, std::function<void(absl::StatusOr<Page<State>>)> done) const;
  // By several indexes of one owner together, such as one for each state.
  void List(std::vector<std::string> indexes, std::string route, std::string cursor, int limit,
            absl::Time deadline, std::function<void(absl::StatusOr<Page<State>>)> done) const;

 private:
  RawStore* store_;
  // Shared with the calls on their way.
  std::shared_ptr<const AggregateKind<State>> kind_;
};

}  // namespace fuju::chassis

#include "chassis/store/aggregate_store.inl.h"
