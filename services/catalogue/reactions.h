#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "catalogue/assessor.h"
#include "catalogue/catalogue_finder.h"
#include "catalogue/decision/subsidy_decision.h"
#include "catalogue/funds_reader.h"
#include "catalogue/grant.h"
#include "catalogue/ledger/ledger_settings.h"
#include "catalogue/queue_server.h"
#include "catalogue/versions/catalogue_watcher.h"
#include "catalogue/wiring.h"
#include "chassis/streams/reactor.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/review_events.pb.h"
#include "fuju/applications/v1/transfer_events.pb.h"
#include "vocabulary/region.h"

namespace fuju::catalogue {

// What the facts of the applications service do here:
//   ApplicationSubmitted  decides and reserves: SubsidyReserved, SubsidyQueued or SubsidyRefused
//   ApplicationReopened   the same anew, for a case whose money was refused or given back
//   ApplicationTransferred  gives the old county's money back, then decides and reserves for the
//                         new one: SubsidyReleased, and as a submission
//   ApplicationPriceFixed decides the amount anew: SubsidyRepriced
//   ApplicationAccepted   the vendor is owed, the delivery recorded: SubsidySettled,
//                         DeliveryRecorded
//   ApplicationEnded      gives the money back, or leaves the queue: SubsidyReleased
// Its own facts that bring an area money, or a case into its queue, serve the queue
// (queue_server.h). Timers of grants: a reservation expires, a year begins for a case that waits.
// Thread-safe; outlives the consumer that calls it.
class CatalogueReactions {
 public:
  // What is passed outlives this.
  CatalogueReactions(const CatalogueStores* stores, const CatalogueWatcher* watcher,
                     const vocabulary::RegionTable* regions, const LedgerSettings& ledger = {});

  chassis::Reactions Table();
  // Of whom others, that bring an area money, ask the same.
  const QueueServer& queue() const { return queue_; }
  chassis::TimerHandlers Timers();

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

  // How a grant is decided, with the area's money at hand.
  using DecideOn = absl::StatusOr<chassis::Decision<v1::Grant>> (*)(
      const chassis::Versioned<v1::Grant>&, const GrantApplication&, const v1::SubsidyDecision&,
      const FundsAtHand&, absl::Time);
  // A decision that needs the money at hand.
  using DecideWith = std::function<absl::StatusOr<chassis::Decision<v1::Grant>>(
      const chassis::Versioned<v1::Grant>&, const FundsAtHand&)>;

  template <typename Fact>
  void ServeQueueOn(chassis::Reactions& reactions, std::string (*area)(const Fact&));
  void Ask(const GrantApplication& asked, DecideOn opening, const chassis::Delivery& delivery,
           chassis::ReactionDone done);
  using GrantDone = std::function<void(absl::StatusOr<v1::Grant>)>;
  // Reads the money of the area's year and decides; again, when others took it meanwhile.
  void UpdateWithFunds(const std::string& id, int32_t year, chassis::Command command,
                       DecideWith decide, GrantDone done, int attempt = 0);
  void UpdateGrant(const std::string& id, chassis::Command command, Decide decide, GrantDone done);
  // The version that decided on a grant, which a new one may have followed, and the year in whose
  // books its money is; no catalogue if nothing was decided.
  struct DecidedBy {
    std::shared_ptr<const Catalogue> catalogue;
    int32_t year = 0;
  };
  void FindDecidedBy(const std::string& id,
                     std::function<void(absl::StatusOr<DecidedBy>)> done) const;
  void Settle(const applications::v1::ApplicationAccepted& fact, const chassis::Delivery& delivery,
              std::shared_ptr<const Catalogue> catalogue, GrantDone done);
  // Of a change of a grant: then the person's record follows.
  GrantDone ThenFollow(const chassis::Delivery& delivery, chassis::ReactionDone done) const;
  // Of the item by the catalogue in force.
  std::string ShareGroupOf(const applications::v1::ApplicationAccepted& fact) const;

  const CatalogueStores* const stores_;
  const CatalogueWatcher* const watcher_;
  const CatalogueFinder finder_;
  // The policy of a version that has none.
  const PreparedPolicy policy_;
  const Assessor assessor_;
  const FundsReader funds_;
  const QueueServer queue_;
};

}  // namespace fuju::catalogue
