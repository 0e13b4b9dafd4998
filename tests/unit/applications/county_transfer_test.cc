#include "applications/county_transfer.h"

#include <utility>

#include "absl/strings/match.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications/appeal_decisions.h"
#include "applications/footprint.h"
#include "applications/review_decisions.h"
#include "applications/service_decisions.h"
#include "chassis/values/refusal.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/transfer_events.pb.h"
#include "support/violations.h"
#include "unit/applications/shipped_chains.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::kId;
using testing::kNewAddress;
using testing::kNewCounty;
using testing::kNote;
using testing::OrderOf;
using testing::RoundOf;
using testing::TestCase;

constexpr ApplicationState kAtOnce[] = {
    v1::APPLICATION_STATE_SUBMITTED,  v1::APPLICATION_STATE_UNDER_REVIEW,
    v1::APPLICATION_STATE_SUPPLEMENT, v1::APPLICATION_STATE_PUBLIC_NOTICE,
    v1::APPLICATION_STATE_ON_HOLD,    v1::APPLICATION_STATE_PRICING};

Result Transfer(const TestCase& test_case, const std::string& county = kNewCounty,
                const std::string& actor = "applicant:a1", const std::string& proof = kNote) {
  return DecideTransfer(test_case.record(), {county, kNewAddress, proof}, test_case.rules(),
                        {test_case.now(), actor});
}

std::vector<std::string> CountyIndexes(const TestCase& test_case) {
  std::vector<std::string> names;
  for (const chassis::IndexEntry& entry : FootprintOf(kId, test_case.record()).index) {
    if (absl::StartsWith(entry.index, "county:")) names.push_back(entry.index);
  }
  return names;
}

TEST(TransferTest, BeforeTheApprovalTheNewCountyHasTheCaseAtOnce) {
  for (const ApplicationState state : kAtOnce) {
    SCOPED_TRACE(StateName(state));
    TestCase test_case = TestCase::In(state);
    const v1::Application before = test_case.application();
    ASSERT_TRUE(test_case.Take(Transfer(test_case)));
    const v1::Application& after = test_case.application();
    EXPECT_EQ(after.state(), v1::APPLICATION_STATE_SUBMITTED);
    EXPECT_EQ(after.county_code(), kNewCounty);
    EXPECT_EQ(after.applicant().address(), kNewAddress);
    // It is the same case, with its history.
    EXPECT_EQ(after.name(), before.name());
    EXPECT_EQ(after.person_key(), before.person_key());
    EXPECT_EQ(after.timeline_size(), before.timeline_size() + 1);
    EXPECT_EQ(after.questionnaire_answers_size(), before.questionnaire_answers_size());
    EXPECT_EQ(after.submit_time().seconds(), before.submit_time().seconds());
    EXPECT_EQ(after.review().acts_size(), before.review().acts_size());
    EXPECT_THAT(CountyIndexes(test_case),
                ::testing::ElementsAre("county:620103", "county:620103:SUBMITTED"));
    // Nothing of the old county binds the new one, and none of its clocks runs.
    EXPECT_FALSE(after.has_subsidy());
    EXPECT_FALSE(after.has_outcome());
    EXPECT_EQ(after.review().stage(), "");
    EXPECT_FALSE(test_case.record().has_review_clock());
    EXPECT_FALSE(test_case.record().has_limit());
    EXPECT_TRUE(after.review().has_promise());
    EXPECT_EQ(after.funding_request(), before.funding_request() + 1);
    ASSERT_EQ(after.transfers_size(), 1);
    EXPECT_EQ(after.transfers(0).from_county_code(), "620102");
    EXPECT_EQ(after.transfers(0).result(), v1::TRANSFER_RESULT_DONE);
    const auto& fact = dynamic_cast<const v1::ApplicationTransferred&>(test_case.last_fact());
    EXPECT_EQ(fact.from_county_code(), "620102");
    EXPECT_EQ(fact.facts().county_code(), kNewCounty);
    EXPECT_FALSE(absl::StrContains(fact.DebugString(), kNote));
  }
}

TEST(TransferTest, AsksTheVendorSideFirstAfterTheApproval) {
  for (const ApplicationState state :
       {v1::APPLICATION_STATE_APPROVED, v1::APPLICATION_STATE_DISPATCHED,
        v1::APPLICATION_STATE_SCHEDULED}) {
    SCOPED_TRACE(StateName(state));
    TestCase test_case = TestCase::In(state);
    ASSERT_TRUE(test_case.Take(Transfer(test_case)));
    EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_TRANSFERRING);
    EXPECT_EQ(test_case.application().county_code(), "620102");
    EXPECT_TRUE(test_case.application().subsidy().reserved());
    EXPECT_NE(dynamic_cast<const v1::TransferRequested*>(&test_case.last_fact()), nullptr);
    ASSERT_TRUE(test_case.Do(state == v1::APPLICATION_STATE_APPROVED ? Move::kDispatchCancelled
                                                                     : Move::kOrderCancelled));
    EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_SUBMITTED);
    EXPECT_EQ(test_case.application().county_code(), kNewCounty);
    EXPECT_FALSE(test_case.application().has_service());
    EXPECT_NE(dynamic_cast<const v1::ApplicationTransferred*>(&test_case.last_fact()), nullptr);
  }
}

