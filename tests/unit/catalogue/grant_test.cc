#include "catalogue/grant.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/ledger/transfer.h"
#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "unit/catalogue/grant_examples.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

chassis::Versioned<v1::Grant> InState(v1::GrantState state) {
  chassis::Versioned<v1::Grant> grant = Opened();
  grant.state.set_state(state);
  return grant;
}

absl::StatusOr<chassis::Decision<v1::Grant>> Repriced(const chassis::Versioned<v1::Grant>& grant,
                                                      int64_t price, int32_t number,
                                                      const FundsAtHand& funds = Plenty()) {
  return RepriceGrant(grant, vocabulary::Fen(price), number, funds, DecisionTime(),
                      Catalogue(ExampleRecord()), DefaultPolicy());
}

TEST(GrantTest, ReservesForAnEligibleApplication) {
  const auto decision =
      OpenGrant({}, EligibleApplication(), Assess(EligibleApplication()), Plenty(), DecisionTime());
  ASSERT_TRUE(decision.ok());
  const v1::Grant& grant = decision->next;
  EXPECT_EQ(grant.state(), v1::GRANT_STATE_RESERVED);
  EXPECT_EQ(grant.name(), std::string("grants/") + kId);
  EXPECT_EQ(grant.application(), std::string("applications/") + kId);
  EXPECT_EQ(grant.amount_fen(), 98000);
  EXPECT_EQ(grant.county_code(), "620102");
  EXPECT_EQ(grant.fiscal_year(), 2026);
  EXPECT_EQ(grant.facts().birth_date(), "1986-01-20");
  EXPECT_TRUE(grant.decision().eligible());
  EXPECT_EQ(GrantOf<v1::SubsidyReserved>(*decision).SerializeAsString(), grant.SerializeAsString());
}

TEST(GrantTest, RefusesWithTheCodesOfTheFailedRules) {
  GrantApplication application = EligibleApplication();
  application.facts.set_grade(4);
  application.facts.set_other_payer(true);
  const auto decision = OpenGrant({}, application, Assess(application), Plenty(), DecisionTime());
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->next.state(), v1::GRANT_STATE_REFUSED);
  EXPECT_EQ(decision->next.amount_fen(), 0);
  EXPECT_THAT(decision->next.refusal_codes(), ElementsAre("DISABILITY_GRADE", "OTHER_PAYER"));
  GrantOf<v1::SubsidyRefused>(*decision);
}

TEST(GrantTest, RefusesAnUnknownItem) {
  GrantApplication application = EligibleApplication();
  application.item_code = "Z99";
  const v1::SubsidyDecision assessed = Assess(application);
  EXPECT_FALSE(assessed.eligible());
  EXPECT_EQ(assessed.self_pay_fen(), 98000);
  EXPECT_EQ(assessed.catalogue_version(), "test-1");
  ASSERT_EQ(assessed.rules_size(), 1);
  EXPECT_FALSE(assessed.rules(0).text_zh().empty());
  EXPECT_FALSE(assessed.rules(0).text_en().empty());
  const auto decision = OpenGrant({}, application, assessed, Plenty(), DecisionTime());
  EXPECT_THAT(decision->next.refusal_codes(), ElementsAre("ITEM_UNKNOWN"));
}

TEST(GrantTest, RefusesAnItemOfAnotherDivision) {
  GrantApplication application = EligibleApplication();
  application.device_division = "120303";
  const v1::SubsidyDecision assessed = Assess(application);
  EXPECT_FALSE(assessed.eligible());
  EXPECT_EQ(assessed.subsidy_fen(), 0);
  EXPECT_EQ(assessed.self_pay_fen(), 98000);
  EXPECT_EQ(assessed.rules_size(), 10) << "the other rules are answered too";
  const auto decision = OpenGrant({}, application, assessed, Plenty(), DecisionTime());
  EXPECT_THAT(decision->next.refusal_codes(), ElementsAre("DIVISION_MISMATCH"));
}

