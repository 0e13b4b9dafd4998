// What must hold between cases: one open one, one that holds money, one vendor, one serial number.

#include "absl/strings/str_cat.h"

#include "applications/footprint.h"
#include "applications/moves.h"
#include "simulation/invariants.h"

namespace fuju::simulation {
namespace {

constexpr char kOneOpenCase[] = "one open case";
constexpr char kSerialNumber[] = "serial number";

}  // namespace

void Invariants::CheckField(const Aggregate& aggregate) {
  if (aggregate.kind->kind == "application") {
    const auto& application =
        static_cast<const applications::storage::v1::ApplicationRecord&>(*aggregate.state)
            .application();
    const std::string claim = applications::OpenClaimOf(application);
    const bool open = application.state() != applications::v1::APPLICATION_STATE_DRAFT &&
                      !applications::IsFinal(application.state());
    const auto held = open_cases_.find(claim);
    if (open && held != open_cases_.end() && held->second != aggregate.id) {
      Break(kOneOpenCase,
            absl::StrCat(aggregate.id, " and ", held->second, " are both open: ", claim));
    }
    if (open) open_cases_[claim] = aggregate.id;
    if (!open && held != open_cases_.end() && held->second == aggregate.id) {
      open_cases_.erase(held);
    }
  } else if (aggregate.kind->kind == "grant") {
    const auto& grant = static_cast<const catalogue::v1::Grant&>(*aggregate.state);
    const auto held = reserved_.find(grant.application());
    const bool reserved = grant.state() == catalogue::v1::GRANT_STATE_RESERVED;
    if (reserved && held != reserved_.end() && held->second != aggregate.id) {
      Break(kOneOpenCase, absl::StrCat(aggregate.id, " and ", held->second, " both hold money"));
    }
    if (reserved) reserved_[grant.application()] = aggregate.id;
    if (!reserved && held != reserved_.end() && held->second == aggregate.id) reserved_.erase(held);
  } else if (aggregate.kind->kind == "offer") {
    const auto& offer =
        static_cast<const dispatch::storage::v1::OfferRecord&>(*aggregate.state).offer();
    const auto held = accepted_.find(offer.application());
    const bool accepted = offer.state() == dispatch::v1::OFFER_STATE_ACCEPTED;
    if (accepted && held != accepted_.end() && held->second != aggregate.id) {
      Break(kOneOpenCase, absl::StrCat(aggregate.id, " and ", held->second, " are both accepted"));
    }
    if (accepted) accepted_[offer.application()] = aggregate.id;
    if (!accepted && held != accepted_.end() && held->second == aggregate.id) accepted_.erase(held);
  } else if (aggregate.kind->kind == "order") {
    const auto& order =
        static_cast<const fitting::storage::v1::OrderRecord&>(*aggregate.state).order();
    if (order.state() != fitting::v1::ORDER_STATE_COMPLETED) return;
    const auto [held, first] =
        handed_over_.try_emplace(order.hand_over().serial_number(), aggregate.id);
    if (!first && held->second != aggregate.id) {
      Break(kSerialNumber, absl::StrCat(held->first, " was handed over in ", held->second,
                                        " and in ", aggregate.id));
    }
  }
}

}  // namespace fuju::simulation
