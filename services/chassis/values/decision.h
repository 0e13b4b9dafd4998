#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include <google/protobuf/message.h>

namespace fuju::chassis {

// The plain values that a domain exchanges with the store. No I/O; copyable where its parts are.

// A fact to be published: a protobuf message of the service's *_events.proto. Its full name becomes
// the event's type.
using Fact = std::shared_ptr<const google::protobuf::Message>;

template <typename Message>
Fact MakeFact(Message message) {
  return std::make_shared<const Message>(std::move(message));
}

// What a decision wants to happen: the next state and the facts to publish. Each fact takes one
// version number of the aggregate.
template <typename State>
struct Decision {
  State next;
  std::vector<Fact> facts;
  // False: the state stays as it is and nothing is published (the command is still remembered as
  // done). True needs at least one fact.
  bool changed = true;
  // Names of the partition that no other aggregate may hold when this is committed (else
  // CLAIM_HELD), such as the relation of an officer to a person. They are looked at, not taken.
  std::vector<std::string> unclaimed;
  // Counters of the partition that must be 0 when this is committed (else COUNTER_NOT_ZERO), such
  // as the number of those who wait. None of them is one that the decision moves.
  std::vector<std::string> zero_counters;

  // The command has nothing to do any more.
  static Decision Unchanged() {
    Decision decision;
    decision.changed = false;
    return decision;
  }
};

// An aggregate as it was loaded. Version 0: it does not exist yet, and state is empty.
template <typename State>
struct Versioned {
  State state;
  int64_t version = 0;
  bool exists() const { return version > 0; }
};

// A name that only one aggregate of the service may hold at a time within its partition, such as
// one cell of a technician's calendar.
struct Claim {
  std::string name;
  auto operator<=>(const Claim&) const = default;
};

// The aggregate's place in a sorted index of its partition. Lists run by falling score, then by
// falling member.
struct IndexEntry {
  std::string index;
  // Usually the aggregate's id; another text when one aggregate has several entries.
  std::string member;
  int64_t score = 0;
  auto operator<=>(const IndexEntry&) const = default;
};

// A moment at which the aggregate's timer handler is called. Due times have millisecond precision.
struct Timer {
  std::string name;
  absl::Time due;
  std::strong_ordering operator<=>(const Timer&) const = default;
  bool operator==(const Timer&) const = default;
};

// What this aggregate adds to a counter of its partition. The counter is the sum over all
// aggregates, so money or capacity moves exactly when states change. A commit that would bring a
// counter under its floor is refused.
struct Holding {
  std::string counter;
  int64_t amount = 0;
  auto operator<=>(const Holding&) const = default;
};

// Everything that the store keeps beside a state, as a pure function of it. The store applies the
// difference between the footprints of the old and the new state in the same commit.
struct Footprint {
  std::vector<Claim> claims;
  std::vector<IndexEntry> index;
  std::vector<Timer> timers;
  std::vector<Holding> holdings;
};

}  // namespace fuju::chassis