TEST(GrantTest, TheTreasuryPaysOnce) {
  const auto paid =
      MarkPaid(InState(v1::GRANT_STATE_SETTLED), kId, "paymentBatches/1", DecisionTime());
  EXPECT_EQ(GrantOf<v1::SubsidyPaid>(*paid).payment_batch(), "paymentBatches/1");
  EXPECT_EQ(paid->next.state(), v1::GRANT_STATE_PAID);
  EXPECT_FALSE(MarkPaid({paid->next, 3}, kId, "paymentBatches/1", DecisionTime())->changed);
  EXPECT_EQ(chassis::ReasonOf(
                MarkPaid({paid->next, 3}, kId, "paymentBatches/2", DecisionTime()).status()),
            "STATE_FORBIDS");
  EXPECT_EQ(chassis::ReasonOf(MarkPaid(Opened(), kId, "paymentBatches/1", DecisionTime()).status()),
            "STATE_FORBIDS");
}

TEST(GrantTest, IsOpenedOnce) {
  const GrantApplication application = EligibleApplication();
  EXPECT_FALSE(
      OpenGrant(Opened(), application, Assess(application), Plenty(), DecisionTime())->changed);
}

// After an appeal: what was refused, or given back with the end, is decided anew.
TEST(GrantTest, IsReopenedWhereTheMoneyIsNotHeld) {
  const GrantApplication application = EligibleApplication();
  const v1::SubsidyDecision decision = Assess(application);
  for (const v1::GrantState state : {v1::GRANT_STATE_REFUSED, v1::GRANT_STATE_RELEASED}) {
    const auto reserved =
        ReopenGrant(InState(state), application, decision, Plenty(), DecisionTime());
    ASSERT_TRUE(reserved.ok());
    EXPECT_EQ(reserved->next.state(), v1::GRANT_STATE_RESERVED);
    EXPECT_EQ(GrantOf<v1::SubsidyReserved>(*reserved).amount_fen(), 98000);
    EXPECT_EQ(reserved->next.transfers_size(), 2) << "earlier ones stay";
    const auto unfunded =
        ReopenGrant(InState(state), application, decision, CountyOnly(0), DecisionTime());
    ASSERT_TRUE(unfunded.ok());
    GrantOf<v1::SubsidyQueued>(*unfunded);
  }
  for (const v1::GrantState state :
       {v1::GRANT_STATE_RESERVED, v1::GRANT_STATE_SETTLED, v1::GRANT_STATE_PAID}) {
    EXPECT_FALSE(
        ReopenGrant(InState(state), application, decision, Plenty(), DecisionTime())->changed);
  }
  // A case that was transferred has no grant yet in its new county.
  EXPECT_EQ(ReopenGrant({}, application, decision, Plenty(), DecisionTime())->next.state(),
            v1::GRANT_STATE_RESERVED);
}

// The county that pays is in front, the case behind.
TEST(GrantTest, EachCountyOfACaseHasItsOwn) {
  EXPECT_EQ(GrantId(std::string("applications/") + kId, "620102"), kId);
  GrantApplication application = EligibleApplication();
  application.county_code = "620103";
  application.facts.set_county_code("620103");
  application.funding_request = 2;
  const auto decision =
      ReopenGrant({}, application, Assess(application), CountyOnly(98000), DecisionTime());
  ASSERT_TRUE(decision.ok());
  const v1::Grant& grant = decision->next;
  EXPECT_EQ(grant.name(), "grants/620103-01HZX3M9Q2V7N8K4T6R5W1Y0AB");
  EXPECT_EQ(grant.application(), std::string("applications/") + kId);
  EXPECT_EQ(grant.funding_request(), 2);
  EXPECT_THAT(GrantFootprint(GrantId(grant.application(), "620103"), grant).holdings,
              UnorderedElementsAre(chassis::Holding{"ledger:620103-2026-4:available", -98000},
                                   chassis::Holding{"ledger:620103-2026-4:reserved", 98000}));
}

