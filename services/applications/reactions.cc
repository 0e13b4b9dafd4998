#include "applications/reactions.h"

#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "applications/closing_decisions.h"
#include "applications/deadline_decisions.h"
#include "applications/draft_decisions.h"
#include "applications/price_decisions.h"
#include "applications/review_decisions.h"
#include "applications/service_decisions.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"
#include "fuju/fitting/v1/fitting_events.pb.h"

namespace fuju::applications {
namespace {

using chassis::Delivery;
using chassis::ReactionDone;
using chassis::Reactions;

// The name of the application that a fact is about.
const std::string& CaseOf(const catalogue::v1::SubsidyReserved& fact) {
  return fact.grant().application();
}
const std::string& CaseOf(const catalogue::v1::SubsidyRefused& fact) {
  return fact.grant().application();
}
const std::string& CaseOf(const catalogue::v1::SubsidyQueued& fact) {
  return fact.grant().application();
}
const std::string& CaseOf(const catalogue::v1::SubsidyPaid& fact) {
  return fact.grant().application();
}
const std::string& CaseOf(const catalogue::v1::SubsidySettled& fact) {
  return fact.grant().application();
}
const std::string& CaseOf(const catalogue::v1::SubsidyRepriced& fact) {
  return fact.grant().application();
}
template <typename FactMessage>
auto CaseOf(const FactMessage& fact) -> decltype(fact.round().application()) {
  return fact.round().application();
}
template <typename FactMessage>
auto CaseOf(const FactMessage& fact) -> decltype(fact.order().application()) {
  return fact.order().application();
}

// `decide` gets the fact, the record and the act.
template <typename FactMessage, typename Decide>
void OnFact(Reactions& reactions, const Wiring* wiring, const char* source, Move move,
            Decide decide) {
  reactions.On<FactMessage>(source, [wiring, move, decide](const FactMessage& fact,
                                                           const Delivery& delivery,
                                                           ReactionDone done) {
    wiring->Change(
        IdOf(CaseOf(fact)), delivery.ToCommand(kService), move,
        // The fact lives until `done`.
        [&fact, decide](const Record& record, const Act& act) { return decide(fact, record, act); },
        [done = std::move(done)](const absl::StatusOr<chassis::Committed<Record>>& committed) {
          // A fact about an application that does not exist is a defect: it goes to the dead
          // letters.
          done(committed.status());
        });
  });
}

void AddCatalogue(Reactions& reactions, const Wiring* wiring, Rules rules) {
  OnFact<catalogue::v1::SubsidyReserved>(
      reactions, wiring, "catalogue", Move::kSubsidyReserved,
      [rules](const auto& fact, const Record& record, const Act& act) {
        return DecideSubsidyReserved(record, fact.grant(), rules, act);
      });
  OnFact<catalogue::v1::SubsidyQueued>(reactions, wiring, "catalogue", Move::kSubsidyQueued,
                                       [](const auto& fact, const Record& record, const Act& act) {
                                         return DecideSubsidyQueued(record, fact.grant(), act);
                                       });
  OnFact<catalogue::v1::SubsidyPaid>(reactions, wiring, "catalogue", Move::kSubsidyPaid,
                                     [](const auto& fact, const Record& record, const Act& act) {
                                       return DecideSubsidyPaid(record, fact.grant(), act);
                                     });
  OnFact<catalogue::v1::SubsidyRefused>(
      reactions, wiring, "catalogue", Move::kSubsidyRefused,
      [rules](const auto& fact, const Record& record, const Act& act) {
        return DecideSubsidyRefused(record, fact.grant(), rules, act);
      });
  OnFact<catalogue::v1::SubsidyRepriced>(
      reactions, wiring, "catalogue", Move::kSubsidyRepriced,
      [rules](const auto& fact, const Record& record, const Act& act) {
        return DecideSubsidyRepriced(record, fact.grant(), fact.refused(), rules, act);
      });
  OnFact<catalogue::v1::SubsidySettled>(
      reactions, wiring, "catalogue", Move::kSubsidySettled,
      [rules](const auto& fact, const Record& record, const Act& act) {
        return DecideSubsidySettled(record, fact.grant(), rules, act);
      });
}

void AddDispatch(Reactions& reactions, const Wiring* wiring, Rules rules) {
  OnFact<dispatch::v1::DispatchAccepted>(
      reactions, wiring, "dispatch", Move::kDispatchAccepted,
      [](const auto& fact, const Record& record, const Act& act) {
        return DecideDispatchAccepted(record, fact.round(), act);
      });
  OnFact<dispatch::v1::DispatchExhausted>(
      reactions, wiring, "dispatch", Move::kDispatchExhausted,
      [](const auto& fact, const Record& record, const Act& act) {
        return DecideDispatchExhausted(record, fact.round(), act);
      });
  OnFact<dispatch::v1::DispatchFailed>(
      reactions, wiring, "dispatch", Move::kDispatchFailed,
      [rules](const auto& fact, const Record& record, const Act& act) {
        return DecideDispatchFailed(record, fact.round(), fact.reason(), rules, act);
      });
  OnFact<dispatch::v1::DispatchCancelled>(
      reactions, wiring, "dispatch", Move::kDispatchCancelled,
      [rules](const auto& fact, const Record& record, const Act& act) {
        return DecideDispatchCancelled(record, fact.round(), rules, act);
      });
  OnFact<dispatch::v1::DispatchRecalled>(
      reactions, wiring, "dispatch", Move::kDispatchRecalled,
      [rules](const auto& fact, const Record& record, const Act& act) {
        return DecideDispatchRecalled(record, fact.round(), rules, act);
      });
}

void AddFitting(Reactions& reactions, const Wiring* wiring, Rules rules) {
  OnFact<fitting::v1::OrderOpened>(reactions, wiring, "fitting", Move::kOrderOpened,
                                   [](const auto& fact, const Record& record, const Act& act) {
                                     return DecideOrderOpened(record, fact.order(), act);
                                   });
  const auto scheduled = [](const auto& fact, const Record& record, const Act& act) {
    return DecideOrderScheduled(record, fact.order(), act);
  };
  OnFact<fitting::v1::OrderScheduled>(reactions, wiring, "fitting", Move::kOrderScheduled,
                                      scheduled);
  OnFact<fitting::v1::OrderRescheduled>(reactions, wiring, "fitting", Move::kOrderScheduled,
                                        scheduled);
  OnFact<fitting::v1::OrderUnscheduled>(reactions, wiring, "fitting", Move::kOrderUnscheduled,
                                        [](const auto& fact, const Record& record, const Act& act) {
                                          return DecideOrderUnscheduled(record, fact.order(), act);
                                        });
  OnFact<fitting::v1::OrderCompleted>(
      reactions, wiring, "fitting", Move::kOrderCompleted,
      [rules](const auto& fact, const Record& record, const Act& act) {
        return DecideOrderCompleted(record, fact.order(), rules, act);
      });
  OnFact<fitting::v1::OrderCancelled>(
      reactions, wiring, "fitting", Move::kOrderCancelled,
      [rules](const auto& fact, const Record& record, const Act& act) {
        return DecideOrderCancelled(record, fact.order(), rules, act);
      });
  OnFact<fitting::v1::OrderReturned>(
      reactions, wiring, "fitting", Move::kOrderReturned,
      [rules](const auto& fact, const Record& record, const Act& act) {
        return DecideOrderReturned(record, fact.order(), rules, act);
      });
  OnFact<fitting::v1::OrderAbandoned>(
      reactions, wiring, "fitting", Move::kOrderAbandoned,
      [rules](const auto& fact, const Record& record, const Act& act) {
        return DecideOrderAbandoned(record, fact.order(), rules, act);
      });
}

// Counted as the move that a limit leads to.
absl::StatusOr<Move> MoveOf(absl::string_view timer) {
  if (timer == kDraftTimer) return Move::kDraftOverdue;
  if (timer == kReviewTimer) return Move::kReviewOverdue;
  if (timer == kNoticeTimer) return Move::kNoticeOver;
  if (timer == kHoldTimer) return Move::kHoldOverdue;
  if (timer == kAppealTimer) return Move::kAppealOverdue;
  if (timer == kSupplementTimer) return Move::kSupplementOverdue;
  if (timer == kReceiptTimer) return Move::kReceiptOverdue;
  if (timer == kFollowUpAskTimer) return Move::kFollowUpDue;
  if (timer == kFollowUpAnswerTimer) return Move::kFollowUpOverdue;
  return absl::InternalError(absl::StrCat("no limit is called ", timer));
}

}  // namespace

Reactions MakeReactions(const Wiring* wiring, Rules rules) {
  Reactions reactions;
  AddCatalogue(reactions, wiring, rules);
  AddDispatch(reactions, wiring, rules);
  AddFitting(reactions, wiring, rules);
  return reactions;
}

chassis::TimerHandlers MakeTimerHandlers(const Wiring* wiring, Rules rules) {
  chassis::TimerHandlers handlers;
  handlers.On(wiring->store().kind().kind, [wiring, rules](const chassis::DueTimer& timer,
                                                           ReactionDone done) {
    const absl::StatusOr<Move> move = MoveOf(timer.name);
    if (!move.ok()) return done(move.status());
    wiring->Change(
        timer.id, timer.ToCommand(kService), *move,
        [name = timer.name, rules](const Record& record, const Act& act) {
          return DecideDeadline(record, name, rules, act);
        },
        [done = std::move(done)](const absl::StatusOr<chassis::Committed<Record>>& committed) {
          done(committed.status());
        });
  });
  return handlers;
}

}  // namespace fuju::applications
