#include "dispatch/round.h"

#include <functional>
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
using testing::After;
using testing::FactOf;
using testing::Follow;
using testing::kApplicationId;
using testing::kManualLimit;
using testing::kNow;
using testing::kUscc;
using testing::kUscc2;
using testing::Opened;
using testing::Registered;
using testing::RoundIn;
using testing::SampleVendor;

const std::vector<v1::RoundState> kStates = {v1::ROUND_STATE_OFFERING, v1::ROUND_STATE_ASSIGNED,
                                             v1::ROUND_STATE_MANUAL,   v1::ROUND_STATE_CANCELLED,
                                             v1::ROUND_STATE_RECALLED, v1::ROUND_STATE_FAILED,
                                             v1::ROUND_STATE_DONE};

// Every move as the decision that makes it, for the current offer and at the right time.
RoundDecision Make(const Versioned<RoundRecord>& round, RoundMove move) {
  switch (move) {
    case RoundMove::kWithdrawal:
    case RoundMove::kApplicationEnded:
      return StopRound(round, kApplicationId, move, kNow);
    case RoundMove::kManualLimit:
      return FailOverdueRound(round, kNow + kManualLimit);
    case RoundMove::kAssignVendor:
      return AssignVendor(round, kApplicationId, {kUscc, Registered(SampleVendor()), 5}, kNow);
    case RoundMove::kCloseRound:
      return CloseRound(round, kApplicationId, "无人可派", kNow);
    default:
      return FollowOffer(round, kApplicationId, move, round.state.round().offer(), kNow,
                         kManualLimit);
  }
}

struct Expected {
  v1::RoundState state;
  const char* fact;
};

// What README.md says, written down a second time: state x move -> state and fact; all others have
// no effect.
const std::map<std::pair<v1::RoundState, RoundMove>, Expected> kTable = {
    {{v1::ROUND_STATE_OFFERING, RoundMove::kOfferAccepted},
     {v1::ROUND_STATE_ASSIGNED, "DispatchAccepted"}},
    {{v1::ROUND_STATE_OFFERING, RoundMove::kOfferEnded},
     {v1::ROUND_STATE_OFFERING, "OfferRequested"}},
    {{v1::ROUND_STATE_OFFERING, RoundMove::kWithdrawal},
     {v1::ROUND_STATE_CANCELLED, "DispatchCancelled"}},
    {{v1::ROUND_STATE_OFFERING, RoundMove::kApplicationEnded},
     {v1::ROUND_STATE_CANCELLED, "DispatchCancelled"}},
    {{v1::ROUND_STATE_ASSIGNED, RoundMove::kWithdrawal},
     {v1::ROUND_STATE_RECALLED, "DispatchRecalled"}},
    {{v1::ROUND_STATE_ASSIGNED, RoundMove::kOrderReturned},
     {v1::ROUND_STATE_OFFERING, "OfferRequested"}},
    {{v1::ROUND_STATE_ASSIGNED, RoundMove::kOrderEnded}, {v1::ROUND_STATE_DONE, "DispatchDone"}},
    {{v1::ROUND_STATE_ASSIGNED, RoundMove::kOrderCancelled},
     {v1::ROUND_STATE_DONE, "DispatchDone"}},
    {{v1::ROUND_STATE_MANUAL, RoundMove::kWithdrawal},
     {v1::ROUND_STATE_CANCELLED, "DispatchCancelled"}},
    {{v1::ROUND_STATE_MANUAL, RoundMove::kApplicationEnded},
     {v1::ROUND_STATE_CANCELLED, "DispatchCancelled"}},
    {{v1::ROUND_STATE_MANUAL, RoundMove::kManualLimit}, {v1::ROUND_STATE_FAILED, "DispatchFailed"}},
    {{v1::ROUND_STATE_MANUAL, RoundMove::kAssignVendor},
     {v1::ROUND_STATE_OFFERING, "OfferRequested"}},
    {{v1::ROUND_STATE_MANUAL, RoundMove::kCloseRound}, {v1::ROUND_STATE_FAILED, "DispatchFailed"}},
    {{v1::ROUND_STATE_RECALLED, RoundMove::kOrderReturned},
     {v1::ROUND_STATE_CANCELLED, "DispatchCancelled"}},
    {{v1::ROUND_STATE_RECALLED, RoundMove::kOrderEnded}, {v1::ROUND_STATE_DONE, "DispatchDone"}},
};

