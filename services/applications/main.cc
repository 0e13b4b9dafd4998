// fuju-applications: applications for assistive devices, from draft to closed case. README.md.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "applications/applications_service.h"
#include "applications/desk/desk_settings.h"
#include "applications/desk/remote_catalogue.h"
#include "applications/desk/review_desk_service.h"
#include "applications/intake/intake_service.h"
#include "applications/metrics.h"
#include "applications/needs/needs_of_person.h"
#include "applications/needs/needs_service.h"
#include "applications/needs/needs_settings.h"
#include "applications/needs/wiring.h"
#include "applications/notices/notice_settings.h"
#include "applications/notices/notices_service.h"
#include "applications/notices/wiring.h"
#include "applications/public_notices_service.h"
#include "applications/reactions.h"
#include "applications/relations_service.h"
#include "applications/settings.h"
#include "applications/wiring.h"
#include "chassis/process/process.h"
#include "edge_formats/vocabulary_formats.h"
#include "vocabulary/civil_date.h"

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
  absl::StatusOr<NeedsSettings> needs_settings = ReadNeedsSettings();
  const absl::StatusOr<DeskSettings> desk = ReadDeskSettings();
  if (absl::Status s = Both(Both(read.status(), desk.status()),
                            Both(notice_settings.status(), needs_settings.status()));
      !s.ok()) {
    return s;
  }
  const Settings* settings = process.Keep(std::make_unique<Settings>(*std::move(read)));
  const Rules rules = settings->rules();

  chassis::FormatRegistry formats;
  edge_formats::RegisterVocabularyFormats(formats, settings->regions, process.clock());
  Metrics* metrics = process.Keep(std::make_unique<Metrics>(
      *process.registry(), vocabulary::EndOfDay(settings->calendar.last_day())));
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
  const auto* kept_needs =
      process.Keep(std::make_unique<NeedsSettings>(*std::move(needs_settings)));
  auto* needs = process.Keep(std::make_unique<Needs>(
      &process.store(), &settings->regions, &settings->keyer, kept_needs, *process.registry()));
  auto intake = std::make_unique<IntakeService>(IntakeService::Parts{
      .gate = &gate,
      .wiring = wiring,
      .applications = applications.get(),
      .find_surveyed = SurveyFinder(needs->needs()),
      .keyer = &settings->keyer,
      .rules = rules,
  });
  process.Serve(std::move(applications));
  process.Serve(std::move(intake));
  process.Serve(std::make_unique<PublicNoticesService>(&gate, wiring, &settings->regions, rules));
  process.Serve(std::make_unique<ReviewDeskService>(ReviewDeskService::Parts{
      .gate = &gate,
      .wiring = wiring,
      .rules = rules,
      .claims = desk->claims,
      .catalogue = process.Keep(std::make_unique<RemoteCatalogue>(desk->catalogue_address)),
      .catalogue_timeout = desk->catalogue_timeout,
  }));
  process.Serve(std::make_unique<NeedsService>(&gate, needs));
  process.OnStop([needs] { needs->Stop(); });
  const auto* relations =
      process.Keep(std::make_unique<RelationStore>(&process.store(), RelationAggregate()));
  process.Serve(std::make_unique<RelationsService>(&gate, relations, ids));
  chassis::Reactions reactions = MakeReactions(wiring, rules);
  chassis::TimerHandlers timers = MakeTimerHandlers(wiring, rules);
  AddRelationTimers(timers, relations);
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
