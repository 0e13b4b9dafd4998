// What the fitting service does about facts and due timers.

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "chassis/values/refusal.h"
#include "fitting/names.h"
#include "fitting/order.h"
#include "fitting/wiring.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"
#include "fuju/fitting/v1/fitting_events.pb.h"

namespace fuju::fitting {
namespace {

using chassis::Delivery;
using chassis::DueTimer;
using chassis::ReactionDone;
using chassis::Versioned;
using dispatch::v1::DispatchAccepted;
using dispatch::v1::DispatchRecalled;
using dispatch::v1::Round;

constexpr char kService[] = "fitting";

// The order of a round's current attempt.
absl::StatusOr<std::string> OrderOf(const Round& round) {
  const std::optional<std::string> application = ApplicationIdOf(round.application());
  const std::optional<std::string> vendor = VendorIdOf(round.vendor());
  if (!application.has_value() || !vendor.has_value()) {
    return absl::InternalError(absl::StrCat("no order belongs to ", round.name()));
  }
  return OrderId(*vendor, *application, round.attempt());
}

// `decide` gets the order as it is, and its id.
template <typename Decide>
void UpdateOrder(const FittingStores* stores, chassis::Command command, const Round& round,
                 ReactionDone done, Decide decide) {
  const absl::StatusOr<std::string> order_id = OrderOf(round);
  if (!order_id.ok()) return done(order_id.status());
  stores->orders.Update(
      *order_id, std::move(command),
      [decide = std::move(decide), id = *order_id](const Versioned<OrderRecord>& current) {
        return decide(current, id);
      },
      [done = std::move(done)](const auto& committed) { done(committed.status()); });
}

}  // namespace

chassis::Reactions MakeReactions(const FittingStores* stores, const OrderRules& rules) {
  chassis::Reactions reactions;
  reactions.On<DispatchAccepted>(
      "dispatch",
      [stores, rules](const DispatchAccepted& fact, const Delivery& delivery, ReactionDone done) {
        chassis::Command command = delivery.ToCommand(kService);
        command.presumes_new = true;
        UpdateOrder(stores, std::move(command), fact.round(), std::move(done),
                    [stores, rules, round = fact.round()](const Versioned<OrderRecord>& current,
                                                          const std::string&) {
                      return OpenOrder(current, round, stores->Now(), rules);
                    });
      });
  reactions.On<DispatchRecalled>("dispatch", [stores](const DispatchRecalled& fact,
                                                      const Delivery& delivery, ReactionDone done) {
    UpdateOrder(stores, delivery.ToCommand(kService), fact.round(), std::move(done),
                [stores](const Versioned<OrderRecord>& current, const std::string& order_id) {
                  return RecallOrder(current, order_id, stores->Now());
                });
  });
  return reactions;
}

chassis::TimerHandlers MakeTimerHandlers(const FittingStores* stores) {
  chassis::TimerHandlers timers;
  timers.On(stores->orders.kind().kind, [stores](const DueTimer& timer, ReactionDone done) {
    stores->orders.Update(
        timer.id, timer.ToCommand(kService),
        [stores](const Versioned<OrderRecord>& current) {
          return ReturnUnbookedOrder(current, stores->Now());
        },
        [done = std::move(done)](const auto& committed) { done(committed.status()); });
  });
  return timers;
}

}  // namespace fuju::fitting
