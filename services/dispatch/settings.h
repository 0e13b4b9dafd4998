#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace fuju::dispatch {

// The service's own settings, from the flags of the same names. A value.
struct Settings {
  // --offer_limit_s: a vendor answers an offer within this.
  absl::Duration offer_limit;
  // --manual_limit_s: a round of the manual queue is assigned within this.
  absl::Duration manual_limit;
  // --max_candidates: vendors asked before a person takes over.
  int max_candidates = 0;
  // --watch_heartbeat_s: a watch without news says so this often.
  absl::Duration watch_heartbeat;
  // --data_dir: folder of divisions.csv and organisations_extra.csv.
  std::string data_dir;
};

// INVALID_ARGUMENT with all complaints at once.
absl::StatusOr<Settings> ReadSettings();

}  // namespace fuju::dispatch