TEST(TransferTest, AHandOverThatCameFirstWins) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_SCHEDULED);
  ASSERT_TRUE(test_case.Do(Move::kTransfer));
  ASSERT_TRUE(test_case.Do(Move::kDispatchRecalled));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_TRANSFERRING);
  ASSERT_TRUE(test_case.Do(Move::kOrderCompleted));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_FITTED);
  EXPECT_EQ(test_case.application().county_code(), "620102");
  EXPECT_TRUE(test_case.application().subsidy().reserved());
  EXPECT_EQ(test_case.application().transfers(0).result(), v1::TRANSFER_RESULT_TOO_LATE);
}

TEST(TransferTest, WhoWithdrawsMeanwhileIsNotTransferred) {
  for (const Move move : {Move::kWithdraw, Move::kTerminate}) {
    TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DISPATCHED);
    ASSERT_TRUE(test_case.Do(Move::kTransfer));
    ASSERT_TRUE(test_case.Do(Move::kDispatchRecalled));
    ASSERT_TRUE(test_case.Do(move));
    EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_WITHDRAWING);
    EXPECT_EQ(test_case.application().transfers(0).result(), v1::TRANSFER_RESULT_ENDED);
    ASSERT_TRUE(test_case.Do(Move::kOrderCancelled));
    EXPECT_TRUE(IsFinal(test_case.state()));
    EXPECT_EQ(test_case.application().county_code(), "620102");
  }
}

TEST(TransferTest, NeedsAProofAndAnotherCounty) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  const absl::Status status = Transfer(test_case, kNewCounty, "applicant:a1", "").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(test_support::PathsOf(status), "proof");
  const absl::Status same = Transfer(test_case, "620102").status();
  EXPECT_EQ(same.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(same), "STATE_FORBIDS");
  // An office needs no proof.
  EXPECT_TRUE(Transfer(test_case, kNewCounty, "town_officer:t1", "").ok());
}

// The catalogue decided for the old county before it heard of the transfer.
TEST(TransferTest, AnAnswerForTheOldCountyIsNotTakenForOneOfTheNew) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_SUBMITTED);
  ASSERT_TRUE(test_case.Do(Move::kTransfer));
  catalogue::v1::Grant old = testing::ReservedGrant();
  old.set_funding_request(1);
  const Result reserved =
      DecideSubsidyReserved(test_case.record(), old, test_case.rules(), test_case.act());
  ASSERT_TRUE(reserved.ok()) << reserved.status();
  EXPECT_FALSE(reserved->changed);
  const Result refused =
      DecideSubsidyRefused(test_case.record(), old, test_case.rules(), test_case.act());
  ASSERT_TRUE(refused.ok()) << refused.status();
  EXPECT_FALSE(refused->changed);
  catalogue::v1::Grant of_new = testing::ReservedGrant();
  of_new.set_funding_request(2);
  ASSERT_TRUE(test_case.Take(
      DecideSubsidyReserved(test_case.record(), of_new, test_case.rules(), test_case.act())));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_UNDER_REVIEW);
}

