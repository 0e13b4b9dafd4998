// What a grant does with the funds of its county: who pays, who waits, what comes back.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/grant.h"
#include "catalogue/grant_queue.h"
#include "catalogue/ledger/transfer.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "unit/catalogue/grant_examples.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(GrantMoneyTest, WaitsWithoutMoney) {
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

TEST(GrantMoneyTest, NobodyOvertakesOneWhoWaits) {
  FundsAtHand funds = Plenty();
  funds.waiting = 1;
  const auto decision =
      OpenGrant({}, EligibleApplication(), Assess(EligibleApplication()), funds, DecisionTime());
  EXPECT_EQ(decision->next.state(), v1::GRANT_STATE_QUEUED);
}

TEST(GrantMoneyTest, StandsInTheQueueByTheDateOfTheApplication) {
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

TEST(GrantMoneyTest, SeveralFundsPayInTheirOrder) {
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
  const auto settled = SettleGrant({decision->next, 1}, kId, kVendor, nullptr, DecisionTime());
  using chassis::Holding;
  EXPECT_THAT(GrantFootprint(kId, settled->next).holdings,
              UnorderedElementsAre(Holding{"ledger:620102-2026-1:available", -30000},
                                   Holding{"ledger:620102-2026-1:payable", 30000},
                                   Holding{"ledger:620102-2026-2:available", -20000},
                                   Holding{"ledger:620102-2026-2:payable", 20000},
                                   Holding{"ledger:620102-2026-4:available", -48000},
                                   Holding{"ledger:620102-2026-4:payable", 48000}));
}

// Two-phase: what was reserved is posted in part, and the fund that comes last has the rest back.
TEST(GrantMoneyTest, AnInvoiceOfLessIsOwedOnly) {
  FundsAtHand funds = CountyOnly(60000);
  funds.available[v1::FUND_SOURCE_NATIONAL] = 30000;
  funds.available[v1::FUND_SOURCE_PROVINCIAL] = 20000;
  const auto opened =
      OpenGrant({}, EligibleApplication(), Assess(EligibleApplication()), funds, DecisionTime());
  storage::v1::CatalogueRecord record = ExampleRecord();
  v1::SubsidyPolicy& order = *record.mutable_version()->mutable_policy();
  order.set_mode(v1::SUBSIDY_MODE_CAP_THEN_RATIO);
  for (const v1::FundSource fund : funds.order) order.add_fund_order(fund);
  const Catalogue catalogue(record);
  const PreparedPolicy policy = DefaultPolicy();
  const auto settle = [&](int64_t invoice_fen) {
    const Invoice invoice{vocabulary::Fen(invoice_fen), catalogue, policy};
    return SettleGrant({opened->next, 1}, kId, kVendor, &invoice, DecisionTime());
  };
  const auto less = settle(45000);
  ASSERT_TRUE(less.ok()) << less.status();
  EXPECT_EQ(less->next.amount_fen(), 45000);
  EXPECT_EQ(less->next.decision().approved_price_fen(), 45000);
  EXPECT_EQ(less->next.decision().self_pay_fen(), 0);
  EXPECT_THAT(Moves(GrantOf<v1::SubsidySettled>(*less)),
              ElementsAre("2:reserved>available 5000", "4:reserved>available 48000",
                          "1:reserved>payable 30000", "2:reserved>payable 15000"));
  EXPECT_EQ(less->next.fund_shares_size(), 2);
  // More than the price is not paid.
  const auto more = settle(99000);
  ASSERT_TRUE(more.ok()) << more.status();
  EXPECT_EQ(more->next.amount_fen(), 98000);
  EXPECT_EQ(more->next.decision().approved_price_fen(), 0);
  EXPECT_EQ(settle(0).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(GrantMoneyTest, AnInvoiceOfLessCountsWhenMoneyComesBack) {
  FundsAtHand funds = CountyOnly(98000);
  funds.reservation = absl::Hours(24);
  const auto opened =
      OpenGrant({}, EligibleApplication(), Assess(EligibleApplication()), funds, DecisionTime());
  const absl::Time due = DecisionTime() + absl::Hours(24);
  const auto expired = ExpireGrant({opened->next, 1}, due);
  const Catalogue catalogue(ExampleRecord());
  const PreparedPolicy policy = DefaultPolicy();
  const Invoice invoice{vocabulary::Fen(45000), catalogue, policy};
  const auto accepted = SettleGrant({expired->next, 2}, kId, kVendor, &invoice, due);
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_EQ(GrantOf<v1::SettlementAwaited>(*accepted).amount_fen(), 45000);
  const auto settled = ServeGrant({accepted->next, 3}, CountyOnly(45000), due);
  EXPECT_EQ(GrantOf<v1::SubsidySettled>(*settled).amount_fen(), 45000);
}

// A fact tells the transfers that were made with it, the grant keeps all.
TEST(GrantMoneyTest, AFactTellsItsOwnTransfers) {
  const auto settled = SettleGrant(Opened(), kId, kVendor, nullptr, DecisionTime());
  EXPECT_THAT(Moves(settled->next),
              ElementsAre("4:available>reserved 98000", "4:reserved>payable 98000"));
  EXPECT_THAT(Moves(GrantOf<v1::SubsidySettled>(*settled)),
              ElementsAre("4:reserved>payable 98000"));
}

TEST(GrantMoneyTest, IsServedWhenMoneyComes) {
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
TEST(GrantMoneyTest, WaitsForTheMoneyOfTheNextYear) {
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

TEST(GrantMoneyTest, AReservationExpires) {
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
  const auto accepted = SettleGrant(waits, kId, kVendor, nullptr, due);
  EXPECT_EQ(GrantOf<v1::SettlementAwaited>(*accepted).vendor(), kVendor);
  EXPECT_FALSE(SettleGrant({accepted->next, 3}, kId, kVendor, nullptr, due)->changed);
  const auto settled = ServeGrant({accepted->next, 3}, funds, due);
  EXPECT_EQ(GrantOf<v1::SubsidySettled>(*settled).state(), v1::GRANT_STATE_SETTLED);
  EXPECT_THAT(settled->next.has_expire_time(), false);
  EXPECT_THAT(Moves(settled->next),
              ElementsAre("4:available>reserved 98000", "4:reserved>available 98000",
                          "4:available>reserved 98000", "4:reserved>payable 98000"));
}

TEST(GrantMoneyTest, ThePriceOfAnExpiredReservationIsFixedWithoutMoney) {
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

}  // namespace
}  // namespace fuju::catalogue
