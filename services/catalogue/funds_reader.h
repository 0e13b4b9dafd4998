#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "catalogue/ledger/funds.h"
#include "catalogue/versions/catalogue_watcher.h"
#include "catalogue/wiring.h"

namespace fuju::catalogue {

// Reads what decisions about an area's grants need to know of its money, in one call of Redis.
// What it answers may be old when the decision commits: then the floors of the accounts refuse it,
// and the caller reads again. Thread-safe.
class FundsReader {
 public:
  // What is passed outlives this. `reservation`: how long what is reserved stays so.
  FundsReader(const CatalogueStores* stores, const CatalogueWatcher* watcher,
              absl::Duration reservation)
      : stores_(stores), watcher_(watcher), reservation_(reservation) {}

  void Read(absl::string_view area, int32_t year, absl::Time deadline,
            std::function<void(absl::StatusOr<FundsAtHand>)> done) const;

 private:
  const CatalogueStores* const stores_;
  const CatalogueWatcher* const watcher_;
  const absl::Duration reservation_;
};

// The commit found less on an account than the decision had read, or somebody who waits.
bool FundsChanged(const absl::Status& status);

}  // namespace fuju::catalogue