TEST(RoundTest, EveryStateAndMoveDoesWhatTheTableSays) {
  for (const v1::RoundState state : kStates) {
    for (int m = 0; m <= static_cast<int>(RoundMove::kCloseRound); ++m) {
      const RoundMove move = static_cast<RoundMove>(m);
      SCOPED_TRACE(StateName(state) + " move " + std::to_string(m));
      const Versioned<RoundRecord> round = RoundIn(state);
      ASSERT_EQ(round.state.round().state(), state);
      const RoundDecision decision = Make(round, move);
      const auto expected = kTable.find({state, move});
      const bool command = move == RoundMove::kAssignVendor || move == RoundMove::kCloseRound;
      if (expected != kTable.end()) {
        ASSERT_TRUE(decision.ok()) << decision.status();
        ASSERT_TRUE(decision->changed);
        ASSERT_EQ(decision->facts.size(), 1u);
        EXPECT_EQ(decision->facts[0]->GetDescriptor()->name(), expected->second.fact);
        EXPECT_EQ(decision->next.round().state(), expected->second.state);
      } else if (command) {
        EXPECT_EQ(chassis::ReasonOf(decision.status()), "STATE_FORBIDS");
        EXPECT_EQ(chassis::MetadataOf(decision.status(), "state"), StateName(state));
        EXPECT_EQ(chassis::MetadataOf(decision.status(), "legal_moves"), "");
      } else {
        ASSERT_TRUE(decision.ok()) << decision.status();
        EXPECT_FALSE(decision->changed);
      }
    }
  }
}

TEST(RoundTest, ApprovalAsksTheFirstCandidate) {
  const RoundDecision decision =
      OpenRound({}, testing::SampleRequest({kUscc, kUscc2}), kNow, kManualLimit);
  const v1::Round round = FactOf<v1::OfferRequested>(decision).round();
  EXPECT_EQ(round.name(), "rounds/620102-01J9ZZZZZZZZZZZZZZZZZZZZZZ");
  EXPECT_EQ(round.application(), "applications/620102-01J9ZZZZZZZZZZZZZZZZZZZZZZ");
  EXPECT_EQ(round.state(), v1::ROUND_STATE_OFFERING);
  EXPECT_EQ(round.attempt(), 1);
  EXPECT_EQ(round.vendor(), "vendors/91620102DEM0000146");
  EXPECT_EQ(round.vendor_name(), "服务商91620102DEM0000146");
  EXPECT_EQ(round.offer(), "vendors/91620102DEM0000146/offers/620102-01J9ZZZZZZZZZZZZZZZZZZZZZZ-1");
  EXPECT_EQ(round.candidates_size(), 2);
  EXPECT_EQ(round.quote_fen(), 120000);
  EXPECT_EQ(round.subsidy_fen(), 60000);
  EXPECT_EQ(round.seed(), 7u);
}

// The case moved to another county and is approved there. Its attempts go on counting, so that
// nothing that is still heard of the old ones is taken for one of the new.
TEST(RoundTest, AnApprovalAfterATransferSearchesAnew) {
  for (const v1::RoundState state : kStates) {
    SCOPED_TRACE(StateName(state));
    const Versioned<RoundRecord> before = RoundIn(state);
    RoundRequest request = testing::SampleRequest({kUscc2});
    request.county_code = "620103";
    const RoundDecision decision = OpenRound(before, request, kNow, kManualLimit);
    ASSERT_TRUE(decision.ok()) << decision.status();
    const bool runs = state == v1::ROUND_STATE_OFFERING || state == v1::ROUND_STATE_ASSIGNED ||
                      state == v1::ROUND_STATE_MANUAL;
    EXPECT_EQ(decision->changed, !runs);
    if (runs) continue;
    const v1::Round round = FactOf<v1::OfferRequested>(decision).round();
    EXPECT_EQ(round.name(), before.state.round().name());
    EXPECT_EQ(round.county_code(), "620103");
    EXPECT_GT(round.attempt(), before.state.round().attempt());
    EXPECT_EQ(round.candidates_size(), 1);
    // What the old vendor's order tells late.
    const RoundDecision late =
        FollowOffer(After<RoundRecord>(before, decision), kApplicationId, RoundMove::kOrderReturned,
                    before.state.round().offer(), kNow, kManualLimit);
    ASSERT_TRUE(late.ok());
    EXPECT_FALSE(late->changed);
  }
}

TEST(RoundTest, WithoutCandidatesAnewItHasANumberOfItsOwn) {
  const Versioned<RoundRecord> before = RoundIn(v1::ROUND_STATE_CANCELLED);
  const RoundDecision decision = OpenRound(before, testing::SampleRequest({}), kNow, kManualLimit);
  EXPECT_GT(FactOf<v1::DispatchExhausted>(decision).round().attempt(),
            before.state.round().attempt());
}

