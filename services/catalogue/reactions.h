#pragma once

#include <string>
#include <vector>

#include "catalogue/grant.h"
#include "catalogue/subsidy_decision.h"
#include "catalogue/versions/catalogue_watcher.h"
#include "catalogue/wiring.h"
#include "chassis/streams/reactor.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/review_events.pb.h"
#include "fuju/applications/v1/transfer_events.pb.h"
#include "vocabulary/region.h"

namespace fuju::catalogue {

// What the facts of the applications service do here:
//   ApplicationSubmitted  decides and reserves: SubsidyReserved or SubsidyRefused
//   ApplicationReopened   the same anew, for a case whose money was refused or given back
//   ApplicationTransferred  gives the old county's money back, then decides and reserves for the
//   new
//                         one: SubsidyReleased, and SubsidyReserved or SubsidyRefused
//   ApplicationPriceFixed decides the amount anew: SubsidyRepriced
//   ApplicationAccepted   pays the vendor, records the delivery: SubsidySettled, DeliveryRecorded
//   ApplicationEnded      gives the money back: SubsidyReleased
// Thread-safe; outlives the consumer that calls it.
class CatalogueReactions {
 public:
  // What is passed outlives this.
  CatalogueReactions(const CatalogueStores* stores, const CatalogueWatcher* watcher,
                     const vocabulary::RegionTable* regions);

  chassis::Reactions Table();

  void OnSubmitted(const applications::v1::ApplicationSubmitted& fact,
                   const chassis::Delivery& delivery, chassis::ReactionDone done);
  void OnReopened(const applications::v1::ApplicationReopened& fact,
                  const chassis::Delivery& delivery, chassis::ReactionDone done);
  void OnTransferred(const applications::v1::ApplicationTransferred& fact,
                     const chassis::Delivery& delivery, chassis::ReactionDone done);
  void OnPriceFixed(const applications::v1::ApplicationPriceFixed& fact,
                    const chassis::Delivery& delivery, chassis::ReactionDone done);
  void OnAccepted(const applications::v1::ApplicationAccepted& fact,
                  const chassis::Delivery& delivery, chassis::ReactionDone done);
  void OnEnded(const applications::v1::ApplicationEnded& fact, const chassis::Delivery& delivery,
               chassis::ReactionDone done);

 private:
  using Decide = chassis::AggregateStore<v1::Grant>::Decide;

  // How a grant is decided when the budget holds the amount, and when it does not.
  using DecideOn = absl::StatusOr<chassis::Decision<v1::Grant>> (*)(
      const chassis::Versioned<v1::Grant>&, const GrantApplication&, const v1::SubsidyDecision&,
      absl::Time);
  struct Opening {
    DecideOn funded;
    DecideOn unfunded;
  };

  void Ask(const GrantApplication& asked, Opening opening, const chassis::Delivery& delivery,
           chassis::ReactionDone done);
  void Open(const GrantApplication& application, Opening opening, std::vector<v1::Delivery> history,
            const chassis::Delivery& delivery, chassis::ReactionDone done);
  void Release(const std::string& id, const chassis::Delivery& delivery,
               chassis::ReactionDone done);
  void UpdateGrant(const std::string& id, chassis::Command command, Decide decide,
                   chassis::ReactionDone done);

  const CatalogueStores* const stores_;
  const CatalogueWatcher* const watcher_;
  const vocabulary::RegionTable* const regions_;
};

}  // namespace fuju::catalogue
