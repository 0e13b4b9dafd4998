#include "dispatch/offer.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"
#include "unit/dispatch/samples.h"

namespace fuju::dispatch {
namespace {

using chassis::Versioned;
using testing::FactOf;
using testing::kNow;
using testing::kOfferLimit;
using testing::kUscc;
using testing::OfferIn;
using testing::Registered;
using testing::RoundIn;
using testing::SampleOfferId;
using testing::SampleVendor;

const std::vector<v1::OfferState> kStates = {v1::OFFER_STATE_OPEN,     v1::OFFER_STATE_ACCEPTED,
                                             v1::OFFER_STATE_DECLINED, v1::OFFER_STATE_EXPIRED,
                                             v1::OFFER_STATE_UNPLACED, v1::OFFER_STATE_REVOKED,
                                             v1::OFFER_STATE_FULFILLED};

enum class Move { kAccept, kDecline, kExpire, kRevoke, kFulfil };

OfferDecision Make(const Versioned<OfferRecord>& offer, Move move) {
  switch (move) {
    case Move::kAccept:
      return AcceptOffer(offer, SampleOfferId(), kNow);
    case Move::kDecline:
      return DeclineOffer(offer, SampleOfferId(), "人手不足", kNow);
    case Move::kExpire:
      return ExpireOffer(offer, kNow + kOfferLimit);
    case Move::kRevoke:
      return RevokeOffer(offer, SampleOfferId(), kNow);
    case Move::kFulfil:
      return FulfilOffer(offer, SampleOfferId(), kNow);
  }
  return chassis::NotFound("move");
}

struct Expected {
  v1::OfferState state;
  const char* fact;
};

const std::map<std::pair<v1::OfferState, Move>, Expected> kTable = {
    {{v1::OFFER_STATE_OPEN, Move::kAccept}, {v1::OFFER_STATE_ACCEPTED, "OfferAccepted"}},
    {{v1::OFFER_STATE_OPEN, Move::kDecline}, {v1::OFFER_STATE_DECLINED, "OfferDeclined"}},
    {{v1::OFFER_STATE_OPEN, Move::kExpire}, {v1::OFFER_STATE_EXPIRED, "OfferExpired"}},
    {{v1::OFFER_STATE_OPEN, Move::kRevoke}, {v1::OFFER_STATE_REVOKED, "OfferRevoked"}},
    {{v1::OFFER_STATE_ACCEPTED, Move::kRevoke}, {v1::OFFER_STATE_REVOKED, "OfferRevoked"}},
    {{v1::OFFER_STATE_ACCEPTED, Move::kFulfil}, {v1::OFFER_STATE_FULFILLED, "OfferFulfilled"}},
};

TEST(OfferTest, EveryStateAndMoveDoesWhatTheTableSays) {
  for (const v1::OfferState state : kStates) {
    for (int m = 0; m <= static_cast<int>(Move::kFulfil); ++m) {
      const Move move = static_cast<Move>(m);
      SCOPED_TRACE(StateName(state) + " move " + std::to_string(m));
      const Versioned<OfferRecord> offer = OfferIn(state);
      ASSERT_EQ(offer.state.offer().state(), state);
      const OfferDecision decision = Make(offer, move);
      const auto expected = kTable.find({state, move});
      if (expected != kTable.end()) {
        ASSERT_TRUE(decision.ok()) << decision.status();
        ASSERT_EQ(decision->facts.size(), 1u);
        EXPECT_EQ(decision->facts[0]->GetDescriptor()->name(), expected->second.fact);
        EXPECT_EQ(decision->next.offer().state(), expected->second.state);
      } else if (move == Move::kAccept || move == Move::kDecline) {
        EXPECT_EQ(decision.status().code(), absl::StatusCode::kFailedPrecondition);
        EXPECT_EQ(chassis::MetadataOf(decision.status(), "state"), StateName(state));
        EXPECT_EQ(chassis::MetadataOf(decision.status(), "legal_moves"), "");
      } else {
        ASSERT_TRUE(decision.ok()) << decision.status();
        EXPECT_FALSE(decision->changed);
      }
    }
  }
}

TEST(OfferTest, CarriesTheJobOfItsRound) {
  const v1::Round round = RoundIn(v1::ROUND_STATE_OFFERING).state.round();
  const OfferDecision decision =
      PlaceOffer({}, round, Registered(SampleVendor()), kNow, kOfferLimit);
  const v1::Offer offer = FactOf<v1::OfferOpened>(decision).offer();
  EXPECT_EQ(offer.name(), round.offer());
  EXPECT_EQ(offer.name(), OfferName(SampleOfferId()));
  EXPECT_EQ(offer.vendor(), round.vendor());
  EXPECT_EQ(offer.application(), round.application());
  EXPECT_EQ(offer.attempt(), 1);
  EXPECT_EQ(offer.county_code(), "620102");
  EXPECT_EQ(offer.item_code(), "M01");
  EXPECT_EQ(offer.device_division(), "122203");
  EXPECT_EQ(offer.quote_fen(), 120000);
  EXPECT_EQ(offer.subsidy_fen(), 60000);
  EXPECT_EQ(chassis::ToTime(offer.expire_time()), kNow + kOfferLimit);
}

TEST(OfferTest, MissingOrSuspendedVendorIsNotShownIt) {
  const v1::Round round = RoundIn(v1::ROUND_STATE_OFFERING).state.round();
  const auto active = Registered(SampleVendor());
  const auto suspended = testing::After(active, SuspendVendor(active, kUscc, "x"));
  for (const Versioned<VendorRecord>& vendor : {Versioned<VendorRecord>{}, suspended}) {
    const OfferDecision decision = PlaceOffer({}, round, vendor, kNow, kOfferLimit);
    EXPECT_EQ(FactOf<v1::OfferUnplaced>(decision).offer().state(), v1::OFFER_STATE_UNPLACED);
    EXPECT_FALSE(decision->next.offer().has_expire_time());
  }
}

TEST(OfferTest, RepeatedRequestHasNoEffect) {
  const v1::Round round = RoundIn(v1::ROUND_STATE_OFFERING).state.round();
  for (const v1::OfferState state : kStates) {
    EXPECT_FALSE(
        PlaceOffer(OfferIn(state), round, Registered(SampleVendor()), kNow, kOfferLimit)->changed);
    EXPECT_FALSE(LeaveUnplaced(OfferIn(state), round, kNow)->changed);
  }
}

TEST(OfferTest, AcceptanceIsInTimeOnlyBeforeTheExpiry) {
  const auto open = OfferIn(v1::OFFER_STATE_OPEN);
  const absl::Time expiry = kNow + kOfferLimit;
  EXPECT_TRUE(AcceptOffer(open, SampleOfferId(), expiry - absl::Milliseconds(1)).ok());
  const auto expired = OfferIn(v1::OFFER_STATE_EXPIRED);
  // The vendor gets the same answer whether or not the timer has come round to the offer.
  for (const auto& late : {open, expired}) {
    const absl::Status status = AcceptOffer(late, SampleOfferId(), expiry).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(chassis::ReasonOf(status), "OFFER_EXPIRED");
    EXPECT_NE(chassis::MetadataOf(status, "expire_time"), "");
  }
}

TEST(OfferTest, ExpiresNotBeforeItsTime) {
  const auto open = OfferIn(v1::OFFER_STATE_OPEN);
  EXPECT_FALSE(ExpireOffer(open, kNow + kOfferLimit - absl::Milliseconds(1))->changed);
  EXPECT_TRUE(ExpireOffer(open, kNow + kOfferLimit)->changed);
  EXPECT_FALSE(ExpireOffer({}, kNow + kOfferLimit)->changed);
}

TEST(OfferTest, DeclineKeepsTheReason) {
  const OfferDecision decision =
      DeclineOffer(OfferIn(v1::OFFER_STATE_OPEN), SampleOfferId(), "人手不足", kNow);
  EXPECT_EQ(FactOf<v1::OfferDeclined>(decision).offer().decline_reason(), "人手不足");
}

TEST(OfferTest, UnknownOfferIsNotFound) {
  for (const OfferDecision& decision :
       {AcceptOffer({}, "V/A-1", kNow), DeclineOffer({}, "V/A-1", "x", kNow),
        RevokeOffer({}, "V/A-1", kNow), FulfilOffer({}, "V/A-1", kNow)}) {
    EXPECT_EQ(decision.status().code(), absl::StatusCode::kNotFound);
    EXPECT_EQ(chassis::MetadataOf(decision.status(), "resource"), "vendors/V/offers/A-1");
  }
}

TEST(OfferTest, CapacityReturnsInEveryFinalState) {
  for (const v1::OfferState state : kStates) {
    SCOPED_TRACE(StateName(state));
    const chassis::Footprint footprint = OfferFootprint(SampleOfferId(), OfferIn(state).state);
    const bool holds = state == v1::OFFER_STATE_OPEN || state == v1::OFFER_STATE_ACCEPTED;
    ASSERT_EQ(footprint.holdings.size(), holds ? 1u : 0u);
    if (holds) {
      EXPECT_EQ(footprint.holdings[0].counter, CapacityCounter(kUscc));
      EXPECT_EQ(footprint.holdings[0].amount, -1);
    }
    EXPECT_EQ(footprint.timers.size(), state == v1::OFFER_STATE_OPEN ? 1u : 0u);
    ASSERT_EQ(footprint.index.size(), 1u);
    EXPECT_EQ(footprint.index[0].index, std::string("offers:") + kUscc + ":" + StateName(state));
  }
  EXPECT_TRUE(OfferFootprint(SampleOfferId(), {}).index.empty());
  EXPECT_TRUE(OfferFootprint(SampleOfferId(), {}).holdings.empty());
}

}  // namespace
}  // namespace fuju::dispatch
