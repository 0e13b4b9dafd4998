#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "catalogue/versions/catalogue_document.h"
#include "catalogue/versions/catalogue_watcher.h"
#include "catalogue/wiring.h"
#include "chassis/store/command.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// What an area imports.
struct ImportOrder {
  std::string label;
  // GB/T 2260; empty: the province.
  std::string area_code;
  std::string title_zh;
  CatalogueFiles files;
  // Everything is checked and nothing is written.
  bool validate_only = false;
};

// The life of a version, from its files to its publication. Thread-safe.
class CatalogueImporter {
 public:
  using Done = std::function<void(absl::StatusOr<v1::CatalogueVersion>)>;

  // What is passed outlives this.
  CatalogueImporter(const CatalogueStores* stores, CatalogueWatcher* watcher);

  // Keeps the files as a draft, whole or not at all. INVALID_ARGUMENT, CATALOGUE_INVALID;
  // CATALOGUE_MISSING for an area while the province has none in force; ALREADY_EXISTS; the errors
  // of AggregateStore.
  void Import(ImportOrder order, chassis::Command command, Done done) const;

  // Publishes a draft (PublishDraft), if it fits the catalogue that will be above it on its first
  // day; this process knows it when `done` is called. As Import, and the errors of PublishDraft.
  void Publish(std::string label, absl::CivilDay effective, chassis::Command command,
               Done done) const;

  // Gives a draft up (DiscardDraft).
  void Discard(std::string label, chassis::Command command, Done done) const;

  // At start: publishes the files for the province, effective today, unless any version is
  // published. Several instances may do so at once: one of them publishes. Waits.
  absl::Status PublishIfNone(std::string label, CatalogueFiles files, absl::Time deadline) const;

 private:
  void Commit(std::string label, chassis::Command command,
              chassis::AggregateStore<storage::v1::CatalogueRecord>::Decide decide,
              Done done) const;

  const CatalogueStores* const stores_;
  CatalogueWatcher* const watcher_;
};

}  // namespace fuju::catalogue
