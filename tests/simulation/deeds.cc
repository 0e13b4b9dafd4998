// What somebody could do about a case.

#include <algorithm>

#include "applications/moves.h"
#include "applications/public_notice.h"
#include "catalogue/grant.h"
#include "chassis/values/timestamps.h"
#include "dispatch/names.h"
#include "simulation/actors.h"
#include "simulation/visits.h"

namespace fuju::simulation {
namespace {

namespace av1 = applications::v1;
namespace dv1 = dispatch::v1;
namespace fv1 = fitting::v1;
using What = Deed::What;

constexpr int kMostOfOneCase = 2;

// What somebody does with an application in a state to bring it to its end.
What GentleDeed(av1::ApplicationState state) {
  switch (state) {
    case av1::APPLICATION_STATE_DRAFT:
      return What::kSubmit;
    case av1::APPLICATION_STATE_UNDER_REVIEW:
      return What::kApprove;
    case av1::APPLICATION_STATE_SUPPLEMENT:
      return What::kSupplement;
    case av1::APPLICATION_STATE_ON_HOLD:
      return What::kResume;
    case av1::APPLICATION_STATE_APPEALED:
      return What::kDismissAppeal;
    case av1::APPLICATION_STATE_FITTED:
      return What::kConfirm;
    case av1::APPLICATION_STATE_FOLLOW_UP:
      return What::kAnswerFollowUp;
    default:
      return What::kNothing;
  }
}

std::string Target(What what, const av1::Application& application) {
  if (what != What::kObject) return application.name();
  return applications::PublicNoticeNameOf(applications::IdOf(application.name()));
}

}  // namespace

absl::Time BookedVisit(const fv1::Order& order) {
  const auto& appointments = order.appointments();
  const auto booked = std::find_if(
      appointments.begin(), appointments.end(),
      [](const fv1::Appointment& visit) { return visit.state() == fv1::APPOINTMENT_STATE_BOOKED; });
  return booked == appointments.end() ? absl::InfiniteFuture()
                                      : chassis::ToTime(booked->start_time());
}

const Actors::Record* Actors::RecordOf(const Case& of) const {
  return committed_->Get<Record>("application", of.id);
}

const applications::Stage* Actors::StageOf(const Record& record) const {
  const av1::Review& review = record.application().review();
  const auto chain = commons_->chains.Find(review.chain(), review.chain_version());
  if (!chain.ok()) return nullptr;
  const auto stage = (*chain)->Find(review.stage());
  return stage.has_value() ? &(*chain)->stages[*stage] : nullptr;
}

void Actors::GentleDeeds(const Case& of, int most, std::vector<Deed>& deeds) const {
  if (of.under_way >= (of.id.empty() ? 1 : most)) return;
  const Record* record = RecordOf(of);
  if (record == nullptr) return deeds.push_back({What::kCreate});
  const What next = of.refused && record->application().state() == av1::APPLICATION_STATE_DRAFT
                        ? What::kWithdraw
                        : GentleDeed(record->application().state());
  if (next != What::kNothing) return deeds.push_back({next, record->application().name()});
  // Who waits for money has no end of it in sight.
  const std::string grant_id =
      catalogue::GrantId(record->application().name(), record->application().county_code());
  const auto* grant = committed_->Get<catalogue::v1::Grant>("grant", grant_id);
  const bool waits = grant != nullptr && grant->state() == catalogue::v1::GRANT_STATE_QUEUED;
  if (waits && record->application().state() == av1::APPLICATION_STATE_SUBMITTED)
    return deeds.push_back({What::kWithdraw, record->application().name()});
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

const Turn* Actors::TurnOf(Case& of) {
  const std::vector<Turn>& turns = of.plan->fate->turns;
  const Record* record = RecordOf(of);
  while (of.turn < turns.size()) {
    const Turn& turn = turns[of.turn];
    const bool over = turn.deed == What::kNothing && record != nullptr && IsThere(turn, record) &&
                      IsOver(turn, *record);
    if (!over) return &turn;
    ++of.turn;
  }
  return nullptr;
}

bool Actors::IsThere(const Turn& turn, const Record* record) const {
  if (turn.at.empty()) return true;
  if (record == nullptr) return false;
  const auto state = record->application().state();
  if (std::find(turn.at.begin(), turn.at.end(), state) == turn.at.end()) return false;
  if (turn.stage == av1::STAGE_KIND_UNSPECIFIED) return true;
  const applications::Stage* stage = StageOf(*record);
  return stage != nullptr && stage->config.kind() == turn.stage;
}

bool Actors::IsOver(const Turn& turn, const Record& record) const {
  const int taken = record.review_clock().escalations();
  switch (turn.until) {
    case Turn::Until::kForever:
      return false;
    case Turn::Until::kReminded:
      return taken >= 1;
    case Turn::Until::kSupervisorTold:
      return taken >= 2;
    case Turn::Until::kPrefectureTold:
      return taken >= 3;
    case Turn::Until::kLimitMissed:
      return !record.has_limit();
  }
  return false;
}

void Actors::FatedDeeds(Case& of, Manner manner, std::vector<Deed>& deeds) {
  const int most = manner == Manner::kRough ? kMostOfOneCase : 1;
  GentleDeeds(of, most, deeds);
  const Turn* turn = manner == Manner::kGentle ? nullptr : TurnOf(of);
  const Record* record = RecordOf(of);
  if (manner == Manner::kFated && turn == nullptr && record != nullptr) {
    of.over = applications::IsFinal(record->application().state());
  }
  if (turn == nullptr || record == nullptr || of.under_way >= most) return;
  if (Deed::IsOfVendorSide(turn->deed)) {
    for (Deed& deed : deeds) {
      if (deed.what == turn->instead_of) deed.what = turn->deed;
    }
    return;
  }
  const bool there = IsThere(*turn, record);
  // A case that is seen here first may not be there yet for another service.
  if (there || turn->stage == av1::STAGE_KIND_UNSPECIFIED) {
    std::erase_if(deeds, [turn](const Deed& deed) { return deed.what == turn->instead_of; });
  }
  if (!there || turn->deed == What::kNothing) return;
  deeds.clear();
  deeds.push_back({turn->deed, Target(turn->deed, record->application())});
}

void Actors::RoughDeeds(const Case& of, std::vector<Deed>& deeds) const {
  if (of.under_way >= kMostOfOneCase || of.id.empty()) return;
  const Record* record = RecordOf(of);
  if (record == nullptr) return;
  const std::string& name = record->application().name();
  const av1::ApplicationState state = record->application().state();
  if (applications::IsLegal(state, applications::Move::kWithdraw)) {
    deeds.push_back({What::kWithdraw, name});
  }
  if (applications::IsLegal(state, applications::Move::kTransfer)) {
    deeds.push_back({What::kTransfer, name});
  }
  if (applications::IsLegal(state, applications::Move::kTerminate)) {
    deeds.push_back({What::kReportDeath, name});
    deeds.push_back({What::kReportCancelledCertificate, name});
  }
  if (state == av1::APPLICATION_STATE_DRAFT) {
    deeds.push_back({What::kUpdate, name});
    deeds.push_back({What::kSubmit, name});
  }
  if (record->application().review().has_appeal_until()) deeds.push_back({What::kAppeal, name});
  RoughOfficerDeeds(of, *record, deeds);
  RoughVendorDeeds(of, deeds);
}

void Actors::RoughOfficerDeeds(const Case& of, const Record& record,
                               std::vector<Deed>& deeds) const {
  const std::string& name = record.application().name();
  switch (record.application().state()) {
    case av1::APPLICATION_STATE_UNDER_REVIEW: {
      const applications::Stage* stage = StageOf(record);
      if (stage != nullptr && stage->config.kind() == av1::STAGE_KIND_PRICE) {
        deeds.push_back({What::kFixPrice, name});
      }
      for (const What what : {What::kReturn, What::kReject, What::kHold}) {
        deeds.push_back({what, name});
      }
      break;
    }
    case av1::APPLICATION_STATE_PUBLIC_NOTICE:
      deeds.push_back({What::kObject, Target(What::kObject, record.application())});
      break;
    case av1::APPLICATION_STATE_ON_HOLD:
      deeds.push_back({What::kReject, name});
      break;
    case av1::APPLICATION_STATE_APPEALED:
      deeds.push_back({What::kGrantAppeal, name});
      break;
    default:
      break;
  }
  deeds.push_back({What::kAllocate, of.plan->county});
}

void Actors::RoughVendorDeeds(const Case& of, std::vector<Deed>& deeds) const {
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

}  // namespace fuju::simulation
