#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "chassis/values/decision.h"
#include "dispatch/names.h"
#include "dispatch/offer.h"
#include "dispatch/round.h"
#include "dispatch/vendor.h"
#include "fuju/dispatch/v1/dispatch.pb.h"

// Vendors, rounds and offers in given states, made by the decisions themselves.
namespace fuju::dispatch::testing {

inline constexpr char kCounty[] = "620102";
inline constexpr char kOtherCounty[] = "620103";
inline constexpr char kDivision[] = "122203";
inline constexpr char kUscc[] = "91620102DEM0000146";
inline constexpr char kUscc2[] = "91620103DEM000022F";
inline constexpr char kApplicationId[] = "620102-01J9ZZZZZZZZZZZZZZZZZZZZZZ";

inline const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);
inline constexpr absl::Duration kOfferLimit = absl::Hours(24);
inline constexpr absl::Duration kManualLimit = absl::Hours(120);

inline v1::Vendor SampleVendor(const std::string& uscc = kUscc, int capacity = 10) {
  v1::Vendor vendor;
  vendor.set_name(VendorName(uscc));
  vendor.set_uscc(uscc);
  vendor.set_name_zh(absl::StrCat("服务商", uscc));
  vendor.set_county_code(kCounty);
  vendor.add_service_counties(kCounty);
  vendor.add_service_counties(kOtherCounty);
  vendor.add_device_classes("12");
  vendor.add_device_classes("1803");
  vendor.set_capacity(capacity);
  vendor.set_state(v1::VENDOR_STATE_ACTIVE);
  return vendor;
}

// The state after a decision that must be taken; the version as the store counts it.
template <typename Record>
chassis::Versioned<Record> After(const chassis::Versioned<Record>& before,
                                 const absl::StatusOr<chassis::Decision<Record>>& decision) {
  if (!decision->changed) return before;
  return {decision->next, before.version + static_cast<int64_t>(decision->facts.size())};
}

inline chassis::Versioned<VendorRecord> Registered(const v1::Vendor& vendor) {
  return After<VendorRecord>({}, RegisterVendor({}, vendor, kNow));
}

inline RoundRequest SampleRequest(const std::vector<std::string>& candidates) {
  RoundRequest request;
  request.application_id = kApplicationId;
  request.county_code = kCounty;
  request.item_code = "M01";
  request.device_division = kDivision;
  request.quote_fen = 120000;
  request.subsidy_fen = 60000;
  request.seed = 7;
  for (const std::string& uscc : candidates) {
    v1::Candidate candidate;
    candidate.set_vendor(VendorName(uscc));
    candidate.set_vendor_name(absl::StrCat("服务商", uscc));
    request.candidates.push_back(candidate);
  }
  return request;
}

inline chassis::Versioned<RoundRecord> Opened(const std::vector<std::string>& candidates) {
  return After<RoundRecord>({}, OpenRound({}, SampleRequest(candidates), kNow, kManualLimit));
}

inline chassis::Versioned<RoundRecord> Follow(const chassis::Versioned<RoundRecord>& round,
                                              RoundMove move) {
  return After(round, FollowOffer(round, kApplicationId, move, round.state.round().offer(), kNow,
                                  kManualLimit));
}

// A round with two candidates, brought into `state`.
inline chassis::Versioned<RoundRecord> RoundIn(v1::RoundState state) {
  const chassis::Versioned<RoundRecord> offering = Opened({kUscc, kUscc2});
  const auto assigned = Follow(offering, RoundMove::kOfferAccepted);
  const auto manual = Opened({});
  switch (state) {
    case v1::ROUND_STATE_OFFERING:
      return offering;
    case v1::ROUND_STATE_ASSIGNED:
      return assigned;
    case v1::ROUND_STATE_MANUAL:
      return manual;
    case v1::ROUND_STATE_CANCELLED:
      return After(offering, StopRound(offering, kApplicationId, RoundMove::kWithdrawal, kNow));
    case v1::ROUND_STATE_RECALLED:
      return After(assigned, StopRound(assigned, kApplicationId, RoundMove::kWithdrawal, kNow));
    case v1::ROUND_STATE_FAILED:
      return After(manual, CloseRound(manual, kApplicationId, "无服务商", kNow));
    case v1::ROUND_STATE_DONE:
      return Follow(assigned, RoundMove::kOrderEnded);
    default:
      return {};
  }
}

inline std::string SampleOfferId() { return OfferId(kUscc, kApplicationId, 1); }

// An offer of the first attempt of RoundIn(OFFERING), brought into `state`.
inline chassis::Versioned<OfferRecord> OfferIn(v1::OfferState state) {
  const v1::Round round = RoundIn(v1::ROUND_STATE_OFFERING).state.round();
  const chassis::Versioned<OfferRecord> none;
  const auto open =
      After(none, PlaceOffer(none, round, Registered(SampleVendor()), kNow, kOfferLimit));
  const std::string id = SampleOfferId();
  const auto accepted = After(open, AcceptOffer(open, id, kNow));
  switch (state) {
    case v1::OFFER_STATE_OPEN:
      return open;
    case v1::OFFER_STATE_ACCEPTED:
      return accepted;
    case v1::OFFER_STATE_DECLINED:
      return After(open, DeclineOffer(open, id, "忙", kNow));
    case v1::OFFER_STATE_EXPIRED:
      return After(open, ExpireOffer(open, kNow + kOfferLimit));
    case v1::OFFER_STATE_UNPLACED:
      return After(none, LeaveUnplaced(none, round, kNow));
    case v1::OFFER_STATE_REVOKED:
      return After(open, RevokeOffer(open, id, kNow));
    case v1::OFFER_STATE_FULFILLED:
      return After(accepted, FulfilOffer(accepted, id, kNow));
    default:
      return none;
  }
}

// The one fact of a decision, as `FactMessage`; empty if it is of another type.
template <typename FactMessage, typename Record>
FactMessage FactOf(const absl::StatusOr<chassis::Decision<Record>>& decision) {
  const auto* fact = dynamic_cast<const FactMessage*>(decision->facts.at(0).get());
  return fact == nullptr ? FactMessage() : *fact;
}

}  // namespace fuju::dispatch::testing
