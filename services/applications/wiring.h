#pragma once

#include <functional>
#include <string>

#include "applications/application.h"
#include "applications/metrics.h"
#include "chassis/store/aggregate_store.h"
#include "chassis/store/command.h"
#include "chassis/values/clock.h"

namespace fuju::applications {

// The kind of aggregate of this service, for the store.
chassis::AggregateKind<Record> ApplicationKind();

// How an application is changed, for the three callers of one call: the gRPC edge, reactions and
// timers. Thread-safe. What is passed outlives it and every call in flight.
class Wiring {
 public:
  using Store = chassis::AggregateStore<Record>;
  // A decision about an application that exists. May run several times; never blocks.
  using Decide = std::function<Result(const Record&, const Act&)>;

  Wiring(chassis::RawStore* store, const chassis::Clock* clock, Metrics* metrics)
      : store_(store, ApplicationKind()), clock_(clock), metrics_(metrics) {}

  const Store& store() const { return store_; }
  const chassis::Clock& clock() const { return *clock_; }

  // Makes an application by `decide`, which gets an empty record.
  void Create(std::string id, chassis::Command command, Decide decide, Store::Done done) const;

  // Changes one. NOT_FOUND if it does not exist; ALREADY_EXISTS, CLAIM_HELD if another application
  // of the person is open.
  void Change(std::string id, chassis::Command command, Move move, Decide decide,
              Store::Done done) const;

 private:
  void Update(std::string id, chassis::Command command, Move move, Decide decide, Store::Done done,
              bool make) const;

  Store store_;
  const chassis::Clock* clock_;
  Metrics* metrics_;
};

}  // namespace fuju::applications
