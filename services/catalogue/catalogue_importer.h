#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "catalogue/catalogue_watcher.h"
#include "catalogue/wiring.h"
#include "chassis/store/command.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// Publishes catalogue files, whole or not at all. Thread-safe.
class CatalogueImporter {
 public:
  using Done = std::function<void(absl::StatusOr<v1::CatalogueVersion>)>;

  // What is passed outlives this.
  CatalogueImporter(const CatalogueStores* stores, CatalogueWatcher* watcher);

  // Publishes the file under the label; this process has it in force when `done` is called, unless
  // a later one was published meanwhile. With `validate_only` everything is checked and nothing is
  // written. INVALID_ARGUMENT, CATALOGUE_INVALID; ALREADY_EXISTS; the errors of AggregateStore.
  void Import(std::string label, const std::string& csv, bool validate_only,
              chassis::Command command, Done done) const;

  // At start: publishes the file unless a catalogue is in force. Several instances may do so at
  // once: one of them publishes. Waits.
  absl::Status ImportIfNone(std::string label, const std::string& csv, absl::Time deadline) const;

 private:
  const CatalogueStores* const stores_;
  CatalogueWatcher* const watcher_;
};

}  // namespace fuju::catalogue
