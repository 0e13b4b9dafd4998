#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "applications/application.h"
#include "applications/limits.h"
#include "applications/questionnaire_set.h"
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
  QuestionnaireSet questionnaires;
  ChainBook chains;
  IntakeBook intake;

  // They outlive what goes by them.
  Rules rules() const { return Rules{limits, calendar, chains, intake}; }
};

// The questionnaires below `data_dir`: every file questionnaires/*.json, which may name the items
// of catalogue.csv beside it. Waits for the disk. INVALID_ARGUMENT as QuestionnaireSet::Load.
absl::StatusOr<QuestionnaireSet> ReadQuestionnaires(const std::string& data_dir);

// intake.json, consents.json and documents.json below `data_dir`, as IntakeBook::Parse. Waits for
// the disk.
absl::StatusOr<IntakeBook> ReadIntake(const std::string& data_dir);

// Reads flags and files. INVALID_ARGUMENT names all that is wrong at once.
absl::StatusOr<Settings> ReadSettings();

}  // namespace fuju::applications
