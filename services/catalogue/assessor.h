#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "catalogue/decision/prepared_policy.h"
#include "catalogue/grant.h"
#include "catalogue/versions/catalogue_watcher.h"
#include "catalogue/wiring.h"
#include "chassis/store/command.h"
#include "fuju/catalogue/storage/v1/catalogue_records.pb.h"
#include "vocabulary/region.h"

namespace fuju::catalogue {

// An application with the decision on it.
struct Assessment {
  // With the history that the decision looked at.
  GrantApplication application;
  v1::SubsidyDecision decision;
  // Allowance that the item shares with others.
  std::string share_group;
};

// Decides on applications by the catalogue in force and the person's record, and keeps that record
// in step with the grants (services/adr/0023). Thread-safe; outlives the calls in flight.
class Assessor {
 public:
  using Done = std::function<void(absl::StatusOr<std::shared_ptr<const Assessment>>)>;

  // What is passed outlives this. `defaults`: the policy of a version that has none.
  Assessor(const CatalogueStores* stores, const CatalogueWatcher* watcher,
           const vocabulary::RegionTable* regions, const PreparedPolicy& defaults)
      : stores_(stores), watcher_(watcher), regions_(regions), defaults_(defaults) {}

  // Decides. Where a limit of the person can apply, what is granted is held in the person's record
  // by the commit that it was decided for, before there is a grant: of two applications that race
  // for the last of an allowance, one finds it gone. `command` is the one that the grant is changed
  // by; UNAVAILABLE while no catalogue is published.
  void Assess(const GrantApplication& application, const chassis::Command& command,
              Done done) const;

  // After a commit of the grant: what the person's record holds becomes what the grant says.
  void Follow(const v1::Grant& grant, const chassis::Command& command,
              std::function<void(absl::Status)> done) const;

 private:
  absl::StatusOr<Assessment> AssessWith(GrantApplication application,
                                        const storage::v1::BeneficiaryRecord& person,
                                        absl::Time now) const;
  void Hold(const GrantApplication& application, absl::Time now, const chassis::Command& command,
            Done done) const;

  const CatalogueStores* const stores_;
  const CatalogueWatcher* const watcher_;
  const vocabulary::RegionTable* const regions_;
  const PreparedPolicy defaults_;
};

}  // namespace fuju::catalogue
