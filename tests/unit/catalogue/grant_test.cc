#include "catalogue/grant.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/grant_queue.h"
#include "catalogue/ledger/account.h"
#include "catalogue/ledger/transfer.h"
#include "chassis/values/refusal.h"
#include "examples.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr char kId[] = "620102-01HZX3M9Q2V7N8K4T6R5W1Y0AB";
constexpr char kVendor[] = "vendors/91620100MA00000000";

v1::SubsidyDecision Assess(const GrantApplication& application, bool county_known = true) {
  const Catalogue catalogue(ExampleRecord());
  const auto decision =
      AssessApplication(application, catalogue, county_known, DecisionTime(), DefaultPolicy());
  EXPECT_TRUE(decision.ok()) << decision.status();
  return decision.value_or(v1::SubsidyDecision());
}

FundsAtHand CountyOnly(int64_t amount_fen) {
  FundsAtHand funds;
  funds.order = FundOrderOf({});
  funds.available[v1::FUND_SOURCE_COUNTY] = amount_fen;
  return funds;
}

// "4:AVAILABLE>RESERVED 98000", one text a transfer.
std::vector<std::string> Moves(const v1::Grant& grant) {
  std::vector<std::string> moves;
  for (const v1::LedgerEntry& entry : grant.transfers()) {
    moves.push_back(absl::StrCat(static_cast<int>(entry.fund_source()), ":",
                                 AccountName(entry.credit()), ">", AccountName(entry.debit()), " ",
                                 entry.amount_fen()));
  }
  return moves;
}

chassis::Versioned<v1::Grant> Opened(const GrantApplication& application = EligibleApplication()) {
  const auto decision =
      OpenGrant({}, application, Assess(application), CountyOnly(1000000), DecisionTime());
  EXPECT_TRUE(decision.ok());
  return {decision->next, 1};
}

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

