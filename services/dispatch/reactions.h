#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/streams/reactor.h"
#include "dispatch/matching.h"
#include "dispatch/offer.h"
#include "dispatch/round.h"
#include "dispatch/vendor_watcher.h"
#include "dispatch/wiring.h"
#include "fuju/applications/v1/application.pb.h"
#include "fuju/applications/v1/officer_relation.pb.h"
#include "fuju/dispatch/v1/dispatch.pb.h"
#include "fuju/fitting/v1/fitting.pb.h"

namespace fuju::dispatch {

struct ReactionLimits {
  absl::Duration offer_limit;
  absl::Duration manual_limit;
  int max_candidates = 0;
};

// What this service does about facts and due timers; README.md has the list. Thread-safe.
class DispatchReactions {
 public:
  // UNAVAILABLE while the directory is not loaded: the fact is tried again.
  using DirectorySource = std::function<absl::StatusOr<VendorDirectory>()>;

  // The pointers outlive this, and this outlives the consumer.
  DispatchReactions(const DispatchStores* stores, DirectorySource directory, ReactionLimits limits);

  chassis::Reactions Facts();
  chassis::TimerHandlers Timers();

 private:
  using Done = chassis::ReactionDone;
  using Delivery = chassis::Delivery;
  using DecideRound = chassis::AggregateStore<RoundRecord>::Decide;
  using DecideOffer = chassis::AggregateStore<OfferRecord>::Decide;

  // applications' facts -> the round.
  void OpenRoundFor(const applications::v1::Application& application, const Delivery& delivery,
                    Done done);
  struct Opening;
  void ReadLoads(std::shared_ptr<Opening> opening);
  void UpdateOpened(std::shared_ptr<Opening> opening);
  // -> the vendor.
  void FollowRelation(const applications::v1::OfficerRelation& relation, const Delivery& delivery,
                      Done done);
  void StopRoundOf(const applications::v1::Application& application, RoundMove move,
                   const Delivery& delivery, Done done);

  // Own round facts -> the offer.
  void PlaceOfferFor(const v1::Round& round, const Delivery& delivery, Done done);
  void RevokeOfferOf(const v1::Round& round, const Delivery& delivery, Done done);

  // Own offer facts -> the round.
  void FollowOfferIn(const v1::Offer& offer, RoundMove move, const Delivery& delivery, Done done);

  // fitting's facts -> the offer, then the round.
  void FollowOrder(const fitting::v1::Order& order, RoundMove move, const Delivery& delivery,
                   Done done);

  void UpdateRound(std::string id, chassis::Command command, DecideRound decide, Done done);
  void UpdateOffer(std::string id, chassis::Command command, DecideOffer decide, Done done);

  const DispatchStores* const stores_;
  const DirectorySource directory_;
  const ReactionLimits limits_;
};

}  // namespace fuju::dispatch
