// Random commands to many orders of one vendor: never do two visits of one technician overlap, and
// what a search offers can be booked.

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/store/footprint_change.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "unit/fitting/samples.h"

namespace fuju::fitting {
namespace {

using chassis::ToTime;
using chassis::Versioned;
using testing::AcceptedRound;
using testing::kNow;
using testing::kUscc;
using testing::SampleHandOver;
using testing::SampleTechnician;
using testing::VisitBy;

constexpr int kOrders = 8;
constexpr int kTechnicians = 2;

class Simulation {
 public:
  explicit Simulation(uint32_t seed) : bits_(seed) {
    rules_.grid = {.step = absl::Minutes(15 * Between(1, 4)),
                   .visit = absl::Minutes(15 * Between(1, 8))};
    rules_.no_show_limit = Between(1, 3);
    rules_.early_report = absl::Minutes(Between(0, 1) * 30);
    for (int i = 0; i < kOrders; ++i) Open(i);
  }

  void Run(int steps) {
    for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) {
      Step();
      Check();
    }
  }
  // A month later no order may hold any time any more.
  void ExpectAllTimeIsGivenBack() {
    now_ += absl::Hours(24 * 30);
    for (auto& [id, order] : orders_) {
      if (order.state.order().state() == v1::ORDER_STATE_SCHEDULED) {
        Commit(id, ReportNoShow(order, id, "无人", now_, rules_));
      }
    }
    now_ += rules_.booking_limit;
    FireTimers();
    EXPECT_TRUE(cells_.empty()) << cells_.begin()->first;
    for (int i = 1; i <= kTechnicians; ++i) {
      EXPECT_TRUE(BusyTimes(TechnicianId(kUscc, absl::StrCat("T", i))).empty()) << i;
    }
    EXPECT_TRUE(timers_.empty());
  }
  std::map<std::string, int> counts;

 private:
  int Between(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(bits_);
  }

  void Open(int place) {
    fuju::dispatch::v1::Round round = AcceptedRound();
    round.set_application(absl::StrCat("applications/A", place));
    round.set_attempt(++attempts_[place]);
    const std::string id = OrderId(kUscc, absl::StrCat("A", place), attempts_[place]);
    places_[place] = id;
    Commit(id, OpenOrder({}, round, now_, rules_));
  }

  // All of a decision or nothing, by the store's own rules: false if another order has a cell.
  bool Commit(const std::string& id, const OrderDecision& decision) {
    if (!decision.ok() || !decision->changed) return false;
    Versioned<OrderRecord>& order = orders_[id];
    const chassis::FootprintChange change =
        chassis::Difference(OrderFootprint(id, order.state), OrderFootprint(id, decision->next));
    for (const std::string& cell : change.claims_taken) {
      const auto held = cells_.find(cell);
      if (held != cells_.end() && held->second != id) return false;
    }
    for (const std::string& cell : change.claims_released) {
      if (cells_[cell] == id) cells_.erase(cell);
    }
    for (const std::string& cell : change.claims_taken) cells_[cell] = id;
    for (const auto& entry : change.index_removed) index_[entry.index].erase(entry.member);
    for (const auto& entry : change.index_added) index_[entry.index].insert(entry.member);
    for (const auto& name : change.timers_cleared) timers_.erase({id, name});
    for (const auto& timer : change.timers_set) timers_[{id, timer.name}] = timer.due;
    order = testing::After(order, decision);
    ++counts[std::string(decision->facts[0]->GetDescriptor()->name())];
    return true;
  }

  void FireTimers() {
    for (const auto& [timer, due] : std::map(timers_)) {
      if (due > now_) continue;
      const Versioned<OrderRecord> order = orders_[timer.first];
      EXPECT_TRUE(Commit(timer.first, ReturnUnbookedOrder(order, now_)))
          << timer.first << " " << timer.second;
    }
  }

  std::vector<Interval> BusyTimes(const std::string& technician_id) {
    std::vector<Interval> busy;
    for (const std::string& member : index_[BusyIndex(technician_id)]) {
      busy.push_back(*ParseBusyMember(member));
    }
    return busy;
  }

  // A visit at any cell of the next two days, or one that a search offers.
  VisitRequest RandomVisit(bool offered) {
    const v1::Technician technician = SampleTechnician(absl::StrCat("T", Between(1, kTechnicians)));
    // Half of them at once, where visits that run are in the way.
    const int64_t ahead = Between(0, 1) == 0 ? Between(0, 8) : Between(0, 2 * 24 * 4);
    VisitRequest visit = VisitBy(technician, kNow + kCell * ((now_ - kNow) / kCell + ahead));
    if (!offered) return visit;
    const Interval within{now_ + absl::Milliseconds(1), now_ + absl::Hours(7 * 24)};
    const auto slots =
        FreeSlots(technician, BusyTimes(visit.technician_id), within, rules_.grid, 30);
    if (!slots.empty()) {
      visit.start =
          slots[static_cast<size_t>(Between(0, static_cast<int>(slots.size()) - 1))].start;
    }
    return visit;
  }

