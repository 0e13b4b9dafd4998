// fuju-dispatch: vendors, the search for one, offers and the manual queue. README.md beside it.
#include <memory>
#include <utility>

#include "absl/time/clock.h"

#include "chassis/process/process.h"
#include "dispatch/dispatch_service.h"
#include "dispatch/metrics.h"
#include "dispatch/reactions.h"
#include "dispatch/settings.h"
#include "dispatch/vendor_watcher.h"
#include "dispatch/wiring.h"
#include "edge_formats/region_files.h"
#include "edge_formats/vocabulary_formats.h"
#include "vocabulary/region.h"

namespace fuju::dispatch {
namespace {

constexpr absl::Duration kLoadLimit = absl::Seconds(60);

absl::Status Wire(chassis::Process& process) {
  const auto settings = ReadSettings();
  if (!settings.ok()) return settings.status();
  auto regions = edge_formats::ReadRegionTable(settings->data_dir);
  if (!regions.ok()) return regions.status();
  const auto* table = process.Keep(std::make_unique<vocabulary::RegionTable>(*std::move(regions)));

  auto* metrics = process.Keep(std::make_unique<DispatchMetrics>(*process.registry()));
  auto* stores = process.Keep(std::make_unique<DispatchStores>(&process.store(), metrics));
  auto* vendors = process.Keep(std::make_unique<VendorWatcher>(stores, &process.fanout(), metrics));
  process.BeforeServing([vendors] { return vendors->Load(absl::Now() + kLoadLimit); });
  process.OnStop([vendors] { vendors->Stop(); });

  auto* reactions = process.Keep(std::make_unique<DispatchReactions>(
      stores, [vendors] { return vendors->Vendors(); },
      ReactionLimits{.offer_limit = settings->offer_limit,
                     .manual_limit = settings->manual_limit,
                     .max_candidates = settings->max_candidates}));
  process.React(reactions->Facts(), reactions->Timers(),
                {"applications", "audit", "dispatch", "fitting"});

  chassis::FormatRegistry formats;
  edge_formats::RegisterVocabularyFormats(formats, *table, process.clock());
  chassis::CallGate& gate = process.MakeGate(std::move(formats));
  process.Serve(std::make_unique<DispatchService>(&gate, stores, &process.fanout(),
                                                  settings->watch_heartbeat));
  return absl::OkStatus();
}

}  // namespace
}  // namespace fuju::dispatch

int main(int argc, char** argv) {
  return fuju::chassis::RunService("dispatch", argc, argv, fuju::dispatch::Wire);
}
