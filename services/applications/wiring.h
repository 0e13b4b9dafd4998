#pragma once

#include <functional>
#include <string>

#include "applications/application.h"
#include "applications/metrics.h"
#include "chassis/store/aggregate_store.h"
#include "chassis/store/command.h"
#include "chassis/store/unique_names.h"
#include "chassis/values/clock.h"

namespace fuju::applications {

// The kind of aggregate of this service, for the store. Gives the name of the open application back
// when one ends. `open_claims` outlives the calls in flight.
chassis::AggregateKind<Record> ApplicationKind(const chassis::UniqueNames* open_claims);

// For the names of open applications (OpenClaimOf): whose they are by the state of the application
// that claimed one. `store` outlives it.
chassis::UniqueNames::Ask AskApplications(chassis::RawStore* store);

// How an application is changed, for the three callers of one call: the gRPC edge, reactions and
// timers. Thread-safe. What is passed outlives it and every call in flight.
class Wiring {
 public:
  using Store = chassis::AggregateStore<Record>;
  // A decision about an application that exists. May run several times; never blocks.
  using Decide = std::function<Result(const Record&, const Act&)>;

  Wiring(chassis::RawStore* store, const chassis::Clock* clock, Metrics* metrics,
         const chassis::UniqueNames* open_claims)
      : store_(store, ApplicationKind(open_claims)),
        clock_(clock),
        metrics_(metrics),
        open_claims_(open_claims) {}

  const Store& store() const { return store_; }
  const chassis::Clock& clock() const { return *clock_; }

  // Makes an application by `decide`, which gets an empty record.
  void Create(std::string id, chassis::Command command, Decide decide, Store::Done done) const;

  // Changes one. NOT_FOUND if it does not exist.
  void Change(std::string id, chassis::Command command, Move move, Decide decide,
              Store::Done done) const;

  // Hands in a draft: claims the name of the person's open application for it, then decides.
  // ALREADY_EXISTS, CLAIM_HELD if another open application has the name.
  void Submit(std::string id, chassis::Command command, Store::Done done) const;

 private:
  void Update(std::string id, chassis::Command command, Move move, Store::Prepare prepare,
              Decide decide, Store::Done done, bool make) const;

  Store store_;
  const chassis::Clock* clock_;
  Metrics* metrics_;
  const chassis::UniqueNames* open_claims_;
};

}  // namespace fuju::applications
