#pragma once

#include "absl/time/time.h"

#include "fuju/fitting/v1/fitting.pb.h"

namespace fuju::simulation {

// The visit that is booked; InfiniteFuture if none is.
absl::Time BookedVisit(const fitting::v1::Order& order);

}  // namespace fuju::simulation
