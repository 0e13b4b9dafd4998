#pragma once

#include <map>

#include <prometheus/registry.h>

#include "applications/needs/needs_import.h"

namespace prometheus {
class Counter;
}

namespace fuju::applications {

// What imports did, by changes of this instance, with the handles kept:
//   fuju_applications_needs_rows_total{result}     rows that became durable: recorded, changed,
//                                                  unchanged, bad
//   fuju_applications_needs_imports_total{state}   imports that came into a state
// Thread-safe.
class NeedsMetrics {
 public:
  explicit NeedsMetrics(prometheus::Registry& registry);

  // A change was committed. `before` is empty for a new import.
  void Count(const NeedsImportRecord& before, const NeedsImportRecord& after);

 private:
  prometheus::Counter* recorded_;
  prometheus::Counter* changed_;
  prometheus::Counter* unchanged_;
  prometheus::Counter* bad_;
  std::map<v1::NeedsImportState, prometheus::Counter*> states_;
};

}  // namespace fuju::applications
