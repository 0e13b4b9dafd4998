#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "catalogue/catalogue.h"
#include "catalogue/catalogue_watcher.h"
#include "catalogue/wiring.h"

namespace fuju::catalogue {

// Finds the version that a stored decision names, whether or not it is in force. Thread-safe.
class CatalogueFinder {
 public:
  using Found = std::function<void(absl::StatusOr<std::shared_ptr<const Catalogue>>)>;

  // What is passed outlives this and all calls in flight.
  CatalogueFinder(const CatalogueStores* stores, const CatalogueWatcher* watcher)
      : stores_(stores), watcher_(watcher) {}

  // From memory if it is in force, else from the store. `done` is called once, at once or on an I/O
  // thread. NOT_FOUND if there is no such version.
  void Find(const std::string& label, absl::Time deadline, Found done) const;

 private:
  const CatalogueStores* const stores_;
  const CatalogueWatcher* const watcher_;
};

}  // namespace fuju::catalogue