template <typename Fact>
const v1::Grant& GrantOf(const chassis::Decision<v1::Grant>& decision) {
  EXPECT_EQ(decision.facts.size(), 1u);
  const auto* fact = dynamic_cast<const Fact*>(decision.facts.at(0).get());
  EXPECT_NE(fact, nullptr) << decision.facts.at(0)->GetTypeName();
  return fact == nullptr ? v1::Grant::default_instance() : fact->grant();
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

TEST(GrantTest, WaitsWithoutMoney) {
  const auto decision = OpenGrant({}, EligibleApplication(), Assess(EligibleApplication()),
                                  CountyOnly(97999), DecisionTime());
  ASSERT_TRUE(decision.ok());
  const v1::Grant& grant = GrantOf<v1::SubsidyQueued>(*decision);
  EXPECT_EQ(grant.state(), v1::GRANT_STATE_QUEUED);
  EXPECT_TRUE(grant.decision().eligible());
  EXPECT_EQ(grant.amount_fen(), 98000) << "what it waits for";
  EXPECT_THAT(grant.transfers(), IsEmpty());
  EXPECT_EQ(grant.submit_time().seconds(), absl::ToUnixSeconds(DecisionTime()));
}

TEST(GrantTest, NobodyOvertakesOneWhoWaits) {
  FundsAtHand funds = Plenty();
  funds.waiting = 1;
  const auto decision =
      OpenGrant({}, EligibleApplication(), Assess(EligibleApplication()), funds, DecisionTime());
  EXPECT_EQ(decision->next.state(), v1::GRANT_STATE_QUEUED);
}

TEST(GrantTest, StandsInTheQueueByTheDateOfTheApplication) {
  GrantApplication application = EligibleApplication();
  application.submitted = DecisionTime() - absl::Hours(1);
  const auto decision =
      OpenGrant({}, application, Assess(application), CountyOnly(0), DecisionTime());
  const chassis::Footprint footprint = GrantFootprint(kId, decision->next);
  EXPECT_THAT(footprint.holdings, ElementsAre(chassis::Holding{"queue:620102", 1}));
  EXPECT_THAT(
      footprint.index,
      UnorderedElementsAre(
          chassis::IndexEntry{"grants-620102", kId,
                              absl::ToUnixMillis(vocabulary::StartOfDay(Day("2026-03-02")))},
          chassis::IndexEntry{"queue-620102", kId,
                              absl::ToUnixMillis(DecisionTime() - absl::Hours(1))}));
  EXPECT_THAT(footprint.timers,
              ElementsAre(chassis::Timer{"new_year", vocabulary::StartOfDay(Day("2027-01-01"))}));
}

TEST(GrantTest, SeveralFundsPayInTheirOrder) {
  FundsAtHand funds = CountyOnly(60000);
  funds.available[v1::FUND_SOURCE_NATIONAL] = 30000;
  funds.available[v1::FUND_SOURCE_PROVINCIAL] = 20000;
  const auto decision =
      OpenGrant({}, EligibleApplication(), Assess(EligibleApplication()), funds, DecisionTime());
  EXPECT_THAT(Moves(decision->next),
              ElementsAre("1:available>reserved 30000", "2:available>reserved 20000",
                          "4:available>reserved 48000"));
  ASSERT_EQ(decision->next.fund_shares_size(), 3);
  EXPECT_EQ(decision->next.fund_shares(2).amount_fen(), 48000);
  const auto settled = SettleGrant({decision->next, 1}, kId, kVendor, DecisionTime());
  using chassis::Holding;
  EXPECT_THAT(GrantFootprint(kId, settled->next).holdings,
              UnorderedElementsAre(Holding{"ledger:620102-2026-1:available", -30000},
                                   Holding{"ledger:620102-2026-1:payable", 30000},
                                   Holding{"ledger:620102-2026-2:available", -20000},
                                   Holding{"ledger:620102-2026-2:payable", 20000},
                                   Holding{"ledger:620102-2026-4:available", -48000},
                                   Holding{"ledger:620102-2026-4:payable", 48000}));
}

// A fact tells the transfers that were made with it, the grant keeps all.
TEST(GrantTest, AFactTellsItsOwnTransfers) {
  const auto settled = SettleGrant(Opened(), kId, kVendor, DecisionTime());
  EXPECT_THAT(Moves(settled->next),
              ElementsAre("4:available>reserved 98000", "4:reserved>payable 98000"));
  EXPECT_THAT(Moves(GrantOf<v1::SubsidySettled>(*settled)),
              ElementsAre("4:reserved>payable 98000"));
}

TEST(GrantTest, IsServedWhenMoneyComes) {
  const chassis::Versioned<v1::Grant> waits = {
      OpenGrant({}, EligibleApplication(), Assess(EligibleApplication()), CountyOnly(0),
                DecisionTime())
          ->next,
      1};
  EXPECT_FALSE(ServeGrant(waits, CountyOnly(97999), DecisionTime())->changed);
  FundsAtHand funds = CountyOnly(98000);
  funds.waiting = 3;
  const auto served = ServeGrant(waits, funds, DecisionTime() + absl::Hours(1));
  EXPECT_EQ(GrantOf<v1::SubsidyReserved>(*served).state(), v1::GRANT_STATE_RESERVED);
  EXPECT_THAT(Moves(served->next), ElementsAre("4:available>reserved 98000"));
  EXPECT_FALSE(ServeGrant({served->next, 2}, funds, DecisionTime())->changed);
}

// Which year's money it waits for changes at once; it is decided anew when it is its turn.
TEST(GrantTest, WaitsForTheMoneyOfTheNextYear) {
  const absl::Time new_year = vocabulary::StartOfDay(Day("2027-01-01"));
  const chassis::Versioned<v1::Grant> waits = {
      OpenGrant({}, EligibleApplication(), Assess(EligibleApplication()), CountyOnly(0),
                DecisionTime())
          ->next,
      1};
  EXPECT_FALSE(RollOver(waits, new_year - absl::Seconds(1))->changed);
  const auto rolled = RollOver(waits, new_year);
  EXPECT_EQ(GrantOf<v1::SubsidyQueued>(*rolled).fiscal_year(), 2027);
  const chassis::Versioned<v1::Grant> next_year = {rolled->next, 2};
  EXPECT_FALSE(RollOver(next_year, new_year)->changed);
  ASSERT_TRUE(MustDecideAnew(next_year.state, new_year));

  GrantApplication asked = ToApplication(next_year.state);
  EXPECT_EQ(asked.item_code, "M01");
  EXPECT_EQ(asked.quote.count(), 98000);
  const auto assessed =
      AssessApplication(asked, Catalogue(ExampleRecord()), true, new_year, DefaultPolicy());
  EXPECT_FALSE(ServeAnew(next_year, asked, *assessed, CountyOnly(0), new_year)->changed);
  FundsAtHand funds = CountyOnly(98000);
  funds.waiting = 1;
  const auto served = ServeAnew(next_year, asked, *assessed, funds, new_year);
  EXPECT_EQ(GrantOf<v1::SubsidyReserved>(*served).fiscal_year(), 2027);
  EXPECT_EQ(served->next.decision().decision_date(), "2027-01-01");
  EXPECT_EQ(served->next.submit_time().seconds(), waits.state.submit_time().seconds());
  EXPECT_EQ(BookOf("620102", served->next.transfers(0)).year, 2027);

  asked.facts.set_other_payer(true);
  const auto bad =
      AssessApplication(asked, Catalogue(ExampleRecord()), true, new_year, DefaultPolicy());
  EXPECT_THAT(GrantOf<v1::SubsidyRefused>(*ServeAnew(next_year, asked, *bad, funds, new_year))
                  .refusal_codes(),
              ElementsAre("OTHER_PAYER"));
}

TEST(GrantTest, AReservationExpires) {
  FundsAtHand funds = CountyOnly(98000);
  funds.reservation = absl::Hours(24);
  const auto opened =
      OpenGrant({}, EligibleApplication(), Assess(EligibleApplication()), funds, DecisionTime());
  const chassis::Versioned<v1::Grant> reserved = {opened->next, 1};
  const absl::Time due = DecisionTime() + absl::Hours(24);
  EXPECT_THAT(GrantFootprint(kId, reserved.state).timers,
              ElementsAre(chassis::Timer{"expiry", due}));
  EXPECT_FALSE(ExpireGrant(reserved, due - absl::Seconds(1))->changed);
  const auto expired = ExpireGrant(reserved, due);
  EXPECT_EQ(GrantOf<v1::SubsidyExpired>(*expired).state(), v1::GRANT_STATE_QUEUED);
  EXPECT_THAT(GrantFootprint(kId, expired->next).holdings,
              ElementsAre(chassis::Holding{"queue:620102", 1}));
  const chassis::Versioned<v1::Grant> waits = {expired->next, 2};
  // The case goes on: it is neither decided anew nor told that its review begins.
  EXPECT_FALSE(MustDecideAnew(waits.state, due + absl::Hours(24 * 400)));
  GrantOf<v1::SubsidyRenewed>(*ServeGrant(waits, funds, due));
  EXPECT_FALSE(ReopenGrant(waits, EligibleApplication(), Assess(EligibleApplication()), funds, due)
                   ->changed);

  // Accepted meanwhile: the vendor is owed as soon as there is money.
  const auto accepted = SettleGrant(waits, kId, kVendor, due);
  EXPECT_EQ(GrantOf<v1::SettlementAwaited>(*accepted).vendor(), kVendor);
  EXPECT_FALSE(SettleGrant({accepted->next, 3}, kId, kVendor, due)->changed);
  const auto settled = ServeGrant({accepted->next, 3}, funds, due);
  EXPECT_EQ(GrantOf<v1::SubsidySettled>(*settled).state(), v1::GRANT_STATE_SETTLED);
  EXPECT_THAT(settled->next.has_expire_time(), false);
  EXPECT_THAT(Moves(settled->next),
              ElementsAre("4:available>reserved 98000", "4:reserved>available 98000",
                          "4:available>reserved 98000", "4:reserved>payable 98000"));
}

TEST(GrantTest, ThePriceOfAnExpiredReservationIsFixedWithoutMoney) {
  FundsAtHand funds = CountyOnly(98000);
  funds.reservation = absl::Hours(24);
  const auto opened =
      OpenGrant({}, EligibleApplication(), Assess(EligibleApplication()), funds, DecisionTime());
  const auto expired = ExpireGrant({opened->next, 1}, DecisionTime() + absl::Hours(24));
  const auto repriced =
      RepriceGrant({expired->next, 2}, vocabulary::Fen(90000), 2, CountyOnly(0),
                   DecisionTime() + absl::Hours(25), Catalogue(ExampleRecord()), DefaultPolicy());
  EXPECT_EQ(GrantOf<v1::SubsidyRepriced>(*repriced).amount_fen(), 90000);
  EXPECT_EQ(repriced->next.state(), v1::GRANT_STATE_QUEUED);
  EXPECT_EQ(repriced->next.transfers_size(), 2);
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
  EXPECT_EQ(chassis::ReasonOf(SettleGrant({waits->next, 1}, kId, kVendor, DecisionTime()).status()),
            "STATE_FORBIDS")
      << "nobody can accept a device that was never approved";
}

TEST(GrantTest, SettlesOnceAndNamesTheVendor) {
  const absl::Time later = DecisionTime() + absl::Hours(48);
  const auto decision = SettleGrant(Opened(), kId, kVendor, later);
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->next.state(), v1::GRANT_STATE_SETTLED);
  EXPECT_EQ(decision->next.vendor(), kVendor);
  EXPECT_EQ(decision->next.amount_fen(), 98000);
  EXPECT_EQ(decision->next.update_time().seconds(), absl::ToUnixSeconds(later));
  GrantOf<v1::SubsidySettled>(*decision);
  EXPECT_FALSE(SettleGrant({decision->next, 2}, kId, kVendor, later)->changed);
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
    const auto refused = SettleGrant(InState(state), kId, kVendor, DecisionTime());
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(chassis::MetadataOf(refused.status(), "state"), v1::GrantState_Name(state));
  }
  EXPECT_EQ(SettleGrant(none, kId, kVendor, DecisionTime()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(GrantTest, HoldsExactlyWhatItsTransfersSay) {
  using chassis::Holding;
  const chassis::Versioned<v1::Grant> opened = Opened();
  EXPECT_THAT(GrantFootprint(kId, opened.state).holdings,
              UnorderedElementsAre(Holding{"ledger:620102-2026-4:available", -98000},
                                   Holding{"ledger:620102-2026-4:reserved", 98000}));
  const auto settled = SettleGrant(opened, kId, kVendor, DecisionTime());
  EXPECT_THAT(GrantFootprint(kId, settled->next).holdings,
              UnorderedElementsAre(Holding{"ledger:620102-2026-4:available", -98000},
                                   Holding{"ledger:620102-2026-4:payable", 98000}));
  const auto released = ReleaseGrant(opened, kId, DecisionTime());
  EXPECT_THAT(GrantFootprint(kId, released->next).holdings, IsEmpty());
  EXPECT_THAT(GrantFootprint(kId, v1::Grant()).holdings, IsEmpty());
  EXPECT_THAT(GrantFootprint(kId, v1::Grant()).index, IsEmpty());
}

TEST(GrantTest, IsPayableWhileItIsSettled) {
  const auto settled = SettleGrant(Opened(), kId, kVendor, DecisionTime());
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
