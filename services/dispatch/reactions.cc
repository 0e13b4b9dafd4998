#include "dispatch/reactions.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"

#include "chassis/values/refusal.h"
#include "dispatch/names.h"
#include "dispatch/vendor.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/relation_events.pb.h"
#include "fuju/applications/v1/transfer_events.pb.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"
#include "fuju/fitting/v1/fitting_events.pb.h"

namespace fuju::dispatch {
namespace {

namespace av1 = applications::v1;
namespace fv1 = fitting::v1;
using chassis::Committed;
using chassis::Versioned;

constexpr char kService[] = "dispatch";
constexpr absl::Duration kReadLimit = absl::Seconds(5);

// A fact that names what no service of ours names so: a defect, for the dead letters.
absl::Status BadName(const std::string& what, const std::string& name) {
  return absl::InvalidArgumentError(absl::StrCat("the fact names ", what, " \"", name, "\""));
}

// The price that was fixed, else the one asked.
int64_t PriceOf(const av1::Application& application) {
  const int64_t fixed = application.subsidy().approved_price_fen();
  return fixed > 0 ? fixed : application.request().quote_fen();
}

// Ids of the officers who acted in an assessment, or as an assessor.
std::vector<std::string> AssessorsOf(const av1::Application& application) {
  std::vector<std::string> assessors;
  for (const av1::StageAct& act : application.review().acts()) {
    const std::pair<std::string, std::string> actor =
        absl::StrSplit(act.actor(), absl::MaxSplits(':', 1));
    if (act.kind() != av1::STAGE_KIND_ASSESSMENT && actor.first != "assessor") continue;
    if (!absl::c_linear_search(assessors, actor.second)) assessors.push_back(actor.second);
  }
  return assessors;
}

// Updates tell their state; a reaction needs only how it ended.
template <typename Record>
std::function<void(absl::StatusOr<Committed<Record>>)> Ended(chassis::ReactionDone done) {
  return [done = std::move(done)](const absl::StatusOr<Committed<Record>>& committed) {
    done(committed.status());
  };
}

}  // namespace

// An approved application on its way to a round.
struct DispatchReactions::Opening {
  RoundRequest request;
  MatchQuery query;
  chassis::Command command;
  Done done;
  // Suitable vendors. Guarded by the mutex while their free capacity is being read.
  std::vector<VendorLoad> loads;
  absl::Mutex mutex;
  size_t waiting ABSL_GUARDED_BY(mutex) = 0;
  absl::Status status ABSL_GUARDED_BY(mutex);
};

DispatchReactions::DispatchReactions(const DispatchStores* stores, DirectorySource directory,
                                     ReactionLimits limits)
    : stores_(stores), directory_(std::move(directory)), limits_(limits) {}

chassis::Reactions DispatchReactions::Facts() {
  chassis::Reactions reactions;
  reactions.On<av1::ApplicationApproved>(
      "applications", [this](const auto& fact, const Delivery& delivery, Done done) {
        OpenRoundFor(fact.application(), delivery, std::move(done));
      });
  const auto on_stop = [this](const auto& fact, const Delivery& delivery, Done done) {
    StopRoundOf(fact.application(), RoundMove::kWithdrawal, delivery, std::move(done));
  };
  reactions.On<av1::WithdrawalRequested>("applications", on_stop);
  reactions.On<av1::TransferRequested>("applications", on_stop);
  reactions.On<av1::ApplicationEnded>(
      "applications", [this](const auto& fact, const Delivery& delivery, Done done) {
        StopRoundOf(fact.application(), RoundMove::kApplicationEnded, delivery, std::move(done));
      });

  reactions.On<av1::OfficerRelationDeclared>(
      "applications", [this](const auto& fact, const Delivery& delivery, Done done) {
        FollowRelation(fact.relation(), delivery, std::move(done));
      });
  reactions.On<av1::OfficerRelationEnded>(
      "applications", [this](const auto& fact, const Delivery& delivery, Done done) {
        FollowRelation(fact.relation(), delivery, std::move(done));
      });

  reactions.On<v1::OfferRequested>(kService,
                                   [this](const auto& fact, const Delivery& delivery, Done done) {
                                     PlaceOfferFor(fact.round(), delivery, std::move(done));
                                   });
  const auto on_stopped = [this](const auto& fact, const Delivery& delivery, Done done) {
    RevokeOfferOf(fact.round(), delivery, std::move(done));
  };
  reactions.On<v1::DispatchCancelled>(kService, on_stopped);
  reactions.On<v1::DispatchRecalled>(kService, on_stopped);
  reactions.On<v1::DispatchFailed>(kService, on_stopped);

  reactions.On<v1::OfferAccepted>(
      kService, [this](const auto& fact, const Delivery& delivery, Done done) {
        FollowOfferIn(fact.offer(), RoundMove::kOfferAccepted, delivery, std::move(done));
      });
  const auto on_offer_ended = [this](const auto& fact, const Delivery& delivery, Done done) {
    FollowOfferIn(fact.offer(), RoundMove::kOfferEnded, delivery, std::move(done));
  };
  reactions.On<v1::OfferDeclined>(kService, on_offer_ended);
  reactions.On<v1::OfferExpired>(kService, on_offer_ended);
  reactions.On<v1::OfferUnplaced>(kService, on_offer_ended);

  const auto on_order = [this](RoundMove move) {
    return [this, move](const auto& fact, const Delivery& delivery, Done done) {
      FollowOrder(fact.order(), move, delivery, std::move(done));
    };
  };
  reactions.On<fv1::OrderReturned>("fitting", on_order(RoundMove::kOrderReturned));
  reactions.On<fv1::OrderCompleted>("fitting", on_order(RoundMove::kOrderEnded));
  reactions.On<fv1::OrderAbandoned>("fitting", on_order(RoundMove::kOrderEnded));
  reactions.On<fv1::OrderCancelled>("fitting", on_order(RoundMove::kOrderCancelled));
  return reactions;
}

chassis::TimerHandlers DispatchReactions::Timers() {
  chassis::TimerHandlers timers;
  timers.On(stores_->rounds.kind().kind, [this](const chassis::DueTimer& timer, Done done) {
    UpdateRound(
        timer.id, timer.ToCommand(kService),
        [this](const Versioned<RoundRecord>& current) {
          return FailOverdueRound(current, stores_->Now());
        },
        std::move(done));
  });
  timers.On(stores_->offers.kind().kind, [this](const chassis::DueTimer& timer, Done done) {
    UpdateOffer(
        timer.id, timer.ToCommand(kService),
        [this](const Versioned<OfferRecord>& current) {
          return ExpireOffer(current, stores_->Now());
        },
        std::move(done));
  });
  return timers;
}

void DispatchReactions::OpenRoundFor(const av1::Application& application, const Delivery& delivery,
                                     Done done) {
  const std::optional<std::string> id = ApplicationIdOf(application.name());
  if (!id.has_value()) return done(BadName("an application", application.name()));
  const absl::StatusOr<VendorDirectory> directory = directory_();
  if (!directory.ok()) return done(directory.status());
  auto opening = std::make_shared<Opening>();
  opening->request = {.application_id = *id,
                      .county_code = application.county_code(),
                      .item_code = application.request().item_code(),
                      .device_division = application.request().device_division(),
                      .quote_fen = PriceOf(application),
                      .subsidy_fen = application.subsidy().subsidy_fen(),
                      .seed = SeedOf(*id),
                      .candidates = {},
                      .assessors = AssessorsOf(application)};
  opening->query = {.county_code = application.county_code(),
                    .device_division = application.request().device_division(),
                    .seed = opening->request.seed,
                    .excluded = {}};
  for (v1::Vendor& vendor : SuitableVendors(**directory, opening->query)) {
    opening->loads.push_back({.vendor = std::move(vendor), .free = 0});
  }
  {
    absl::MutexLock lock(&opening->mutex);
    opening->waiting = opening->loads.size();
  }
  opening->command = delivery.ToCommand(kService);
  opening->command.presumes_new = true;
  opening->done = std::move(done);
  ReadLoads(std::move(opening));
}

void DispatchReactions::ReadLoads(std::shared_ptr<Opening> opening) {
  if (opening->loads.empty()) return UpdateOpened(std::move(opening));
  for (size_t i = 0; i < opening->loads.size(); ++i) {
    const std::string uscc = opening->loads[i].vendor.uscc();
    stores_->raw()->GetCounters(
        uscc, {CapacityCounter(uscc)}, absl::Now() + kReadLimit,
        [this, opening, i](const absl::StatusOr<std::vector<int64_t>>& free) {
          absl::Status status;
          {
            absl::MutexLock lock(&opening->mutex);
            if (free.ok()) {
              opening->loads[i].free = free->front();
            } else {
              opening->status = free.status();
            }
            if (--opening->waiting > 0) return;
            status = opening->status;
          }
          if (!status.ok()) return opening->done(status);
          UpdateOpened(opening);
        });
  }
}

void DispatchReactions::UpdateOpened(std::shared_ptr<Opening> opening) {
  opening->request.candidates = RankVendors(opening->loads, opening->query, limits_.max_candidates);
  UpdateRound(
      opening->request.application_id, opening->command,
      [this, opening](const Versioned<RoundRecord>& current) {
        return OpenRound(current, opening->request, stores_->Now(), limits_.manual_limit);
      },
      opening->done);
}

void DispatchReactions::StopRoundOf(const av1::Application& application, RoundMove move,
                                    const Delivery& delivery, Done done) {
  const std::optional<std::string> id = ApplicationIdOf(application.name());
  if (!id.has_value()) return done(BadName("an application", application.name()));
  auto stop = [this, id = *id, move, command = delivery.ToCommand(kService), done] {
    UpdateRound(
        id, command,
        [this, id, move](const Versioned<RoundRecord>& current) {
          return StopRound(current, id, move, stores_->Now());
        },
        done);
  };
  // Who asks to withdraw was approved before, so there is a round. Whose case ended may never have
  // got that far.
  if (move == RoundMove::kWithdrawal) return stop();
  stores_->rounds.Get(*id, absl::Now() + kReadLimit,
                      [stop, done](const absl::StatusOr<Versioned<RoundRecord>>& round) {
                        if (!round.ok()) return done(round.status());
                        if (!round->exists()) return done(absl::OkStatus());
                        stop();
                      });
}

void DispatchReactions::FollowRelation(const av1::OfficerRelation& relation,
                                       const Delivery& delivery, Done done) {
  // To a person.
  if (relation.vendor().empty()) return done(absl::OkStatus());
  const std::optional<std::string> uscc = VendorIdOf(relation.vendor());
  if (!uscc.has_value()) return done(BadName("a vendor", relation.vendor()));
  stores_->vendors.Update(
      *uscc, delivery.ToCommand(kService),
      [relation](const Versioned<VendorRecord>& current) {
        return relation.has_end_time() ? DropRelation(current, relation.name())
                                       : AddRelation(current, relation.name(), relation.officer());
      },
      Ended<VendorRecord>(std::move(done)));
}

void DispatchReactions::PlaceOfferFor(const v1::Round& round, const Delivery& delivery, Done done) {
  const std::optional<std::string> id = OfferIdOf(round.offer());
  if (!id.has_value()) return done(BadName("an offer", round.offer()));
  chassis::Command command = delivery.ToCommand(kService);
  command.presumes_new = true;
  auto place = [this, id = *id, command, round, done](const Versioned<VendorRecord>& vendor) {
    auto leave = [this, id, command, round, done] {
      UpdateOffer(
          id, command,
          [this, round](const Versioned<OfferRecord>& current) {
            return LeaveUnplaced(current, round, stores_->Now());
          },
          done);
    };
    UpdateOffer(
        id, command,
        [this, round, vendor](const Versioned<OfferRecord>& current) {
          return PlaceOffer(current, round, vendor, stores_->Now(), limits_.offer_limit);
        },
        [done, leave](const absl::Status& status) {
          if (chassis::ReasonOf(status) == "COUNTER_BELOW_FLOOR") return leave();
          done(status);
        });
  };
  stores_->vendors.Get(VendorOf(*id), absl::Now() + kReadLimit,
                       [place, done](const absl::StatusOr<Versioned<VendorRecord>>& vendor) {
                         if (!vendor.ok()) return done(vendor.status());
                         place(*vendor);
                       });
}

void DispatchReactions::RevokeOfferOf(const v1::Round& round, const Delivery& delivery, Done done) {
  // A round that never had a candidate has no offer.
  if (round.offer().empty()) return done(absl::OkStatus());
  const std::optional<std::string> id = OfferIdOf(round.offer());
  if (!id.has_value()) return done(BadName("an offer", round.offer()));
  UpdateOffer(
      *id, delivery.ToCommand(kService),
      [this, id = *id](const Versioned<OfferRecord>& current) {
        return RevokeOffer(current, id, stores_->Now());
      },
      std::move(done));
}

void DispatchReactions::FollowOfferIn(const v1::Offer& offer, RoundMove move,
                                      const Delivery& delivery, Done done) {
  const std::optional<std::string> id = ApplicationIdOf(offer.application());
  if (!id.has_value()) return done(BadName("an application", offer.application()));
  UpdateRound(
      *id, delivery.ToCommand(kService),
      [this, id = *id, move, name = offer.name()](const Versioned<RoundRecord>& current) {
        return FollowOffer(current, id, move, name, stores_->Now(), limits_.manual_limit);
      },
      std::move(done));
}

void DispatchReactions::FollowOrder(const fv1::Order& order, RoundMove move,
                                    const Delivery& delivery, Done done) {
  const std::optional<std::string> offer_id = OfferIdOf(order.offer());
  const std::optional<std::string> round_id = ApplicationIdOf(order.application());
  if (!offer_id.has_value()) return done(BadName("an offer", order.offer()));
  if (!round_id.has_value()) return done(BadName("an application", order.application()));
  const chassis::Command command = delivery.ToCommand(kService);
  auto follow_round = [this, id = *round_id, move, name = order.offer(), command, done] {
    UpdateRound(
        id, command,
        [this, id, move, name](const Versioned<RoundRecord>& current) {
          return FollowOffer(current, id, move, name, stores_->Now(), limits_.manual_limit);
        },
        done);
  };
  // The offer first, so that the old vendor's capacity is back before the next one is asked.
  UpdateOffer(
      *offer_id, command,
      [this, id = *offer_id](const Versioned<OfferRecord>& current) {
        return FulfilOffer(current, id, stores_->Now());
      },
      [follow_round, done](const absl::Status& status) {
        if (!status.ok()) return done(status);
        follow_round();
      });
}

void DispatchReactions::UpdateRound(std::string id, chassis::Command command, DecideRound decide,
                                    Done done) {
  stores_->rounds.Update(std::move(id), std::move(command), std::move(decide),
                         Ended<RoundRecord>(std::move(done)));
}

void DispatchReactions::UpdateOffer(std::string id, chassis::Command command, DecideOffer decide,
                                    Done done) {
  stores_->offers.Update(std::move(id), std::move(command), std::move(decide),
                         Ended<OfferRecord>(std::move(done)));
}

}  // namespace fuju::dispatch
