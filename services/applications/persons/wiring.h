#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "applications/draft_decisions.h"
#include "applications/persons/person.h"
#include "chassis/store/aggregate_store.h"
#include "chassis/store/command.h"
#include "chassis/values/clock.h"

namespace fuju::applications {

// What is known of persons, in the store. Thread-safe. What is passed outlives it and every call in
// flight.
class Persons {
 public:
  using Store = chassis::AggregateStore<PersonRecord>;

  Persons(chassis::RawStore* store, const chassis::Clock* clock, DraftBooks books);

  // Records what was found about a person, such as in the yearly survey (FACT_SOURCE_SURVEY). Name
  // and resident id are required, the rest may be empty; values need not be in normal form.
  // `command` is of whoever calls: a request id makes a repeat harmless. INVALID_ARGUMENT names all
  // bad fields, at "application.applicant....".
  void Record(Finding finding, chassis::Command command, Store::Done done) const;

  // Empty if nothing is recorded.
  void Find(const std::string& person_key, absl::Time deadline,
            std::function<void(absl::StatusOr<PersonRecord>)> done) const;

 private:
  Store store_;
  const chassis::Clock* clock_;
  DraftBooks books_;
};

}  // namespace fuju::applications
