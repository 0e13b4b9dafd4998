#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "catalogue/ledger/payment_batch.h"
#include "catalogue/wiring.h"
#include "chassis/store/command.h"

namespace fuju::catalogue {

// Which grants a batch is asked for.
struct BatchOrder {
  std::string area;
  int32_t year = 0;
  // Empty: every vendor.
  std::string vendor;
  int limit = 0;
};

// Makes batches of what is owed: reads which grants are payable and in no open batch, oldest
// settlement first, and commits with their claims. Thread-safe.
class BatchMaker {
 public:
  using Done =
      std::function<void(absl::StatusOr<chassis::Committed<storage::v1::PaymentBatchRecord>>)>;

  // What is passed outlives this.
  explicit BatchMaker(const CatalogueStores* stores) : stores_(stores) {}

  // `id` is new. ABORTED if another batch took some of the grants meanwhile.
  void Make(const std::string& id, const BatchOrder& order, chassis::Command command,
            Done done) const;

 private:
  using Grants = std::function<void(absl::StatusOr<std::vector<v1::Grant>>)>;
  void FindPayable(const BatchOrder& order, absl::Time deadline, Grants done) const;
  void LeaveOutOpen(const BatchOrder& order, absl::Time deadline, std::vector<std::string> ids,
                    Grants done) const;

  const CatalogueStores* const stores_;
};

}  // namespace fuju::catalogue
