#include <memory>
#include <utility>

#include "chassis/process/process.h"
#include "edge_formats/region_files.h"
#include "edge_formats/vocabulary_formats.h"
#include "fitting/fitting_service.h"
#include "fitting/metrics.h"
#include "fitting/settings.h"
#include "fitting/wiring.h"
#include "vocabulary/region.h"

namespace fuju::fitting {
namespace {

absl::Status Wire(chassis::Process& process) {
  const absl::StatusOr<Settings> settings = ReadSettings();
  if (!settings.ok()) return settings.status();
  absl::StatusOr<vocabulary::RegionTable> regions =
      edge_formats::ReadRegionTable(settings->data_dir);
  if (!regions.ok()) return regions.status();
  const auto* kept_regions =
      process.Keep(std::make_unique<vocabulary::RegionTable>(*std::move(regions)));
  chassis::FormatRegistry formats;
  edge_formats::RegisterVocabularyFormats(formats, *kept_regions, process.clock());

  auto* metrics = process.Keep(std::make_unique<FittingMetrics>(*process.registry()));
  auto* stores = process.Keep(std::make_unique<FittingStores>(&process.store(), metrics));
  auto* serial_numbers = process.Keep(std::make_unique<chassis::UniqueNames>(
      &process.redis(), process.keys(), settings->serial_claim, AskOrders(stores)));
  process.React(MakeReactions(stores, settings->rules), MakeTimerHandlers(stores),
                {"applications", "audit", "dispatch"});
  process.Serve(std::make_unique<FittingService>(&process.MakeGate(std::move(formats)), stores,
                                                 serial_numbers, *settings));
  return absl::OkStatus();
}

}  // namespace
}  // namespace fuju::fitting

int main(int argc, char** argv) {
  return fuju::chassis::RunService("fitting", argc, argv, fuju::fitting::Wire);
}
