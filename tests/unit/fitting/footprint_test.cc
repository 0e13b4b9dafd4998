// What an order holds beside its state: cells, busy times, timers and places in lists.

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "fuju/fitting/v1/fitting_events.pb.h"
#include "unit/fitting/samples.h"

namespace fuju::fitting {
namespace {

using chassis::Versioned;
using testing::After;
using testing::Booked;
using testing::FactOf;
using testing::kNow;
using testing::kUscc;
using testing::kVisit;
using testing::kVisitEnd;
using testing::Missed;
using testing::OrderIn;
using testing::SampleOrderId;
using testing::VisitAt;
using Set = std::set<std::string>;
using Timers = std::map<std::string, absl::Time>;

const absl::Time kSecond = kVisit + absl::Hours(24);

std::string Technician() { return TechnicianId(kUscc, "T1"); }

chassis::Footprint Of(const Versioned<OrderRecord>& order) {
  return OrderFootprint(SampleOrderId(), order.state);
}

Set Claims(const Versioned<OrderRecord>& order) {
  Set names;
  for (const chassis::Claim& claim : Of(order).claims) names.insert(claim.name);
  return names;
}

Set Cells(std::initializer_list<absl::Time> visits) {
  Set names;
  for (const absl::Time start : visits) {
    for (std::string& cell : CellsOf(Technician(), {start, start + absl::Hours(2)})) {
      names.insert(std::move(cell));
    }
  }
  return names;
}

// Starts of the technician's busy times, checking the entries.
std::set<absl::Time> Busy(const Versioned<OrderRecord>& order) {
  std::set<absl::Time> starts;
  for (const chassis::IndexEntry& entry : Of(order).index) {
    if (entry.index != BusyIndex(Technician())) continue;
    const auto visit = ParseBusyMember(entry.member);
    EXPECT_TRUE(visit.ok()) << visit.status();
    EXPECT_EQ(visit->end - visit->start, absl::Hours(2));
    EXPECT_EQ(entry.score, absl::ToUnixMillis(visit->start));
    starts.insert(visit->start);
  }
  return starts;
}

Timers TimersOf(const Versioned<OrderRecord>& order) {
  Timers timers;
  for (const chassis::Timer& timer : Of(order).timers) timers[timer.name] = timer.due;
  return timers;
}

TEST(FootprintTest, AnOpenOrderHoldsNoTimeAndRunsAgainstTheLimit) {
  const auto open = OrderIn(v1::ORDER_STATE_OPEN);
  EXPECT_TRUE(Claims(open).empty());
  EXPECT_TRUE(Busy(open).empty());
  EXPECT_EQ(TimersOf(open), (Timers{{kBookingTimer, kNow + OrderRules().booking_limit}}));
}

TEST(FootprintTest, ABookedVisitHoldsItsCells) {
  const auto scheduled = OrderIn(v1::ORDER_STATE_SCHEDULED);
  EXPECT_EQ(Claims(scheduled).size(), 8u);
  EXPECT_EQ(Claims(scheduled), Cells({kVisit}));
  EXPECT_EQ(Busy(scheduled), (std::set<absl::Time>{kVisit}));
  EXPECT_TRUE(TimersOf(scheduled).empty());
}

TEST(FootprintTest, AMovedVisitHoldsTheNewCellsAlone) {
  const auto scheduled = OrderIn(v1::ORDER_STATE_SCHEDULED);
  for (const absl::Time start : {kVisit + absl::Minutes(30), kSecond, kVisit}) {
    const auto moved =
        After(scheduled, MoveVisit(scheduled, SampleOrderId(), VisitAt(start), "", kNow, {}));
    EXPECT_EQ(Claims(moved), Cells({start}));
    EXPECT_EQ(Busy(moved), (std::set<absl::Time>{start}));
  }
}

TEST(FootprintTest, ACancelledVisitHoldsNothing) {
  const auto scheduled = OrderIn(v1::ORDER_STATE_SCHEDULED);
  const auto cancelled =
      After(scheduled, CancelVisit(scheduled, SampleOrderId(), "有事", kNow, {}));
  EXPECT_EQ(TimersOf(cancelled), (Timers{{kBookingTimer, kNow + OrderRules().booking_limit}}));
  const auto returned = After(scheduled, ReturnOrder(scheduled, SampleOrderId(), "缺货", kNow));
  const auto recalled = After(scheduled, RecallOrder(scheduled, SampleOrderId(), kNow));
  for (const auto& order : {cancelled, returned, recalled}) {
    EXPECT_TRUE(Claims(order).empty());
    EXPECT_TRUE(Busy(order).empty());
  }
  EXPECT_TRUE(TimersOf(returned).empty());
  EXPECT_TRUE(TimersOf(recalled).empty());
}

TEST(FootprintTest, AVisitThatWasReportedOnIsOver) {
  const auto missed = Missed(OrderIn(v1::ORDER_STATE_SCHEDULED));
  EXPECT_EQ(TimersOf(missed), (Timers{{kBookingTimer, kVisit + OrderRules().booking_limit}}));
  for (const auto& order :
       {missed, OrderIn(v1::ORDER_STATE_COMPLETED), OrderIn(v1::ORDER_STATE_ABANDONED)}) {
    EXPECT_TRUE(order.state.order().appointments(0).has_report_time());
    EXPECT_TRUE(Claims(order).empty());
    EXPECT_TRUE(Busy(order).empty());
  }
  const auto again = Booked(missed, kSecond);
  EXPECT_EQ(Claims(again), Cells({kSecond}));
  EXPECT_EQ(Busy(again), (std::set<absl::Time>{kSecond}));
  EXPECT_TRUE(TimersOf(again).empty());
}

TEST(FootprintTest, AnEndedOrderHoldsNothingAndHasNoTimer) {
  for (const v1::OrderState state : {v1::ORDER_STATE_COMPLETED, v1::ORDER_STATE_CANCELLED,
                                     v1::ORDER_STATE_RETURNED, v1::ORDER_STATE_ABANDONED}) {
    const auto ended = OrderIn(state);
    EXPECT_TRUE(Claims(ended).empty()) << StateName(state);
    EXPECT_TRUE(TimersOf(ended).empty()) << StateName(state);
  }
}

TEST(FootprintTest, IsListedByItsVendorAndState) {
  for (int s = v1::ORDER_STATE_OPEN; s <= v1::ORDER_STATE_ABANDONED; ++s) {
    const auto state = static_cast<v1::OrderState>(s);
    std::map<std::string, int64_t> lists;
    for (const chassis::IndexEntry& entry : Of(OrderIn(state)).index) {
      if (entry.member == SampleOrderId()) lists[entry.index] = entry.score;
    }
    const int64_t opened = absl::ToUnixMillis(kNow);
    EXPECT_EQ(lists, (std::map<std::string, int64_t>{
                         {absl::StrCat("orders:", kUscc, ":", StateName(state)), opened}}));
  }
}

TEST(FootprintTest, NothingIsKeptForAnOrderThatDoesNotExist) {
  const chassis::Footprint footprint = OrderFootprint(SampleOrderId(), {});
  EXPECT_TRUE(footprint.index.empty());
  EXPECT_TRUE(footprint.claims.empty());
  EXPECT_TRUE(footprint.timers.empty());
}

TEST(FootprintTest, BusyTimesAreReadAsTheyAreWritten) {
  const Interval visit{kVisit, kVisitEnd};
  const auto read = ParseBusyMember(BusyMember(visit, SampleOrderId()));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, visit);
  // One order may have several at one technician; two orders never share an entry.
  EXPECT_NE(BusyMember(visit, "V/A-1"), BusyMember(visit, "V/A-2"));
  for (const char* bad : {"", "1", "1-2", "a-2|V/A-1", "1-b|V/A-1", "|", "--|"}) {
    EXPECT_EQ(ParseBusyMember(bad).status().code(), absl::StatusCode::kDataLoss) << bad;
  }
}

}  // namespace
}  // namespace fuju::fitting
