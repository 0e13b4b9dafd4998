#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "applications/application.h"
#include "vocabulary/person_key.h"
#include "vocabulary/region.h"
#include "vocabulary/working_days.h"

namespace fuju::applications {

// What the flags of this service say, checked and loaded. The flags stand in settings.cc.
struct Settings {
  Limits limits;
  absl::Duration watch_heartbeat;
  vocabulary::PersonKeyer keyer;
  vocabulary::RegionTable regions;
  vocabulary::WorkingDayCalendar calendar;
  ChainBook chains;
  OfficerRelations relations;

  // They outlive what goes by them.
  Rules rules() const { return Rules{limits, calendar, chains, relations}; }
};

// Reads flags and files. INVALID_ARGUMENT names all that is wrong at once.
absl::StatusOr<Settings> ReadSettings();

}  // namespace fuju::applications