  void Visit(const std::string& id) {
    const Versioned<OrderRecord> order = orders_[id];
    const bool scheduled = order.state.order().state() == v1::ORDER_STATE_SCHEDULED;
    const bool offered = Between(0, 1) == 1;
    const VisitRequest visit = RandomVisit(offered);
    const bool taken = Commit(id, scheduled ? MoveVisit(order, id, visit, "改期", now_, rules_)
                                            : BookVisit(order, id, visit, now_, rules_));
    EXPECT_TRUE(taken || !offered) << "a free slot could not be booked: " << visit.start;
  }

  // Time goes on to the booked visit, if it lies ahead.
  void Attend(const v1::Order& order) {
    if (order.state() != v1::ORDER_STATE_SCHEDULED) return;
    const v1::Appointment& visit = order.appointments(order.appointments_size() - 1);
    now_ = std::max(now_, ToTime(visit.start_time()) + absl::Minutes(Between(0, 10)));
    FireTimers();
  }

  void Step() {
    now_ += absl::Minutes(Between(0, 12));
    FireTimers();
    const int place = Between(0, kOrders - 1);
    const std::string id = places_[place];
    const Versioned<OrderRecord> order = orders_[id];
    const v1::OrderState state = order.state.order().state();
    if (state != v1::ORDER_STATE_OPEN && state != v1::ORDER_STATE_SCHEDULED) return Open(place);
    switch (Between(0, 11)) {
      case 0:
        Commit(id, CancelVisit(order, id, "有事", now_, rules_));
        break;
      case 1:
      case 2:
        Attend(order.state.order());
        // The next visit is often booked from the door.
        if (Commit(id, ReportNoShow(order, id, "无人", now_, rules_)) &&
            orders_[id].state.order().state() == v1::ORDER_STATE_OPEN) {
          Visit(id);
        }
        break;
      case 3:
      case 4:
        Commit(id, CompleteOrder(order, id, SampleHandOver(), now_, rules_));
        break;
      case 5:
        if (Between(0, 4) == 0) Commit(id, ReturnOrder(order, id, "缺货", now_));
        break;
      case 6:
        if (Between(0, 4) == 0) Commit(id, RecallOrder(order, id, now_));
        break;
      default:
        Visit(id);
    }
  }

  // Held: a booked visit's whole time, and of one that took place the time until it was reported
  // on. Told from the states alone, over the whole history.
  void Check() {
    std::map<std::string, std::vector<Interval>> held;
    for (const auto& [id, order] : orders_) {
      const auto& visits = order.state.order().appointments();
      for (int i = 0; i < visits.size(); ++i) {
        const bool booked = visits[i].state() == v1::APPOINTMENT_STATE_BOOKED;
        if (booked) {
          EXPECT_EQ(i, visits.size() - 1) << id;
          EXPECT_EQ(order.state.order().state(), v1::ORDER_STATE_SCHEDULED) << id;
        }
        if (visits[i].state() == v1::APPOINTMENT_STATE_CANCELLED) continue;
        Interval time{ToTime(visits[i].start_time()), ToTime(visits[i].end_time())};
        EXPECT_EQ(visits[i].has_report_time(), !booked) << id;
        if (!booked) time.end = std::min(time.end, ToTime(visits[i].report_time()));
        if (time.start < time.end) held[visits[i].technician()].push_back(time);
      }
    }
    for (auto& [technician, times] : held) {
      std::sort(times.begin(), times.end());
      for (size_t i = 1; i < times.size(); ++i) {
        EXPECT_LE(times[i - 1].end, times[i].start) << technician << " is at two visits at once";
      }
    }
  }

  std::mt19937 bits_;
  OrderRules rules_;
  absl::Time now_ = kNow;
  std::map<std::string, Versioned<OrderRecord>> orders_;
  std::map<int, int> attempts_;
  std::map<int, std::string> places_;
  std::map<std::string, std::string> cells_;
  std::map<std::string, std::set<std::string>> index_;
  std::map<std::pair<std::string, std::string>, absl::Time> timers_;
};

TEST(CalendarPropertyTest, NoTechnicianIsEverAtTwoVisitsAtOnce) {
  std::map<std::string, int> counts;
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    Simulation simulation(seed);
    simulation.Run(500);
    simulation.ExpectAllTimeIsGivenBack();
    if (HasFailure()) return;
    for (const auto& [fact, count] : simulation.counts) counts[fact] += count;
  }
  // It is worth something only if it gets everywhere.
  for (const char* fact : {"OrderScheduled", "OrderRescheduled", "OrderUnscheduled",
                           "OrderCompleted", "OrderAbandoned", "OrderReturned", "OrderCancelled"}) {
    EXPECT_GT(counts[fact], 40) << fact;
  }
}

}  // namespace
}  // namespace fuju::fitting