TEST(GrantTest, HoldsByTheFixedPrice) {
  const auto decision = Repriced(Opened(), 90000, 2, CountyOnly(0));
  ASSERT_TRUE(decision.ok());
  const v1::Grant& grant = GrantOf<v1::SubsidyRepriced>(*decision);
  EXPECT_EQ(grant.state(), v1::GRANT_STATE_RESERVED);
  EXPECT_EQ(grant.amount_fen(), 90000);
  EXPECT_EQ(grant.funding_request(), 2);
  EXPECT_THAT(GrantFootprint(kId, decision->next).holdings,
              UnorderedElementsAre(chassis::Holding{"ledger:620102-2026-4:available", -90000},
                                   chassis::Holding{"ledger:620102-2026-4:reserved", 90000}));
}

// A general family: the fund pays half. The person pays the rest of the price, not of the quote.
TEST(GrantTest, DividesTheFixedPrice) {
  GrantApplication application = EligibleApplication();
  application.facts.set_economic_status(type::v1::ECONOMIC_STATUS_YB);
  const auto grant = Opened(application);
  const auto fixed = Repriced(grant, 90001, 2);
  ASSERT_TRUE(fixed.ok()) << fixed.status();
  const v1::SubsidyDecision& decision = fixed->next.decision();
  EXPECT_EQ(decision.subsidy_fen(), 45000);
  EXPECT_EQ(decision.self_pay_fen(), 45001);
  EXPECT_EQ(decision.quote_fen(), 98000);
  EXPECT_EQ(decision.approved_price_fen(), 90001);
  EXPECT_EQ(decision.rules_size(), grant.state.decision().rules_size() + 1);
  EXPECT_EQ(decision.rules().rbegin()->code(), "APPROVED_PRICE");
  // Again: one line, with the price that counts.
  const auto again = Repriced({fixed->next, 2}, 98000, 3);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->next.decision().rules_size(), decision.rules_size());
  EXPECT_EQ(again->next.decision().rules().rbegin()->values(), "price 98000, quote 98000");
  EXPECT_EQ(again->next.decision().subsidy_fen(), 49000);
}

// What was decided when the money was reserved counts, also the ceiling and the limits of then.
TEST(GrantTest, APriceIsLookedAtByWhatWasDecidedOn) {
  storage::v1::CatalogueRecord record = ExampleRecord();
  record.mutable_items(0)->set_price_ceiling_fen(80000);
  record.mutable_version()->mutable_policy()->set_yearly_cap_fen(100000);
  const Catalogue catalogue(record);
  GrantApplication application = EligibleApplication();
  application.history = {DeliveryOn("2026-02-01", "120303")};
  application.history[0].set_subsidy_fen(30000);
  const auto decision = AssessApplication(application, catalogue, true, DecisionTime(), {});
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->subsidy_fen(), 70000);
  chassis::Versioned<v1::Grant> grant;
  grant.state = OpenGrant({}, application, *decision, Plenty(), DecisionTime())->next;
  grant.version = 1;
  const absl::Time next_year = DecisionTime() + absl::Hours(24 * 365);
  const auto at = [&](int64_t price) {
    auto repriced = RepriceGrant(grant, vocabulary::Fen(price), 2, Plenty(), next_year, catalogue,
                                 DefaultPolicy());
    EXPECT_TRUE(repriced.ok()) << repriced.status();
    grant.state = repriced->next;
    return grant.state.amount_fen();
  };
  EXPECT_EQ(at(60000), 60000);
  EXPECT_EQ(at(98000), 70000);
  EXPECT_EQ(grant.state.decision().allowed_price_fen(), 80000);
  EXPECT_EQ(grant.state.decision().self_pay_fen(), 28000);
}