// Reviewer, assessor and vendor are three.
TEST(RoundTest, AVendorToWhichAnAssessorIsRelatedIsNotChosen) {
  RoundRequest request = testing::SampleRequest({});
  request.assessors = {"chen"};
  const Versioned<RoundRecord> round =
      After<RoundRecord>({}, OpenRound({}, request, kNow, kManualLimit));
  Versioned<VendorRecord> vendor = Registered(SampleVendor());
  vendor = After<VendorRecord>(vendor, AddRelation(vendor, "officerRelations/r1", "chen"));
  EXPECT_EQ(
      chassis::ReasonOf(AssignVendor(round, kApplicationId, {kUscc, vendor, 5}, kNow).status()),
      "OFFICER_RELATED");
  vendor = After<VendorRecord>(vendor, DropRelation(vendor, "officerRelations/r1"));
  EXPECT_TRUE(AssignVendor(round, kApplicationId, {kUscc, vendor, 5}, kNow).ok());
}

TEST(RoundTest, SecondApprovalHasNoEffect) {
  const auto round = RoundIn(v1::ROUND_STATE_OFFERING);
  const RoundDecision decision =
      OpenRound(round, testing::SampleRequest({kUscc2}), kNow, kManualLimit);
  EXPECT_FALSE(decision->changed);
}

TEST(RoundTest, WithoutCandidatesThePrefectureGetsIt) {
  const RoundDecision decision = OpenRound({}, testing::SampleRequest({}), kNow, kManualLimit);
  const v1::Round round = FactOf<v1::DispatchExhausted>(decision).round();
  EXPECT_EQ(round.state(), v1::ROUND_STATE_MANUAL);
  EXPECT_EQ(round.attempt(), 0);
  EXPECT_EQ(round.offer(), "");
  EXPECT_EQ(chassis::ToTime(round.manual_due_time()), kNow + kManualLimit);
}

TEST(RoundTest, AsksOneAfterTheOtherThenThePrefecture) {
  auto round = Opened({kUscc, kUscc2});
  round = Follow(round, RoundMove::kOfferEnded);
  EXPECT_EQ(round.state.round().attempt(), 2);
  EXPECT_EQ(round.state.round().vendor(), VendorName(kUscc2));
  round = Follow(round, RoundMove::kOfferEnded);
  EXPECT_EQ(round.state.round().state(), v1::ROUND_STATE_MANUAL);
  EXPECT_EQ(round.state.round().attempt(), 2);
}

TEST(RoundTest, AnswersToOlderOffersHaveNoEffect) {
  const auto first = Opened({kUscc, kUscc2});
  const std::string old_offer = first.state.round().offer();
  const auto second = Follow(first, RoundMove::kOfferEnded);
  for (const RoundMove move :
       {RoundMove::kOfferAccepted, RoundMove::kOfferEnded, RoundMove::kOrderReturned,
        RoundMove::kOrderEnded, RoundMove::kOrderCancelled}) {
    EXPECT_FALSE(FollowOffer(second, kApplicationId, move, old_offer, kNow, kManualLimit)->changed);
  }
}

TEST(RoundTest, ReturnedOrderGoesToTheNextCandidateOrThePrefecture) {
  auto round = Follow(Opened({kUscc, kUscc2}), RoundMove::kOfferAccepted);
  round = Follow(round, RoundMove::kOrderReturned);
  EXPECT_EQ(round.state.round().state(), v1::ROUND_STATE_OFFERING);
  EXPECT_EQ(round.state.round().vendor(), VendorName(kUscc2));
  round = Follow(Follow(round, RoundMove::kOfferAccepted), RoundMove::kOrderReturned);
  EXPECT_EQ(round.state.round().state(), v1::ROUND_STATE_MANUAL);
}

