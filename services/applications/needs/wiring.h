#pragma once

#include <memory>

#include <prometheus/registry.h>

#include "applications/needs/metrics.h"
#include "applications/needs/need.h"
#include "applications/needs/needs_import.h"
#include "applications/needs/needs_settings.h"
#include "chassis/store/aggregate_store.h"
#include "vocabulary/person_key.h"
#include "vocabulary/region.h"

namespace fuju::applications {

using NeedStore = chassis::AggregateStore<NeedRecord>;
using NeedsImportStore = chassis::AggregateStore<NeedsImportRecord>;
using BadCellsStore = chassis::AggregateStore<storage::v1::BadCellsRecord>;

class SurveyImporter;

// All that the demand register needs: stores and importer. What is passed outlives it. Thread-safe.
class Needs {
 public:
  Needs(chassis::RawStore* store, const vocabulary::RegionTable* regions,
        const vocabulary::PersonKeyer* keyer, const NeedsSettings* settings,
        prometheus::Registry& registry);
  ~Needs();
  Needs(const Needs&) = delete;
  Needs& operator=(const Needs&) = delete;

  const NeedStore& needs() const { return needs_; }
  const NeedsImportStore& imports() const { return imports_; }
  const BadCellsStore& bad_cells() const { return bad_cells_; }
  const chassis::Clock& clock() const { return needs_.raw()->clock(); }
  const vocabulary::RegionTable& regions() const { return *regions_; }
  const vocabulary::PersonKeyer& keyer() const { return *keyer_; }
  const NeedsSettings& settings() const { return *settings_; }
  SurveyImporter& importer() const { return *importer_; }

  // To be called while the store is still there: waits for the rows that are on their way.
  void Stop();

 private:
  const vocabulary::RegionTable* const regions_;
  const vocabulary::PersonKeyer* const keyer_;
  const NeedsSettings* const settings_;
  NeedsMetrics metrics_;
  const NeedStore needs_;
  const NeedsImportStore imports_;
  const BadCellsStore bad_cells_;
  std::unique_ptr<SurveyImporter> importer_;
};

}  // namespace fuju::applications
