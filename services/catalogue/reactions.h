#pragma once

#include <functional>
#include <memory>
#include <string>

#include "catalogue/catalogue_finder.h"
#include "catalogue/catalogue_watcher.h"
#include "catalogue/decision/subsidy_decision.h"
#include "catalogue/grant.h"
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
                     const vocabulary::RegionTable* regions, const SubsidySettings& settings);

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

  // An application with the decision on it.
  struct Assessed {
    GrantApplication application;
    v1::SubsidyDecision decision;
    // Allowance that the item shares with others.
    std::string share_group;
  };

  void Ask(const GrantApplication& asked, Opening opening, const chassis::Delivery& delivery,
           chassis::ReactionDone done);
  // What the person's record says about the application.
  absl::StatusOr<Assessed> Assess(GrantApplication application,
                                  const storage::v1::BeneficiaryRecord& person,
                                  absl::Time now) const;
  // Before the grant: decides on the person's record and holds what is granted there, in one
  // commit.
  void Entitle(const GrantApplication& asked, Opening opening, absl::Time now,
               const chassis::Delivery& delivery, chassis::ReactionDone done);
  void Open(std::shared_ptr<const Assessed> assessed, Opening opening, absl::Time now,
            const chassis::Delivery& delivery, chassis::ReactionDone done);
  // After a commit of the grant: what the person's record holds becomes what the grant says.
  void FollowGrant(const v1::Grant& grant, const chassis::Delivery& delivery,
                   chassis::ReactionDone done);
  // Of the item by the catalogue in force.
  std::string ShareGroupOf(const applications::v1::ApplicationAccepted& fact) const;
  using GrantDone = std::function<void(absl::StatusOr<v1::Grant>)>;
  void UpdateGrant(const std::string& id, const chassis::Delivery& delivery, Decide decide,
                   GrantDone done);
  // The same, and the person's record follows.
  void UpdateHeldGrant(const std::string& id, const chassis::Delivery& delivery, Decide decide,
                       chassis::ReactionDone done);

  const CatalogueStores* const stores_;
  const CatalogueWatcher* const watcher_;
  const vocabulary::RegionTable* const regions_;
  const CatalogueFinder finder_;
  // The policy of a version that has none.
  const PreparedPolicy policy_;
};

}  // namespace fuju::catalogue
