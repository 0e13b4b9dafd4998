#pragma once

#include <string>

#include "absl/time/time.h"

#include "chaos/house_under_load.h"

namespace fuju::chaos {

// Measures how long the services need to work again after a fault is over.
class Recovery {
 public:
  // Of a house whose load has begun, and which outlives it.
  explicit Recovery(HouseUnderLoad& house);

  // From now until every process answers a call that needs Redis, and the services that every
  // application passes through have reacted to facts again; `limit` if they have not by then.
  absl::Duration Await(absl::Duration limit) const;
  // Whether every process answers such a call now.
  bool ReadsAnswer() const;

 private:
  const test_support::Cluster& cluster_;
  const Witness& witness_;
  const std::string vendor_;
};

}  // namespace fuju::chaos