TEST(GrantTest, RefusesAPriceThatIsNone) {
  for (const int64_t price : {int64_t{0}, int64_t{-1}, int64_t{98001}}) {
    EXPECT_EQ(Repriced(Opened(), price, 2).status().code(), absl::StatusCode::kInvalidArgument)
        << price;
  }
}

TEST(GrantTest, APriceThatTheBudgetDoesNotHoldChangesNothing) {
  const auto lower = Repriced(Opened(), 60000, 2, CountyOnly(0));
  const chassis::Versioned<v1::Grant> cheap = {lower->next, 2};
  FundsAtHand waited_for = CountyOnly(1000000);
  waited_for.waiting = 1;
  for (const FundsAtHand& funds : {CountyOnly(19999), waited_for}) {
    const auto decision = Repriced(cheap, 80000, 3, funds);
    ASSERT_TRUE(decision.ok());
    EXPECT_EQ(decision->next.amount_fen(), 60000);
    EXPECT_EQ(decision->next.funding_request(), 3);
    EXPECT_EQ(decision->next.transfers_size(), 2);
    EXPECT_TRUE(dynamic_cast<const v1::SubsidyRepriced&>(*decision->facts.at(0)).refused());
  }
  const auto dearer = Repriced(cheap, 80000, 3, CountyOnly(20000));
  EXPECT_THAT(Moves(dearer->next),
              ElementsAre("4:available>reserved 98000", "4:reserved>available 38000",
                          "4:available>reserved 20000"));
}

TEST(GrantTest, OnlyReservedMoneyIsRepriced) {
  for (const v1::GrantState state : {v1::GRANT_STATE_REFUSED, v1::GRANT_STATE_RELEASED,
                                     v1::GRANT_STATE_SETTLED, v1::GRANT_STATE_PAID}) {
    EXPECT_FALSE(Repriced(InState(state), 90000, 2)->changed);
  }
}

TEST(GrantTest, RefusesFactsOfAnotherCounty) {
  GrantApplication application = EligibleApplication();
  application.facts.set_county_code("620103");
  const auto decision =
      AssessApplication(application, Catalogue(ExampleRecord()), true, DecisionTime(), {});
  EXPECT_EQ(decision.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(GrantTest, ReleasesOneThatWaits) {
  const auto waits = OpenGrant({}, EligibleApplication(), Assess(EligibleApplication()),
                               CountyOnly(0), DecisionTime());
  const auto released = ReleaseGrant({waits->next, 1}, kId, DecisionTime());
  GrantOf<v1::SubsidyReleased>(*released);
  EXPECT_THAT(released->next.transfers(), IsEmpty());
  EXPECT_THAT(GrantFootprint(kId, released->next).holdings, IsEmpty());
  EXPECT_EQ(chassis::ReasonOf(
                SettleGrant({waits->next, 1}, kId, kVendor, nullptr, DecisionTime()).status()),
            "STATE_FORBIDS")
      << "nobody can accept a device that was never approved";
}

TEST(GrantTest, SettlesOnceAndNamesTheVendor) {
  const absl::Time later = DecisionTime() + absl::Hours(48);
  const auto decision = SettleGrant(Opened(), kId, kVendor, nullptr, later);
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->next.state(), v1::GRANT_STATE_SETTLED);
  EXPECT_EQ(decision->next.vendor(), kVendor);
  EXPECT_EQ(decision->next.amount_fen(), 98000);
  EXPECT_EQ(decision->next.update_time().seconds(), absl::ToUnixSeconds(later));
  GrantOf<v1::SubsidySettled>(*decision);
  EXPECT_FALSE(SettleGrant({decision->next, 2}, kId, kVendor, nullptr, later)->changed);
}

TEST(GrantTest, ReleasesWhatIsReserved) {
  const auto decision = ReleaseGrant(Opened(), kId, DecisionTime());
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->next.state(), v1::GRANT_STATE_RELEASED);
  EXPECT_EQ(decision->next.amount_fen(), 98000);
  GrantOf<v1::SubsidyReleased>(*decision);
}

