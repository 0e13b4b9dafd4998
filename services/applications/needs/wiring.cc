#include "applications/needs/wiring.h"

#include <string>

#include "applications/application.h"
#include "applications/needs/survey_importer.h"

namespace fuju::applications {
namespace {

absl::string_view View(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

chassis::AggregateKind<NeedRecord> NeedKind() {
  return {
      .kind = "need",
      .name = [](std::string_view id) { return NeedNameOf(View(id)); },
      .route = [](std::string_view id) { return RouteOf(View(id)); },
      .footprint = [](std::string_view id,
                      const NeedRecord& need) { return NeedFootprintOf(View(id), need); },
  };
}

chassis::AggregateKind<NeedsImportRecord> ImportKind(NeedsMetrics* metrics) {
  return {
      .kind = "needs_import",
      .name = [](std::string_view id) { return NeedsImportNameOf(View(id)); },
      .route = [](std::string_view id) { return std::string(id); },
      .footprint = [](std::string_view, const NeedsImportRecord&) { return chassis::Footprint(); },
      .on_change = [metrics](const NeedsImportRecord& before,
                             const NeedsImportRecord& after) { metrics->Count(before, after); },
  };
}

chassis::AggregateKind<storage::v1::BadCellsRecord> BadCellsKind() {
  return {
      .kind = "bad_cells",
      .name = [](std::string_view id) { return BadCellsNameOf(View(id)); },
      .route = [](std::string_view id) { return ImportOfBadCells(View(id)); },
      .footprint = [](std::string_view,
                      const storage::v1::BadCellsRecord&) { return chassis::Footprint(); },
  };
}

}  // namespace

Needs::Needs(chassis::RawStore* store, const vocabulary::RegionTable* regions,
             const vocabulary::PersonKeyer* keyer, const NeedsSettings* settings,
             prometheus::Registry& registry)
    : regions_(regions),
      keyer_(keyer),
      settings_(settings),
      metrics_(registry),
      needs_(store, NeedKind()),
      imports_(store, ImportKind(&metrics_)),
      bad_cells_(store, BadCellsKind()),
      importer_(std::make_unique<SurveyImporter>(this)) {}

Needs::~Needs() = default;

void Needs::Stop() { importer_->Stop(); }

}  // namespace fuju::applications
