#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "catalogue/versions/catalogue.h"
#include "catalogue/versions/catalogue_set.h"
#include "catalogue/versions/catalogue_watcher.h"
#include "catalogue/wiring.h"

namespace fuju::catalogue {

// Finds the catalogue that a stored decision names, whether or not it is in force, and what a
// version would make of all of them. Thread-safe.
class CatalogueFinder {
 public:
  using Found = std::function<void(absl::StatusOr<std::shared_ptr<const Catalogue>>)>;

  // What is passed outlives this and all calls in flight.
  CatalogueFinder(const CatalogueStores* stores, const CatalogueWatcher* watcher)
      : stores_(stores), watcher_(watcher) {}

  // By Catalogue::label, from memory if it is known, else from the store. `done` is called once, at
  // once or on an I/O thread. NOT_FOUND, naming the version, if one is unknown.
  void Find(const std::string& label, absl::Time deadline, Found done) const;

  using FoundSet = std::function<void(absl::StatusOr<std::shared_ptr<const CatalogueSet>>)>;
  // What is published, as if the version, a draft or any other, came into force on the day. As
  // Find.
  void FindWith(const std::string& version, absl::CivilDay day, absl::Time deadline,
                FoundSet done) const;

 private:
  const CatalogueStores* const stores_;
  const CatalogueWatcher* const watcher_;
};

}  // namespace fuju::catalogue
