#pragma once

#include <memory>
#include <string>
#include <vector>

#include <prometheus/registry.h>

#include "applications/application.h"
#include "applications/metrics.h"
#include "applications/questionnaire_set.h"
#include "catalogue/decision/subsidy_decision.h"
#include "catalogue/metrics.h"
#include "chassis/rpc/call.h"
#include "dispatch/metrics.h"
#include "fitting/metrics.h"
#include "fuju/catalogue/storage/v1/catalogue_records.pb.h"
#include "fuju/dispatch/v1/dispatch.pb.h"
#include "simulation/lua_scripts.h"
#include "support/fake_clock.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/person_key.h"
#include "vocabulary/region.h"
#include "vocabulary/working_days.h"

namespace fuju::simulation {

// What every run shares, because making it costs more than a run: tables, formats, metrics, the
// script interpreter. Nothing in it remembers a run, but for the clock, which a run sets at its
// start. One for a thread.
struct Commons {
  // Reads the shipped tables in `data_dir`; errors end the program. One county has the full chain,
  // all others the short one.
  explicit Commons(const std::string& data_dir);

  test_support::FakeClock clock;
  LuaScripts scripts;

  vocabulary::RegionTable regions;
  vocabulary::WorkingDayCalendar calendar;
  vocabulary::PersonKeyer keyer;
  applications::Limits limits;
  // None: the simulated people answer no questionnaire.
  applications::QuestionnaireSet questionnaires;
  applications::ChainBook chains;
  applications::IntakeBook intake;
  applications::Rules rules{limits, calendar, chains, intake};
  // The item of the shipped catalogue that everybody asks for.
  catalogue::storage::v1::CatalogueRecord catalogue;

  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  applications::Metrics applications_metrics{*registry, vocabulary::EndOfDay(calendar.last_day())};
  catalogue::CatalogueMetrics catalogue_metrics{*registry};
  dispatch::DispatchMetrics dispatch_metrics{*registry};
  fitting::FittingMetrics fitting_metrics{*registry};
  std::unique_ptr<chassis::CallGate> gate;
};

}  // namespace fuju::simulation
