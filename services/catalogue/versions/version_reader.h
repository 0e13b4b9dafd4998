#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "catalogue/versions/catalogue_watcher.h"
#include "catalogue/wiring.h"
#include "fuju/catalogue/v1/catalogue_service.pb.h"

namespace fuju::catalogue {

// What there is to read of versions, drafts included. Thread-safe.
class VersionReader {
 public:
  template <typename Answer>
  using Done = std::function<void(absl::StatusOr<Answer>)>;

  // What is passed outlives this.
  VersionReader(const CatalogueStores* stores, const CatalogueWatcher* watcher)
      : stores_(stores), watcher_(watcher) {}

  // Names are "catalogueVersions/<label>". NOT_FOUND; the errors of AggregateStore.
  void Get(const std::string& name, absl::Time deadline, Done<v1::CatalogueVersion> done) const;
  void Export(const v1::ExportCatalogueRequest& request, absl::Time deadline,
              Done<v1::ExportCatalogueResponse> done) const;
  void Diff(const v1::DiffCataloguesRequest& request, absl::Time deadline,
            Done<v1::CatalogueDiff> done) const;
  // A page of the drafts, or behind them of the published ones.
  void List(const v1::ListCatalogueVersionsRequest& request, absl::Time deadline,
            Done<v1::ListCatalogueVersionsResponse> done) const;

 private:
  // How it stands today.
  v1::CatalogueVersion Shown(v1::CatalogueVersion version) const;

  const CatalogueStores* const stores_;
  const CatalogueWatcher* const watcher_;
};

}  // namespace fuju::catalogue
