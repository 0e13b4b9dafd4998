#pragma once

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "catalogue/ledger/statement.h"
#include "catalogue/wiring.h"
#include "vocabulary/region.h"

namespace fuju::catalogue {

// Reads over all records of an area. Thread-safe.
class StatementReader {
 public:
  // What is passed outlives this.
  StatementReader(const CatalogueStores* stores, const vocabulary::RegionTable* regions)
      : stores_(stores), regions_(regions) {}

  // Every transfer of the account, in no order. It reads the area's whole history, about 20,000
  // applications in half a second.
  void ReadLines(const StatementQuestion& question, absl::Time deadline,
                 std::function<void(absl::StatusOr<std::vector<StatementLine>>)> done) const;

  // The books of a year of all areas within one. Each area is read at one moment, so that its own
  // books balance; what is between two areas may move meanwhile.
  void ReadTrialBalance(const vocabulary::RegionCode& area, int32_t year, absl::Time deadline,
                        std::function<void(absl::StatusOr<v1::TrialBalance>)> done) const;

 private:
  const CatalogueStores* const stores_;
  const vocabulary::RegionTable* const regions_;
};

}  // namespace fuju::catalogue