// All moves from all states; what contradicts an earlier fact is an error that an operator has to
// see.
TEST(GrantTest, KnowsItsLegalMoves) {
  const chassis::Versioned<v1::Grant> none;
  EXPECT_FALSE(ReleaseGrant(none, kId, DecisionTime())->changed) << "a withdrawn draft";
  EXPECT_FALSE(ReleaseGrant(InState(v1::GRANT_STATE_REFUSED), kId, DecisionTime())->changed);
  EXPECT_FALSE(ReleaseGrant(InState(v1::GRANT_STATE_RELEASED), kId, DecisionTime())->changed);
  const auto paid = ReleaseGrant(InState(v1::GRANT_STATE_SETTLED), kId, DecisionTime());
  EXPECT_EQ(paid.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(paid.status()), "STATE_FORBIDS");
  for (const v1::GrantState state : {v1::GRANT_STATE_REFUSED, v1::GRANT_STATE_RELEASED}) {
    const auto refused = SettleGrant(InState(state), kId, kVendor, nullptr, DecisionTime());
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(chassis::MetadataOf(refused.status(), "state"), v1::GrantState_Name(state));
  }
  EXPECT_EQ(SettleGrant(none, kId, kVendor, nullptr, DecisionTime()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(GrantTest, HoldsExactlyWhatItsTransfersSay) {
  using chassis::Holding;
  const chassis::Versioned<v1::Grant> opened = Opened();
  EXPECT_THAT(GrantFootprint(kId, opened.state).holdings,
              UnorderedElementsAre(Holding{"ledger:620102-2026-4:available", -98000},
                                   Holding{"ledger:620102-2026-4:reserved", 98000}));
  const auto settled = SettleGrant(opened, kId, kVendor, nullptr, DecisionTime());
  EXPECT_THAT(GrantFootprint(kId, settled->next).holdings,
              UnorderedElementsAre(Holding{"ledger:620102-2026-4:available", -98000},
                                   Holding{"ledger:620102-2026-4:payable", 98000}));
  const auto released = ReleaseGrant(opened, kId, DecisionTime());
  EXPECT_THAT(GrantFootprint(kId, released->next).holdings, IsEmpty());
  EXPECT_THAT(GrantFootprint(kId, v1::Grant()).holdings, IsEmpty());
  EXPECT_THAT(GrantFootprint(kId, v1::Grant()).index, IsEmpty());
}

TEST(GrantTest, IsPayableWhileItIsSettled) {
  const auto settled = SettleGrant(Opened(), kId, kVendor, nullptr, DecisionTime());
  EXPECT_THAT(GrantFootprint(kId, settled->next).index,
              testing::Contains(
                  chassis::IndexEntry{"payable-620102", kId, absl::ToUnixMillis(DecisionTime())}));
  const auto paid = MarkPaid({settled->next, 2}, kId, "paymentBatches/1", DecisionTime());
  EXPECT_EQ(GrantFootprint(kId, paid->next).index.size(), 1u) << "the index of all grants";
}

// 2026-12-31 16:30 UTC is the first morning of 2027 in Gansu.
TEST(GrantTest, TakesTheYearOfShanghai) {
  const absl::Time new_year = vocabulary::StartOfDay(absl::CivilDay(2027, 1, 1));
  for (const auto& [now, year] :
       {std::pair(new_year, 2027), std::pair(new_year - absl::Seconds(1), 2026)}) {
    const GrantApplication application = EligibleApplication();
    const auto assessed = AssessApplication(application, Catalogue(ExampleRecord()), true, now, {});
    const auto decision = OpenGrant({}, application, *assessed, Plenty(), now);
    EXPECT_EQ(decision->next.fiscal_year(), year);
    EXPECT_EQ(decision->next.decision().decision_date().substr(0, 4), std::to_string(year));
  }
}

}  // namespace
}  // namespace fuju::catalogue
