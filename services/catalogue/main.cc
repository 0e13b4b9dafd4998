// fuju-catalogue: the subsidy catalogue, eligibility, and the counties' budgets.

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"

#include "catalogue/catalogue_finder.h"
#include "catalogue/catalogue_service.h"
#include "catalogue/decision/decisions_service.h"
#include "catalogue/decision/run_thread.h"
#include "catalogue/ledger/ledger_reactions.h"
#include "catalogue/ledger/ledger_service.h"
#include "catalogue/metrics.h"
#include "catalogue/reactions.h"
#include "catalogue/settings.h"
#include "catalogue/versions/catalogue_importer.h"
#include "catalogue/versions/catalogue_watcher.h"
#include "catalogue/wiring.h"
#include "chassis/process/files.h"
#include "chassis/process/process.h"
#include "edge_formats/region_files.h"
#include "edge_formats/vocabulary_formats.h"
#include "vocabulary/region.h"

namespace fuju::catalogue {
namespace {

constexpr absl::Duration kLoadLimit = absl::Seconds(30);

absl::StatusOr<CatalogueFiles> ReadFiles(const Settings& settings) {
  absl::StatusOr<std::string> file = chassis::ReadTextFile(settings.catalogue_file);
  if (!file.ok()) return file.status();
  if (settings.catalogue_policy_file.empty()) return CatalogueFiles{.json = *std::move(file)};
  absl::StatusOr<std::string> policy = chassis::ReadTextFile(settings.catalogue_policy_file);
  if (!policy.ok()) return policy.status();
  return CatalogueFiles{.csv = *std::move(file), .policy_json = *std::move(policy)};
}

absl::Status Wire(chassis::Process& process) {
  absl::StatusOr<Settings> settings = ReadSettings();
  if (!settings.ok()) return settings.status();
  absl::StatusOr<vocabulary::RegionTable> table = edge_formats::ReadRegionTable(settings->data_dir);
  if (!table.ok()) return table.status();
  const auto* regions = process.Keep(std::make_unique<vocabulary::RegionTable>(*std::move(table)));
  auto* metrics = process.Keep(std::make_unique<CatalogueMetrics>(*process.registry()));
  const auto* stores = process.Keep(std::make_unique<CatalogueStores>(&process.store(), metrics));
  auto* watcher = process.Keep(
      std::make_unique<CatalogueWatcher>(stores, &process.fanout(), metrics, ProvinceOf(*regions)));
  const auto* importer = process.Keep(std::make_unique<CatalogueImporter>(stores, watcher));
  auto* reactions = process.Keep(
      std::make_unique<CatalogueReactions>(stores, watcher, regions, settings->ledger));

  const auto* ledger_reactions =
      process.Keep(std::make_unique<LedgerReactions>(stores, &reactions->queue()));
  chassis::Reactions facts = reactions->Table();
  ledger_reactions->AddTo(facts);

  chassis::FormatRegistry formats;
  edge_formats::RegisterVocabularyFormats(formats, *regions, process.clock());
  chassis::CallGate& gate = process.MakeGate(std::move(formats));
  process.Serve(std::make_unique<CatalogueService>(&gate, stores, watcher, importer, metrics));
  process.Serve(std::make_unique<LedgerService>(&gate, stores, regions, settings->ledger));
  const auto* finder = process.Keep(std::make_unique<CatalogueFinder>(stores, watcher));
  auto* runs = process.Keep(std::make_unique<RunThread>());
  process.Serve(std::make_unique<DecisionsService>(&gate, stores, finder, regions, runs));
  process.React(std::move(facts), reactions->Timers(), {"applications", "audit", "catalogue"});
  process.BeforeServing([watcher] { return watcher->Load(absl::Now() + kLoadLimit); });
  process.BeforeServing([importer, settings = *settings] {
    if (settings.catalogue_file.empty()) return absl::OkStatus();
    absl::StatusOr<CatalogueFiles> files = ReadFiles(settings);
    if (!files.ok()) return files.status();
    return importer->PublishIfNone(settings.catalogue_version, *std::move(files),
                                   absl::Now() + kLoadLimit);
  });
  process.OnStop([watcher] { watcher->Stop(); });
  return absl::OkStatus();
}

}  // namespace
}  // namespace fuju::catalogue

int main(int argc, char** argv) {
  return fuju::chassis::RunService("catalogue", argc, argv, fuju::catalogue::Wire);
}
