#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "fitting/order.h"

namespace fuju::fitting {

// What the flags of this service say, validated.
struct Settings {
  OrderRules rules;
  // How far FindSlots looks, at most.
  absl::Duration find_range = absl::Hours(14 * 24);
  // How long a serial number stays claimed while its hand-over is being committed.
  absl::Duration serial_claim = absl::Hours(1);
  // Tables of divisions, for the county format.
  std::string data_dir;
};

// INVALID_ARGUMENT names all that is wrong.
absl::StatusOr<Settings> ReadSettings();

}  // namespace fuju::fitting