// The old search had two attempts; the new one begins with the third. Nothing that is still heard
// of the first two counts, whatever the case does meanwhile.
TEST(TransferTest, WhatIsStillHeardOfTheOldSearchHasNoEffect) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DISPATCHED);
  ASSERT_TRUE(test_case.Take(DecideDispatchAccepted(
      test_case.record(), RoundOf(2, dispatch::v1::ROUND_STATE_ASSIGNED), test_case.act())));
  ASSERT_TRUE(test_case.Do(Move::kTransfer));
  ASSERT_TRUE(test_case.Take(DecideOrderCancelled(test_case.record(),
                                                  OrderOf(2, fitting::v1::ORDER_STATE_CANCELLED),
                                                  test_case.rules(), test_case.act())));
  ASSERT_TRUE(test_case.Do(Move::kSubsidyReserved));
  ASSERT_TRUE(test_case.Do(Move::kApprove));
  const auto nothing_counts = [&] {
    const Record& record = test_case.record();
    const Rules& rules = test_case.rules();
    const Act act = test_case.act();
    for (const int n : {1, 2}) {
      const Result late[] = {
          DecideDispatchAccepted(record, RoundOf(n, dispatch::v1::ROUND_STATE_ASSIGNED), act),
          DecideDispatchExhausted(record, RoundOf(n, dispatch::v1::ROUND_STATE_MANUAL), act),
          DecideDispatchFailed(record, RoundOf(n, dispatch::v1::ROUND_STATE_FAILED), "", rules,
                               act),
          DecideDispatchCancelled(record, RoundOf(n, dispatch::v1::ROUND_STATE_CANCELLED), rules,
                                  act),
          DecideDispatchRecalled(record, RoundOf(n, dispatch::v1::ROUND_STATE_RECALLED), rules,
                                 act),
          DecideOrderScheduled(record, OrderOf(n, fitting::v1::ORDER_STATE_SCHEDULED), act),
          DecideOrderCompleted(record, OrderOf(n, fitting::v1::ORDER_STATE_COMPLETED), rules, act),
          DecideOrderCancelled(record, OrderOf(n, fitting::v1::ORDER_STATE_CANCELLED), rules, act),
          DecideOrderReturned(record, OrderOf(n, fitting::v1::ORDER_STATE_RETURNED), rules, act),
          DecideOrderAbandoned(record, OrderOf(n, fitting::v1::ORDER_STATE_ABANDONED), rules, act),
      };
      for (size_t i = 0; i < std::size(late); ++i) {
        ASSERT_TRUE(late[i].ok()) << late[i].status();
        EXPECT_FALSE(late[i]->changed) << "attempt " << n << ", fact " << i;
      }
    }
  };
  nothing_counts();
  ASSERT_TRUE(test_case.Do(Move::kWithdraw));
  nothing_counts();
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_WITHDRAWING);
  ASSERT_TRUE(test_case.Take(
      DecideDispatchCancelled(test_case.record(), RoundOf(3, dispatch::v1::ROUND_STATE_CANCELLED),
                              test_case.rules(), test_case.act())));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_WITHDRAWN);
}

// An officer of the eligibility must not approve, also if it was for the county before, whose chain
// calls the stage otherwise.
TEST(TransferTest, WhoDecidedForTheOldCountyStillDecidedBefore) {
  v1::Chain full = testing::ShippedChain("full.v1.json");
  const ChainBook chains = testing::BookWith(full);
  const Rules rules{testing::DefaultLimits(), testing::Calendar(), chains,
                    testing::DefaultRules().intake};
  TestCase test_case = TestCase::Drafted(rules);
  ASSERT_TRUE(test_case.Do(Move::kSubmit));
  ASSERT_TRUE(test_case.Do(Move::kSubsidyReserved));
  const auto pass_by = [&](const std::string& person) {
    const v1::Review& review = test_case.application().review();
    for (const v1::Stage& stage : full.stages()) {
      if (stage.id() == review.stage()) test_case.ActAs(stage.roles(0) + ":" + person);
    }
    return DecideApprove(test_case.record(), Verdict{"", {}, ""}, rules, test_case.act());
  };
  while (test_case.application().review().stage() != "eligibility") {
    ASSERT_TRUE(test_case.Take(pass_by("first")));
  }
  ASSERT_TRUE(test_case.Take(pass_by("wang")));
  ASSERT_TRUE(test_case.Take(Transfer(test_case)));
  // As another chain would have called it.
  Record record = test_case.record();
  for (v1::StageAct& act : *record.mutable_application()->mutable_review()->mutable_acts()) {
    EXPECT_EQ(act.county_code(), "620102");
    act.set_stage("old_" + act.stage());
  }
  chassis::Decision<Record> renamed;
  renamed.next = record;
  renamed.facts = {test_case.facts().back()};
  ASSERT_TRUE(test_case.Take(std::move(renamed)));
  ASSERT_TRUE(test_case.Do(Move::kSubsidyReserved));
  while (test_case.application().review().stage() != "approval") {
    ASSERT_TRUE(test_case.Take(pass_by("li")));
  }
  EXPECT_EQ(chassis::ReasonOf(pass_by("wang").status()), "OFFICER_ACTED_BEFORE");
  EXPECT_TRUE(pass_by("zhao").ok());
}

// Each county's decision can be appealed against once.
TEST(TransferTest, TheNewCountysRejectionCanBeAppealedAgainst) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_APPEALED);
  ASSERT_TRUE(test_case.Do(Move::kGrantAppeal));
  ASSERT_TRUE(test_case.Do(Move::kTransfer));
  EXPECT_EQ(test_case.application().transfers(0).appeal().result(), v1::APPEAL_RESULT_GRANTED);
  EXPECT_FALSE(test_case.application().review().has_appeal());
  ASSERT_TRUE(test_case.Do(Move::kSubsidyReserved));
  test_case.ActAs("county_reviewer:another");
  ASSERT_TRUE(test_case.Do(Move::kReject));
  EXPECT_TRUE(test_case.Do(Move::kAppeal));
}

}  // namespace
}  // namespace fuju::applications
