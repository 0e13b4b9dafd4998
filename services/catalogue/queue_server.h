#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "catalogue/assessor.h"
#include "catalogue/funds_reader.h"
#include "catalogue/grant.h"
#include "catalogue/wiring.h"
#include "chassis/store/command.h"

namespace fuju::catalogue {

// Serves the queue of an area: as long as the books of the year hold what the first in line needs,
// it gets it. Strictly in order; who can not be served yet keeps all behind him waiting, whatever
// they need. Any number may serve one queue at a time, and a kill between two steps loses nothing:
// the grants' states are all that is remembered. Thread-safe.
class QueueServer {
 public:
  using Done = std::function<void(absl::Status)>;

  // What is passed outlives this. `assessor` decides anew on a case that waits since an earlier
  // year.
  QueueServer(const CatalogueStores* stores, const FundsReader* funds, const Assessor* assessor)
      : stores_(stores), funds_(funds), assessor_(assessor) {}

  // Ends with UNAVAILABLE after some cases, so that no reaction takes too long: whoever asks asks
  // again. `command` names no cause: what happens follows from the states alone.
  void Serve(std::string area, chassis::Command command, Done done) const;

 private:
  struct Run;
  void Next(std::shared_ptr<Run> run) const;
  void First(std::shared_ptr<Run> run) const;
  void ServeOne(std::shared_ptr<Run> run, const std::string& id, const v1::Grant& grant) const;
  void Commit(std::shared_ptr<Run> run, const std::string& id,
              chassis::AggregateStore<v1::Grant>::Decide decide) const;

  const CatalogueStores* const stores_;
  const FundsReader* const funds_;
  const Assessor* const assessor_;
};

}  // namespace fuju::catalogue
