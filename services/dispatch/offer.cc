#include "dispatch/offer.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "dispatch/names.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"

namespace fuju::dispatch {
namespace {

using chassis::Decision;
using chassis::Versioned;

template <typename FactMessage>
Decision<OfferRecord> Publish(OfferRecord next, v1::OfferState state, absl::Time now) {
  Decision<OfferRecord> decision;
  v1::Offer& offer = *next.mutable_offer();
  offer.set_state(state);
  *offer.mutable_update_time() = chassis::ToTimestamp(now);
  FactMessage fact;
  *fact.mutable_offer() = offer;
  decision.next = std::move(next);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

OfferRecord NewOffer(const v1::Round& round, absl::Time now) {
  OfferRecord record;
  v1::Offer& offer = *record.mutable_offer();
  offer.set_name(round.offer());
  offer.set_vendor(round.vendor());
  offer.set_application(round.application());
  offer.set_attempt(round.attempt());
  offer.set_county_code(round.county_code());
  offer.set_item_code(round.item_code());
  offer.set_device_division(round.device_division());
  offer.set_quote_fen(round.quote_fen());
  offer.set_subsidy_fen(round.subsidy_fen());
  *record.mutable_create_time() = chassis::ToTimestamp(now);
  return record;
}

std::vector<std::string> LegalCommands(v1::OfferState state) {
  if (state != v1::OFFER_STATE_OPEN) return {};
  return {"AcceptOffer", "DeclineOffer"};
}

absl::Status RefuseLateAnswer(const v1::Offer& offer) {
  const std::string expiry = absl::FormatTime(
      absl::RFC3339_sec, chassis::ToTime(offer.expire_time()), absl::FixedTimeZone(8 * 60 * 60));
  return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "OFFER_EXPIRED",
                          absl::StrCat("该派单已于", expiry, "到期，不能再接单"),
                          absl::StrCat("the offer expired at ", expiry))
      .With("name", offer.name())
      .With("state", StateName(offer.state()))
      .With("legal_moves", offer.state() == v1::OFFER_STATE_OPEN ? "DeclineOffer" : "")
      .With("expire_time", expiry)
      .Build();
}

}  // namespace

OfferDecision PlaceOffer(const Versioned<OfferRecord>& current, const v1::Round& round,
                         const Versioned<VendorRecord>& vendor, absl::Time now,
                         absl::Duration offer_limit) {
  if (current.exists()) return Decision<OfferRecord>::Unchanged();
  if (!vendor.exists() || vendor.state.vendor().state() != v1::VENDOR_STATE_ACTIVE ||
      IsRelated(vendor.state, round.assessors())) {
    return LeaveUnplaced(current, round, now);
  }
  OfferRecord record = NewOffer(round, now);
  *record.mutable_offer()->mutable_expire_time() = chassis::ToTimestamp(now + offer_limit);
  return Publish<v1::OfferOpened>(std::move(record), v1::OFFER_STATE_OPEN, now);
}

OfferDecision LeaveUnplaced(const Versioned<OfferRecord>& current, const v1::Round& round,
                            absl::Time now) {
  if (current.exists()) return Decision<OfferRecord>::Unchanged();
  return Publish<v1::OfferUnplaced>(NewOffer(round, now), v1::OFFER_STATE_UNPLACED, now);
}

OfferDecision AcceptOffer(const Versioned<OfferRecord>& current, const std::string& offer_id,
                          absl::Time now) {
  if (!current.exists()) return chassis::NotFound(OfferName(offer_id));
  const v1::Offer& offer = current.state.offer();
  const bool late =
      offer.state() == v1::OFFER_STATE_OPEN && now >= chassis::ToTime(offer.expire_time());
  // Whether the timer has come round to a late offer must make no difference to the vendor.
  if (late || offer.state() == v1::OFFER_STATE_EXPIRED) return RefuseLateAnswer(offer);
  if (offer.state() != v1::OFFER_STATE_OPEN) {
    return chassis::StateForbids(offer.name(), "AcceptOffer", StateName(offer.state()),
                                 LegalCommands(offer.state()));
  }
  return Publish<v1::OfferAccepted>(current.state, v1::OFFER_STATE_ACCEPTED, now);
}

OfferDecision DeclineOffer(const Versioned<OfferRecord>& current, const std::string& offer_id,
                           const std::string& reason, absl::Time now) {
  if (!current.exists()) return chassis::NotFound(OfferName(offer_id));
  const v1::Offer& offer = current.state.offer();
  if (offer.state() != v1::OFFER_STATE_OPEN) {
    return chassis::StateForbids(offer.name(), "DeclineOffer", StateName(offer.state()),
                                 LegalCommands(offer.state()));
  }
  OfferRecord next = current.state;
  next.mutable_offer()->set_decline_reason(reason);
  return Publish<v1::OfferDeclined>(std::move(next), v1::OFFER_STATE_DECLINED, now);
}

OfferDecision ExpireOffer(const Versioned<OfferRecord>& current, absl::Time now) {
  const v1::Offer& offer = current.state.offer();
  if (offer.state() != v1::OFFER_STATE_OPEN || now < chassis::ToTime(offer.expire_time())) {
    return Decision<OfferRecord>::Unchanged();
  }
  return Publish<v1::OfferExpired>(current.state, v1::OFFER_STATE_EXPIRED, now);
}

OfferDecision RevokeOffer(const Versioned<OfferRecord>& current, const std::string& offer_id,
                          absl::Time now) {
  if (!current.exists()) return chassis::NotFound(OfferName(offer_id));
  const v1::OfferState state = current.state.offer().state();
  if (state != v1::OFFER_STATE_OPEN && state != v1::OFFER_STATE_ACCEPTED) {
    return Decision<OfferRecord>::Unchanged();
  }
  return Publish<v1::OfferRevoked>(current.state, v1::OFFER_STATE_REVOKED, now);
}

OfferDecision FulfilOffer(const Versioned<OfferRecord>& current, const std::string& offer_id,
                          absl::Time now) {
  if (!current.exists()) return chassis::NotFound(OfferName(offer_id));
  if (current.state.offer().state() != v1::OFFER_STATE_ACCEPTED) {
    return Decision<OfferRecord>::Unchanged();
  }
  return Publish<v1::OfferFulfilled>(current.state, v1::OFFER_STATE_FULFILLED, now);
}

std::string OfferIndex(const std::string& uscc, v1::OfferState state) {
  return absl::StrCat("offers:", uscc, ":", StateName(state));
}

chassis::Footprint OfferFootprint(const std::string& offer_id, const OfferRecord& record) {
  chassis::Footprint footprint;
  const v1::Offer& offer = record.offer();
  if (offer.state() == v1::OFFER_STATE_UNSPECIFIED) return footprint;
  const std::string uscc = VendorOf(offer_id);
  footprint.index.push_back(
      {OfferIndex(uscc, offer.state()), offer_id, chassis::ToMillis(record.create_time())});
  if (offer.state() == v1::OFFER_STATE_OPEN) {
    footprint.timers.push_back({std::string(kExpiryTimer), chassis::ToTime(offer.expire_time())});
  }
  if (offer.state() == v1::OFFER_STATE_OPEN || offer.state() == v1::OFFER_STATE_ACCEPTED) {
    footprint.holdings.push_back({CapacityCounter(uscc), -1});
  }
  return footprint;
}

std::string StateName(v1::OfferState state) {
  return std::string(absl::StripPrefix(v1::OfferState_Name(state), "OFFER_STATE_"));
}

}  // namespace fuju::dispatch
