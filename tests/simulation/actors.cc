#include "simulation/actors.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "applications/moves.h"
#include "chassis/values/timestamps.h"
#include "dispatch/names.h"
#include "fitting/names.h"
#include "simulation/deed.h"
#include "simulation/invented.h"

namespace fuju::simulation {
namespace {

namespace av1 = applications::v1;
namespace cv1 = catalogue::v1;
namespace dv1 = dispatch::v1;
namespace fv1 = fitting::v1;

constexpr size_t kMostOpen = 6;
constexpr int kMostOfOneCase = 2;
// Granted commands that may still be repeated.
constexpr size_t kMostGranted = 8;
// Less than the store remembers a request id, by more than a repeat takes.
constexpr absl::Duration kRemembered = absl::Hours(24 * 6);
// Longer than any limit.
constexpr absl::Duration kSilence = absl::Hours(24 * 40);

absl::Time BookedVisit(const fv1::Order& order) {
  const auto& appointments = order.appointments();
  const auto booked = std::find_if(
      appointments.begin(), appointments.end(),
      [](const fv1::Appointment& visit) { return visit.state() == fv1::APPOINTMENT_STATE_BOOKED; });
  return booked == appointments.end() ? absl::InfiniteFuture()
                                      : chassis::ToTime(booked->start_time());
}

}  // namespace

using What = Deed::What;

Actors::Actors(Commons* commons, Schedule* schedule, const Committed* committed,
               Invariants* invariants)
    : commons_(commons), schedule_(schedule), committed_(committed), invariants_(invariants) {
  Plan();
}

dispatch::VendorDirectory Actors::Directory() {
  auto vendors = std::make_shared<std::vector<dv1::Vendor>>();
  for (int i = 0; i < kVendors; ++i) vendors->push_back(InventedVendor(i));
  return vendors;
}

void Actors::Plan() {
  const auto count = static_cast<int>(1 + schedule_->Choose(4));
  for (int i = 0; i < count; ++i) {
    Case& of = cases_.emplace_back();
    of.number = i;
    const uint32_t fate = schedule_->Choose(12);
    if (fate >= 8) of.fate = static_cast<Fate>(fate - 7);
    // Now and then the same person asks twice for the same device.
    of.person = i > 0 && schedule_->Chance(250) ? cases_[i - 1].person : i;
    of.county = kCounties[i % kCounties.size()];
  }
}

void Actors::GentleDeeds(const Case& of, std::vector<Deed>& deeds) const {
  const int most = of.id.empty() ? 1 : kMostOfOneCase;
  if (of.under_way >= most) return;
  const auto* record =
      committed_->Get<applications::storage::v1::ApplicationRecord>("application", of.id);
  if (record == nullptr) return deeds.push_back({What::kCreate});
  const std::string& name = record->application().name();
  switch (record->application().state()) {
    case av1::APPLICATION_STATE_DRAFT:
      deeds.push_back({of.refused ? What::kWithdraw : What::kSubmit, name});
      return;
    case av1::APPLICATION_STATE_UNDER_REVIEW:
      return deeds.push_back({What::kApprove, name});
    case av1::APPLICATION_STATE_SUPPLEMENT:
      return deeds.push_back({What::kSupplement, name});
    case av1::APPLICATION_STATE_FITTED:
      return deeds.push_back({What::kConfirm, name});
    case av1::APPLICATION_STATE_FOLLOW_UP:
      return deeds.push_back({What::kAnswerFollowUp, name});
    default:
      break;
  }
  const auto* round = committed_->Get<dispatch::storage::v1::RoundRecord>("round", of.id);
  if (round == nullptr) return;
  if (round->round().state() == dv1::ROUND_STATE_MANUAL) {
    return deeds.push_back({What::kAssign, round->round().name()});
  }
  const std::string offer_name = round->round().offer();
  const std::string offer_id = dispatch::OfferIdOf(offer_name).value_or("");
  const auto* offer = committed_->Get<dispatch::storage::v1::OfferRecord>("offer", offer_id);
  if (offer != nullptr && offer->offer().state() == dv1::OFFER_STATE_OPEN) {
    deeds.push_back({What::kAcceptOffer, offer_name});
  }
  // An order has the id of the offer that it comes from.
  const auto* order = committed_->Get<fitting::storage::v1::OrderRecord>("order", offer_id);
  if (order == nullptr) return;
  if (order->order().state() == fv1::ORDER_STATE_OPEN) {
    deeds.push_back({What::kBook, order->order().name()});
  } else if (order->order().state() == fv1::ORDER_STATE_SCHEDULED &&
             BookedVisit(order->order()) <= commons_->clock.Now()) {
    deeds.push_back({What::kComplete, order->order().name()});
  }
}

void Actors::RoughDeeds(const Case& of, std::vector<Deed>& deeds) const {
  if (of.under_way >= kMostOfOneCase || of.id.empty()) return;
  const auto* record =
      committed_->Get<applications::storage::v1::ApplicationRecord>("application", of.id);
  if (record == nullptr) return;
  const std::string& name = record->application().name();
  const av1::ApplicationState state = record->application().state();
  if (applications::IsLegal(state, applications::Move::kWithdraw)) {
    deeds.push_back({What::kWithdraw, name});
  }
  if (applications::IsLegal(state, applications::Move::kTransfer)) {
    deeds.push_back({What::kTransfer, name});
  }
  if (state == av1::APPLICATION_STATE_DRAFT) {
    deeds.push_back({What::kUpdate, name});
    deeds.push_back({What::kSubmit, name});
  }
  if (state == av1::APPLICATION_STATE_UNDER_REVIEW) {
    deeds.push_back({What::kReturn, name});
    deeds.push_back({What::kReject, name});
  }
  deeds.push_back({What::kAllocate, of.county});
  const auto* round = committed_->Get<dispatch::storage::v1::RoundRecord>("round", of.id);
  if (round == nullptr) return;
  if (round->round().state() == dv1::ROUND_STATE_MANUAL) {
    deeds.push_back({What::kCloseRound, round->round().name()});
  }
  const std::string offer_name = round->round().offer();
  const std::string offer_id = dispatch::OfferIdOf(offer_name).value_or("");
  const auto* offer = committed_->Get<dispatch::storage::v1::OfferRecord>("offer", offer_id);
  if (offer != nullptr && offer->offer().state() == dv1::OFFER_STATE_OPEN) {
    deeds.push_back({What::kDeclineOffer, offer_name});
  }
  const auto* order = committed_->Get<fitting::storage::v1::OrderRecord>("order", offer_id);
  if (order == nullptr) return;
  const std::string& order_name = order->order().name();
  if (order->order().state() == fv1::ORDER_STATE_SCHEDULED) {
    deeds.push_back({What::kReschedule, order_name});
    deeds.push_back({What::kCancelVisit, order_name});
    if (BookedVisit(order->order()) <= commons_->clock.Now()) {
      deeds.push_back({What::kNoShow, order_name});
    }
  }
  if (order->order().state() == fv1::ORDER_STATE_OPEN ||
      order->order().state() == fv1::ORDER_STATE_SCHEDULED) {
    deeds.push_back({What::kReturnOrder, order_name});
  }
}

Deed Actors::Fated(const Case& of, Deed deed) {
  const bool review = deed.what == What::kApprove;
  if (review && of.fate == Fate::kNeverSupplemented) deed.what = What::kReturn;
  if (review && of.fate == Fate::kRejected) deed.what = What::kReject;
  if (deed.what == What::kAcceptOffer && of.fate == Fate::kDeclined) {
    deed.what = What::kDeclineOffer;
  }
  if (deed.what == What::kComplete && of.fate == Fate::kNobodyAtHome) deed.what = What::kNoShow;
  return deed;
}

bool Actors::IsSilent(const Case& of, bool gentle) const {
  if (gentle) return false;
  if (commons_->clock.Now() < of.silent_until) return true;
  if (of.fate != Fate::kNeverSupplemented) return false;
  const auto* record =
      committed_->Get<applications::storage::v1::ApplicationRecord>("application", of.id);
  return record != nullptr && record->application().state() == av1::APPLICATION_STATE_SUPPLEMENT;
}

bool Actors::CanAct(bool gentle) const {
  if (open_.size() >= kMostOpen) return false;
  std::vector<Deed> deeds;
  for (const Case& of : cases_) {
    if (IsSilent(of, gentle)) continue;
    GentleDeeds(of, deeds);
    if (!gentle) RoughDeeds(of, deeds);
    if (!deeds.empty()) return true;
  }
  return false;
}

bool Actors::Act(bool gentle) {
  const size_t first = schedule_->Choose(static_cast<uint32_t>(cases_.size()));
  // Whoever withdraws ends the case: seldom, or no case would get far.
  const bool rough = !gentle && schedule_->Chance(120);
  const bool withdraws = rough && schedule_->Chance(60);
  std::vector<Deed> deeds;
  for (size_t i = 0; i < cases_.size(); ++i) {
    Case& of = cases_[(first + i) % cases_.size()];
    if (IsSilent(of, gentle)) continue;
    if (rough) RoughDeeds(of, deeds);
    if (!withdraws) {
      std::erase_if(deeds, [](const Deed& deed) { return deed.what == What::kWithdraw; });
    }
    if (deeds.empty()) GentleDeeds(of, deeds);
    if (deeds.empty()) continue;
    if (!gentle && schedule_->Chance(50)) {
      of.silent_until = commons_->clock.Now() + kSilence;
      last_ = absl::StrCat("nobody does anything about case-", of.number, " for a while");
    } else {
      const Deed deed = deeds[schedule_->Choose(static_cast<uint32_t>(deeds.size()))];
      Do(of, gentle ? deed : Fated(of, deed), gentle);
    }
    return true;
  }
  return false;
}

Rpc* Actors::AnyGranted() {
  if (granted_.empty()) return nullptr;
  const Granted& granted = granted_[schedule_->Choose(static_cast<uint32_t>(granted_.size()))];
  return commons_->clock.Now() - granted.at < kRemembered ? granted.rpc.get() : nullptr;
}

void Actors::Sweep() {
  for (size_t i = 0; i < open_.size();) {
    Rpc& rpc = *open_[i];
    rpc.Sweep();
    if (!rpc.answered() || rpc.open() > 0) {
      ++i;
      continue;
    }
    Case* const of = of_open_[i];
    if (of != nullptr) {
      --of->under_way;
      const bool submit = absl::StartsWith(rpc.what(), "SubmitApplication");
      if (submit) of->refused = rpc.status().error_code() == grpc::StatusCode::ALREADY_EXISTS;
    }
    switch (rpc.status().error_code()) {
      case grpc::StatusCode::OK:
      case grpc::StatusCode::ALREADY_EXISTS:
      case grpc::StatusCode::FAILED_PRECONDITION:
        break;
      default:
        // All names and fields are right, so nothing else may be answered.
        invariants_->Break("no failure",
                           absl::StrCat(rpc.what(), ": ", rpc.status().error_message()));
    }
    if (rpc.granted()) granted_.push_back({std::move(open_[i]), commons_->clock.Now()});
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
    of_open_.erase(of_open_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (const auto& [rpc, at] : granted_) {
    rpc->Sweep();
    if (!rpc->contradiction().empty()) invariants_->Break("same answer", rpc->contradiction());
  }
  while (granted_.size() > kMostGranted && granted_.front().rpc->open() == 0) granted_.pop_front();
  // Whoever made a draft learns its name.
  committed_->ForEach<applications::storage::v1::ApplicationRecord>(
      "application", [this](const Aggregate& aggregate, const auto& record) {
        for (Case& of : cases_) {
          const std::string& purpose = record.application().request().purpose();
          if (of.id.empty() && purpose == absl::StrCat("case-", of.number)) of.id = aggregate.id;
        }
      });
}

absl::Time Actors::NextMoment() const {
  absl::Time next = absl::InfiniteFuture();
  for (const Case& of : cases_) {
    if (commons_->clock.Now() < of.silent_until) next = std::min(next, of.silent_until);
  }
  committed_->ForEach<fitting::storage::v1::OrderRecord>(
      "order", [this, &next](const Aggregate&, const auto& record) {
        if (record.order().state() != fv1::ORDER_STATE_SCHEDULED) return;
        const absl::Time visit = BookedVisit(record.order());
        if (visit > commons_->clock.Now()) next = std::min(next, visit);
      });
  return next;
}

}  // namespace fuju::simulation
