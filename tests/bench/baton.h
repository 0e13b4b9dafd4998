#pragma once

#include <string>

#include "absl/strings/str_cat.h"

#include "chassis/store/aggregate_store.h"
#include "fuju/testing/v1/relay.pb.h"

namespace fuju::bench {

// A relay: "step0" makes a baton, and each service after it takes it by the fact of the one before.
using BatonStore = chassis::AggregateStore<testing::v1::Baton>;

inline constexpr int kPartitions = 16;
inline constexpr int kLastStep = 4;

inline std::string StepName(int step) { return absl::StrCat("step", step); }

// Spread over all partitions: as many routes as counties.
inline std::string BatonId(int64_t number) {
  constexpr int kRoutes = 84;
  return absl::StrCat("r", number % kRoutes, "-", number);
}

chassis::AggregateKind<testing::v1::Baton> BatonKind();

// The decision of every step: takes the baton as the step before left it.
absl::StatusOr<chassis::Decision<testing::v1::Baton>> PassOn(const testing::v1::Baton& taken,
                                                             int64_t started_ns,
                                                             int64_t handled_ns);

// A new one with a load of 256 bytes.
testing::v1::Baton NewBaton(const std::string& id);

}  // namespace fuju::bench
