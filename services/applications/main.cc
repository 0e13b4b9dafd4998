// fuju-applications: applications for assistive devices, from draft to closed case. README.md.

#include <memory>
#include <utility>

#include "applications/applications_service.h"
#include "applications/metrics.h"
#include "applications/public_notices_service.h"
#include "applications/reactions.h"
#include "applications/settings.h"
#include "applications/wiring.h"
#include "chassis/process/process.h"
#include "edge_formats/vocabulary_formats.h"

namespace fuju::applications {
namespace {

absl::Status Wire(chassis::Process& process) {
  absl::StatusOr<Settings> read = ReadSettings();
  if (!read.ok()) return read.status();
  const Settings* settings = process.Keep(std::make_unique<Settings>(*std::move(read)));
  const Rules rules = settings->rules();

  chassis::FormatRegistry formats;
  edge_formats::RegisterVocabularyFormats(formats, settings->regions, process.clock());
  Metrics* metrics = process.Keep(std::make_unique<Metrics>(*process.registry()));
  const Wiring* wiring =
      process.Keep(std::make_unique<Wiring>(&process.store(), &process.clock(), metrics));
  auto* ids = process.Keep(std::make_unique<vocabulary::UlidGenerator>());

  chassis::CallGate* gate = &process.MakeGate(std::move(formats));
  process.Serve(std::make_unique<ApplicationsService>(ApplicationsService::Parts{
      .gate = gate,
      .wiring = wiring,
      .fanout = &process.fanout(),
      .keyer = &settings->keyer,
      .ids = ids,
      .rules = rules,
      .questionnaires = &settings->questionnaires,
      .watch_heartbeat = settings->watch_heartbeat,
  }));
  process.Serve(std::make_unique<PublicNoticesService>(gate, wiring, &settings->regions, rules));
  process.React(MakeReactions(wiring, rules), MakeTimerHandlers(wiring, rules),
                {"audit", "catalogue", "dispatch"});
  return absl::OkStatus();
}

}  // namespace
}  // namespace fuju::applications

int main(int argc, char** argv) {
  return fuju::chassis::RunService(fuju::applications::kService, argc, argv,
                                   fuju::applications::Wire);
}