TEST(RoundTest, MovesWithoutARoundAreErrors) {
  EXPECT_EQ(StopRound({}, kApplicationId, RoundMove::kWithdrawal, kNow).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(FollowOffer({}, kApplicationId, RoundMove::kOfferAccepted, "x", kNow, kManualLimit)
                .status()
                .code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(CloseRound({}, kApplicationId, "x", kNow).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(AssignVendor({}, kApplicationId, {}, kNow).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_FALSE(FailOverdueRound({}, kNow)->changed);
}

TEST(RoundTest, ManualLimitIsKeptToTheMillisecond) {
  const auto round = RoundIn(v1::ROUND_STATE_MANUAL);
  EXPECT_FALSE(FailOverdueRound(round, kNow + kManualLimit - absl::Milliseconds(1))->changed);
  const RoundDecision decision = FailOverdueRound(round, kNow + kManualLimit);
  EXPECT_NE(FactOf<v1::DispatchFailed>(decision).reason(), "");
  EXPECT_FALSE(decision->next.round().has_manual_due_time());
}

TEST(RoundTest, ClosingKeepsTheReason) {
  const RoundDecision decision =
      CloseRound(RoundIn(v1::ROUND_STATE_MANUAL), kApplicationId, "本地无假肢服务商", kNow);
  EXPECT_EQ(FactOf<v1::DispatchFailed>(decision).reason(), "本地无假肢服务商");
  EXPECT_EQ(decision->next.fail_reason(), "本地无假肢服务商");
}

TEST(RoundTest, AssignsAChosenVendorAsTheNextAttempt) {
  auto round = Opened({kUscc2});
  round = Follow(round, RoundMove::kOfferEnded);
  const RoundDecision decision =
      AssignVendor(round, kApplicationId, {kUscc, Registered(SampleVendor()), 1}, kNow);
  const v1::Round assigned = FactOf<v1::OfferRequested>(decision).round();
  EXPECT_EQ(assigned.attempt(), 2);
  EXPECT_EQ(assigned.vendor(), VendorName(kUscc));
  EXPECT_EQ(assigned.vendor_name(), SampleVendor().name_zh());
  EXPECT_FALSE(assigned.has_manual_due_time());
  // Declined again: the prefecture has it again, with a new limit.
  const auto manual = Follow(After(round, decision), RoundMove::kOfferEnded);
  EXPECT_EQ(manual.state.round().state(), v1::ROUND_STATE_MANUAL);
  EXPECT_TRUE(manual.state.round().has_manual_due_time());
}

TEST(RoundTest, RefusesAVendorThatCanNotBeAssigned) {
  const auto round = RoundIn(v1::ROUND_STATE_MANUAL);
  const auto assign = [&](ChosenVendor chosen) {
    return AssignVendor(round, kApplicationId, chosen, kNow).status();
  };
  EXPECT_EQ(assign({kUscc, {}, 5}).code(), absl::StatusCode::kNotFound);

  const auto active = Registered(SampleVendor());
  const auto suspended = After(active, SuspendVendor(active, kUscc, "x"));
  EXPECT_EQ(chassis::ReasonOf(assign({kUscc, suspended, 5})), "STATE_FORBIDS");
  EXPECT_EQ(chassis::MetadataOf(assign({kUscc, suspended, 5}), "state"), "SUSPENDED");

  v1::Vendor elsewhere = SampleVendor();
  elsewhere.clear_service_counties();
  elsewhere.add_service_counties("620104");
  EXPECT_EQ(chassis::ReasonOf(assign({kUscc, Registered(elsewhere), 5})), "VENDOR_NOT_SUITABLE");
  v1::Vendor other_class = SampleVendor();
  other_class.clear_device_classes();
  other_class.add_device_classes("04");
  EXPECT_EQ(chassis::ReasonOf(assign({kUscc, Registered(other_class), 5})), "VENDOR_NOT_SUITABLE");

  EXPECT_EQ(chassis::ReasonOf(assign({kUscc, active, 0})), "VENDOR_FULL");
  EXPECT_EQ(assign({kUscc, active, 0}).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(RoundTest, StandsInListsUntilItIsDoneAndHasATimerOnlyInTheManualQueue) {
  EXPECT_TRUE(RoundFootprint(kApplicationId, {}).index.empty());
  for (const v1::RoundState state : kStates) {
    const chassis::Footprint footprint = RoundFootprint(kApplicationId, RoundIn(state).state);
    ASSERT_EQ(footprint.index.size(), state == v1::ROUND_STATE_DONE ? 1u : 2u);
    EXPECT_EQ(footprint.index[0].index, "rounds:620102:" + StateName(state));
    EXPECT_EQ(footprint.index.back().index,
              state == v1::ROUND_STATE_DONE ? "rounds:620102:DONE" : "rounds:" + StateName(state));
    EXPECT_EQ(footprint.index[0].score, absl::ToUnixMillis(kNow));
    EXPECT_EQ(footprint.timers.size(), state == v1::ROUND_STATE_MANUAL ? 1u : 0u);
    EXPECT_TRUE(footprint.holdings.empty());
    EXPECT_TRUE(footprint.claims.empty());
  }
}

}  // namespace
}  // namespace fuju::dispatch
