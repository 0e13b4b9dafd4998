#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "fitting/calendar.h"
#include "fitting/wiring.h"
#include "fuju/fitting/v1/fitting_service.pb.h"

namespace fuju::fitting {

// Which slots are asked for.
struct SlotQuery {
  std::string uscc = {};
  std::string device_division = {};
  Interval within;
  int limit = 0;
  SlotGrid grid;
  absl::Time deadline;
};

// Free slots of all technicians of a vendor who serve the device, earliest first. A slot of the
// answer may be taken by the time it is booked; the booking decides. `done` is called once, on an
// I/O thread.
void SearchSlots(const FittingStores& stores, const SlotQuery& query,
                 std::function<void(absl::StatusOr<v1::FindSlotsResponse>)> done);

}  // namespace fuju::fitting
