#include "applications/moves.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::TestCase;

class EveryState : public ::testing::TestWithParam<ApplicationState> {};

// The whole table of moves, state by state: what is legal leads where the table says; what is not
// is refused with the state and what is legal, or has no effect if nobody asked for it.
TEST_P(EveryState, AllowsExactlyTheMovesOfTheTable) {
  const TestCase test_case = TestCase::ForEveryMove(GetParam());
  for (const MoveInfo& info : AllMoves()) {
    SCOPED_TRACE(absl::StrCat(StateName(GetParam()), " ", info.name));
    const Result result = test_case.Try(info.move);
    if (IsLegal(GetParam(), info.move)) {
      ASSERT_TRUE(result.ok()) << result.status();
      if (!result->changed) continue;  // a fact that the case knows already: service_decisions_test
      EXPECT_TRUE(MayLead(GetParam(), info.move, result->next.application().state()));
      EXPECT_EQ(result->facts.size(), 1u);
      continue;
    }
    if (info.mover != Mover::kCaller) {
      ASSERT_TRUE(result.ok()) << result.status();
      EXPECT_FALSE(result->changed);
      EXPECT_TRUE(result->facts.empty());
      continue;
    }
    EXPECT_EQ(result.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(chassis::ReasonOf(result.status()), "STATE_FORBIDS");
    EXPECT_EQ(chassis::MetadataOf(result.status(), "state"), StateName(GetParam()));
    EXPECT_EQ(chassis::MetadataOf(result.status(), "legal_moves"),
              absl::StrJoin(LegalCommands(GetParam()), ", "));
  }
}

INSTANTIATE_TEST_SUITE_P(Moves, EveryState, ::testing::ValuesIn(AllStates()),
                         [](const auto& test) { return StateName(test.param); });

TEST(MovesTest, NamesAreUniqueAndInOrder) {
  std::set<absl::string_view> names;
  for (const MoveInfo& info : AllMoves()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_EQ(InfoOf(info.move).name, info.name);
  }
}

TEST(MovesTest, FinalStatesAreThoseOfTheContract) {
  std::set<std::string> finals;
  for (const ApplicationState state : AllStates()) {
    if (IsFinal(state)) finals.insert(StateName(state));
  }
  EXPECT_THAT(finals,
              ::testing::UnorderedElementsAre("CLOSED", "WITHDRAWN", "INELIGIBLE", "UNFUNDED",
                                              "REJECTED", "EXPIRED", "UNSERVED", "TERMINATED"));
  EXPECT_FALSE(IsFinal(v1::APPLICATION_STATE_UNSPECIFIED));
}

TEST(MovesTest, EveryStateIsReachedAndEveryOneThatIsNotFinalCanEnd) {
  std::map<ApplicationState, std::set<ApplicationState>> next;
  for (const LegalMove& legal : LegalMoves()) next[legal.from].insert(legal.to);
  const auto reachable = [&](ApplicationState from) {
    std::set<ApplicationState> seen = {from};
    std::vector<ApplicationState> open = {from};
    while (!open.empty()) {
      const ApplicationState state = open.back();
      open.pop_back();
      for (const ApplicationState to : next[state]) {
        if (seen.insert(to).second) open.push_back(to);
      }
    }
    return seen;
  };
  EXPECT_EQ(reachable(v1::APPLICATION_STATE_DRAFT).size(), AllStates().size());
  for (const ApplicationState state : AllStates()) {
    const std::set<ApplicationState> seen = reachable(state);
    EXPECT_TRUE(std::any_of(seen.begin(), seen.end(), IsFinal)) << StateName(state);
  }
}

// A consent is as easy to take back as to give.
TEST(MovesTest, AConsentCanBeWithdrawnInEveryState) {
  for (const ApplicationState state : AllStates()) {
    EXPECT_TRUE(MayLead(state, Move::kWithdrawConsent, state)) << StateName(state);
  }
}

// Domain invariant: withdrawal is possible at every stage before the hand-over.
TEST(MovesTest, WithdrawalIsLegalExactlyBeforeTheHandOver) {
  std::set<std::string> states;
  for (const ApplicationState state : AllStates()) {
    if (IsLegal(state, Move::kWithdraw)) states.insert(StateName(state));
  }
  EXPECT_THAT(states, ::testing::UnorderedElementsAre("DRAFT", "SUBMITTED", "UNDER_REVIEW",
                                                      "SUPPLEMENT", "PUBLIC_NOTICE", "ON_HOLD",
                                                      "PRICING", "APPEALED", "APPROVED",
                                                      "DISPATCHED", "SCHEDULED", "TRANSFERRING"));
}

}  // namespace
}  // namespace fuju::applications
