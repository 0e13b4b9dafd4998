// fuju-applications without its store: main.cc of the service with an instant one in its place.

#include <memory>
#include <utility>

#include "applications/applications_service.h"
#include "applications/metrics.h"
#include "applications/settings.h"
#include "applications/wiring.h"
#include "bench/roles.h"
#include "chassis/process/process.h"
#include "edge_formats/vocabulary_formats.h"
#include "support/instant_store.h"
#include "vocabulary/civil_date.h"

namespace fuju::bench {
namespace {

absl::Status Wire(chassis::Process& process) {
  absl::StatusOr<applications::Settings> read = applications::ReadSettings();
  if (!read.ok()) return read.status();
  const auto* settings = process.Keep(std::make_unique<applications::Settings>(*std::move(read)));
  chassis::FormatRegistry formats;
  edge_formats::RegisterVocabularyFormats(formats, settings->regions, process.clock());
  auto* metrics = process.Keep(std::make_unique<applications::Metrics>(
      *process.registry(), vocabulary::EndOfDay(settings->calendar.last_day())));
  auto* store =
      process.Keep(std::make_unique<test_support::InstantStore>(process.keys(), &process.clock()));
  const auto* wiring =
      process.Keep(std::make_unique<applications::Wiring>(store, &process.clock(), metrics));
  process.Serve(
      std::make_unique<applications::ApplicationsService>(applications::ApplicationsService::Parts{
          .gate = &process.MakeGate(std::move(formats)),
          .wiring = wiring,
          .fanout = &process.fanout(),
          .keyer = &settings->keyer,
          .ids = process.Keep(std::make_unique<vocabulary::UlidGenerator>()),
          .rules = settings->rules(),
          .questionnaires = &settings->questionnaires,
          .watch_heartbeat = settings->watch_heartbeat,
      }));
  return absl::OkStatus();
}

}  // namespace

int ServeInstantApplications(int argc, char** argv) {
  return chassis::RunService("applications", argc, argv, Wire);
}

}  // namespace fuju::bench
