#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "catalogue/catalogue_watcher.h"
#include "catalogue/funds_reader.h"
#include "catalogue/grant.h"
#include "catalogue/ledger/ledger_settings.h"
#include "catalogue/queue_server.h"
#include "catalogue/subsidy_decision.h"
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
                     const vocabulary::RegionTable* regions, SubsidySettings settings,
                     const LedgerSettings& ledger = {});

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
  using Assessed = std::function<void(absl::StatusOr<v1::SubsidyDecision>)>;
  // A decision that needs the money at hand.
  using DecideWith = std::function<absl::StatusOr<chassis::Decision<v1::Grant>>(
      const chassis::Versioned<v1::Grant>&, const FundsAtHand&)>;

  template <typename Fact>
  void ServeQueueOn(chassis::Reactions& reactions, std::string (*area)(const Fact&));
  void Ask(const GrantApplication& asked, DecideOn opening, const chassis::Delivery& delivery,
           chassis::ReactionDone done);
  // Decides by the catalogue in force and the person's history.
  void Assess(const GrantApplication& application, Assessed done) const;
  void Open(const GrantApplication& application, DecideOn opening,
            const v1::SubsidyDecision& decision, const chassis::Delivery& delivery,
            chassis::ReactionDone done);
  // Reads the money of the area's year and decides; again, when others took it meanwhile.
  void UpdateWithFunds(const std::string& id, int32_t year, chassis::Command command,
                       DecideWith decide, chassis::ReactionDone done, int attempt = 0);
  void Release(const std::string& id, const chassis::Delivery& delivery,
               chassis::ReactionDone done);
  void UpdateGrant(const std::string& id, chassis::Command command, Decide decide,
                   chassis::ReactionDone done);

  const CatalogueStores* const stores_;
  const CatalogueWatcher* const watcher_;
  const vocabulary::RegionTable* const regions_;
  const SubsidySettings settings_;
  const FundsReader funds_;
  const QueueServer queue_;
};

}  // namespace fuju::catalogue
