#include "catalogue/ledger/book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/ledger/transfer.h"
#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using chassis::Holding;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const BookKey kBook = {"620102", 2026, v1::FUND_SOURCE_COUNTY};
constexpr char kId[] = "620102-2026-4";
const absl::Time kNow = vocabulary::StartOfDay(absl::CivilDay(2026, 3, 2));
const absl::Time kNextYear = vocabulary::StartOfDay(absl::CivilDay(2027, 1, 1));

CurrentBook After(const absl::StatusOr<BookDecision>& decision) {
  EXPECT_TRUE(decision.ok()) << decision.status();
  return {decision->next, 1};
}

TEST(BookTest, GetsAndGivesBackOutsideMoney) {
  const CurrentBook first = After(Appropriate({}, kBook, 500, "甘财社〔2026〕1号", kNow));
  EXPECT_EQ(first.state.transfers(0).reason(), "甘财社〔2026〕1号");
  const auto decision = Appropriate(first, kBook, -200, "", kNow);
  const auto* fact = dynamic_cast<const v1::BudgetAllocated*>(decision->facts[0].get());
  ASSERT_NE(fact, nullptr);
  EXPECT_EQ(fact->county_code(), "620102");
  EXPECT_EQ(fact->fiscal_year(), 2026);
  EXPECT_EQ(fact->fund_source(), v1::FUND_SOURCE_COUNTY);
  EXPECT_EQ(fact->amount_fen(), -200);
  EXPECT_EQ(fact->allocated_fen(), 300);
  ASSERT_EQ(decision->next.transfers_size(), 2);
  EXPECT_EQ(decision->next.transfers(1).amount_fen(), 200) << "transfers are never negative";
  const chassis::Footprint footprint = BookFootprint(kId, decision->next);
  EXPECT_THAT(footprint.holdings,
              UnorderedElementsAre(Holding{"ledger:620102-2026-4:appropriated", 300},
                                   Holding{"ledger:620102-2026-4:available", 300}));
  EXPECT_THAT(footprint.index,
              testing::Each(chassis::IndexEntry{"budgets-2026", "620102-2026", -620102}));
  EXPECT_THAT(BookFootprint(kId, {}).holdings, IsEmpty());
}

TEST(BookTest, HasALimitThatCountersCanHold) {
  CurrentBook current = After(Appropriate({}, kBook, kMostAppropriatedFen - 1, "", kNow));
  EXPECT_TRUE(Appropriate(current, kBook, 1, "", kNow).ok());
  const auto refused = Appropriate(current, kBook, 2, "", kNow);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(refused.status()), "FIELD_INVALID");
}

TEST(BookTest, LapsesWhenItsYearIsOver) {
  const CurrentBook current = After(Appropriate({}, kBook, 500, "", kNow));
  const auto early = CloseYear(current, kBook, 300, YearEnd::kLapse, kNextYear - absl::Seconds(1));
  EXPECT_EQ(chassis::ReasonOf(early.status()), "FISCAL_YEAR_RUNS");
  EXPECT_FALSE(CloseYear(current, kBook, 0, YearEnd::kLapse, kNextYear)->changed);
  const auto closed = CloseYear(current, kBook, 300, YearEnd::kLapse, kNextYear);
  EXPECT_THAT(BookFootprint(kId, closed->next).holdings,
              UnorderedElementsAre(Holding{"ledger:620102-2026-4:appropriated", 500},
                                   Holding{"ledger:620102-2026-4:available", 200},
                                   Holding{"ledger:620102-2026-4:returned", 300}));
  const auto* fact = dynamic_cast<const v1::FiscalYearClosed*>(closed->facts[0].get());
  ASSERT_NE(fact, nullptr);
  EXPECT_FALSE(fact->carried_over());
  // Again, for what was released since.
  const auto again = CloseYear({closed->next, 2}, kBook, 200, YearEnd::kLapse, kNextYear);
  EXPECT_THAT(BookFootprint(kId, again->next).holdings,
              UnorderedElementsAre(Holding{"ledger:620102-2026-4:appropriated", 500},
                                   Holding{"ledger:620102-2026-4:returned", 500}));
}

TEST(BookTest, CarriesOverToTheNextYear) {
  const CurrentBook current = After(Appropriate({}, kBook, 500, "", kNow));
  const auto closed = CloseYear(current, kBook, 300, YearEnd::kCarryOver, kNextYear);
  const chassis::Footprint footprint = BookFootprint(kId, closed->next);
  EXPECT_THAT(footprint.holdings,
              UnorderedElementsAre(Holding{"ledger:620102-2026-4:appropriated", 500},
                                   Holding{"ledger:620102-2026-4:available", 200},
                                   Holding{"ledger:620102-2026-4:returned", 300},
                                   Holding{"ledger:620102-2027-4:appropriated", 300},
                                   Holding{"ledger:620102-2027-4:available", 300}));
  EXPECT_THAT(footprint.index,
              testing::Contains(chassis::IndexEntry{"budgets-2027", "620102-2027", -620102}));
  // What came from outside is counted once.
  const auto more = Appropriate({closed->next, 2}, kBook, 1, "", kNextYear);
  EXPECT_EQ(dynamic_cast<const v1::BudgetAllocated&>(*more->facts[0]).allocated_fen(), 501);
}

TEST(BookTest, AMistakeIsReversedOnce) {
  const CurrentBook current =
      After(Appropriate(After(Appropriate({}, kBook, 500, "", kNow)), kBook, 70, "", kNow));
  const auto reversed = Reverse(current, kId, 1, "录入重复", kNow);
  ASSERT_TRUE(reversed.ok()) << reversed.status();
  EXPECT_EQ(reversed->next.transfers_size(), 3) << "nothing is edited";
  EXPECT_EQ(reversed->next.transfers(2).corrects(), 1);
  EXPECT_EQ(reversed->next.transfers(2).reason(), "录入重复");
  EXPECT_THAT(BookFootprint(kId, reversed->next).holdings,
              UnorderedElementsAre(Holding{"ledger:620102-2026-4:appropriated", 70},
                                   Holding{"ledger:620102-2026-4:available", 70}));
  ASSERT_EQ(reversed->facts.size(), 2u);
  EXPECT_EQ(dynamic_cast<const v1::BudgetAllocated&>(*reversed->facts[1]).amount_fen(), -500);
  const CurrentBook after = {reversed->next, 3};
  EXPECT_EQ(chassis::ReasonOf(Reverse(after, kId, 1, "", kNow).status()), "STATE_FORBIDS");
  EXPECT_EQ(chassis::ReasonOf(Reverse(after, kId, 3, "", kNow).status()), "STATE_FORBIDS");
  EXPECT_TRUE(Reverse(after, kId, 2, "", kNow).ok());
  for (const int number : {0, 4, -1}) {
    EXPECT_EQ(chassis::ReasonOf(Reverse(after, kId, number, "", kNow).status()),
              "RESOURCE_NOT_FOUND");
  }
}

TEST(BookTest, SaysWhatIsLeft) {
  const absl::Status status = BudgetInsufficient("books/620102-2026-4", 1234);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(status), "BUDGET_INSUFFICIENT");
  EXPECT_EQ(chassis::MetadataOf(status, "left"), "1234");
}

}  // namespace
}  // namespace fuju::catalogue
