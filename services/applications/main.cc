// fuju-applications: applications for assistive devices, from draft to closed case. README.md.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "applications/applications_service.h"
#include "applications/intake/intake_service.h"
#include "applications/metrics.h"
#include "applications/notices/notice_settings.h"
#include "applications/notices/notices_service.h"
#include "applications/notices/wiring.h"
#include "applications/persons/wiring.h"
#include "applications/public_notices_service.h"
#include "applications/reactions.h"
#include "applications/settings.h"
#include "applications/wiring.h"
#include "chassis/process/process.h"
#include "edge_formats/vocabulary_formats.h"

namespace fuju::applications {
namespace {

// All complaints at once.
absl::Status Both(const absl::Status& one, const absl::Status& other) {
  if (one.ok() || other.ok()) return one.ok() ? other : one;
  return absl::Status(one.code(), absl::StrCat(one.message(), "\n", other.message()));
}

absl::Status Wire(chassis::Process& process) {
  absl::StatusOr<Settings> read = ReadSettings();
  absl::StatusOr<std::optional<NoticeSettings>> notice_settings = ReadNoticeSettings();
  if (absl::Status s = Both(read.status(), notice_settings.status()); !s.ok()) return s;
  const Settings* settings = process.Keep(std::make_unique<Settings>(*std::move(read)));
  const Rules rules = settings->rules();

  chassis::FormatRegistry formats;
  edge_formats::RegisterVocabularyFormats(formats, settings->regions, process.clock());
  Metrics* metrics = process.Keep(std::make_unique<Metrics>(*process.registry()));
  const Wiring* wiring =
      process.Keep(std::make_unique<Wiring>(&process.store(), &process.clock(), metrics));
  auto* ids = process.Keep(std::make_unique<vocabulary::UlidGenerator>());

  chassis::CallGate& gate = process.MakeGate(std::move(formats));
  auto applications = std::make_unique<ApplicationsService>(ApplicationsService::Parts{
      .gate = &gate,
      .wiring = wiring,
      .fanout = &process.fanout(),
      .keyer = &settings->keyer,
      .ids = ids,
      .rules = rules,
      .questionnaires = &settings->questionnaires,
      .watch_heartbeat = settings->watch_heartbeat,
  });
  const auto* persons = process.Keep(std::make_unique<Persons>(
      &process.store(), &process.clock(),
      DraftBooks{settings->questionnaires, settings->intake, settings->keyer}));
  auto intake = std::make_unique<IntakeService>(IntakeService::Parts{
      .gate = &gate,
      .wiring = wiring,
      .applications = applications.get(),
      .persons = persons,
      .keyer = &settings->keyer,
      .rules = rules,
  });
  process.Serve(std::move(applications));
  process.Serve(std::move(intake));
  process.Serve(std::make_unique<PublicNoticesService>(&gate, wiring, &settings->regions, rules));
  chassis::Reactions reactions = MakeReactions(wiring, rules);
  chassis::TimerHandlers timers = MakeTimerHandlers(wiring, rules);
  std::vector<std::string> own_groups = {"audit", "catalogue", "dispatch"};
  if (notice_settings->has_value()) {
    const auto* kept = process.Keep(std::make_unique<NoticeSettings>(**std::move(notice_settings)));
    auto* notices = process.Keep(
        std::make_unique<Notices>(wiring, &settings->regions, kept, *process.registry()));
    process.Serve(std::make_unique<NoticesService>(&gate, notices));
    notices->React(reactions, timers);
    process.OnStop([notices] { notices->Stop(); });
    own_groups.emplace_back(kService);
  }
  process.React(std::move(reactions), std::move(timers), std::move(own_groups));
  return absl::OkStatus();
}

}  // namespace
}  // namespace fuju::applications

int main(int argc, char** argv) {
  return fuju::chassis::RunService(fuju::applications::kService, argc, argv,
                                   fuju::applications::Wire);
}
