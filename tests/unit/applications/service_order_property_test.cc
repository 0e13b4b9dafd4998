// The vendor side's facts come over several streams that are not ordered against each other.
// Whatever the order of arrival, a case comes to the same end.

#include <deque>
#include <functional>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "applications/footprint.h"
#include "applications/service_decisions.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::DefaultRules;
using testing::OrderOf;
using testing::RoundOf;
using testing::TestCase;

// One fact on its way. One that answers the withdrawal can not exist before it.
struct Arrival {
  std::string name;
  int attempt;
  std::function<Result(const TestCase&)> decide;
  bool after_withdrawal = false;
  // Of the dispatch service while no vendor has the job.
  bool of_round_without_vendor = false;
};

Arrival Accepted(int n) {
  return {absl::StrCat("accepted", n), n, [n](const TestCase& c) {
            return DecideDispatchAccepted(c.record(),
                                          RoundOf(n, dispatch::v1::ROUND_STATE_ASSIGNED), c.act());
          }};
}
Arrival Exhausted(int n) {
  return {absl::StrCat("exhausted", n), n,
          [n](const TestCase& c) {
            return DecideDispatchExhausted(c.record(), RoundOf(n, dispatch::v1::ROUND_STATE_MANUAL),
                                           c.act());
          },
          false, true};
}
Arrival Failed(int n) {
  return {absl::StrCat("failed", n), n,
          [n](const TestCase& c) {
            return DecideDispatchFailed(c.record(), RoundOf(n, dispatch::v1::ROUND_STATE_FAILED),
                                        "", DefaultRules(), c.act());
          },
          false, true};
}
Arrival Cancelled(int n) {
  return {absl::StrCat("cancelled", n), n,
          [n](const TestCase& c) {
            return DecideDispatchCancelled(c.record(),
                                           RoundOf(n, dispatch::v1::ROUND_STATE_CANCELLED),
                                           DefaultRules(), c.act());
          },
          true};
}
Arrival Recalled(int n) {
  return {absl::StrCat("recalled", n), n,
          [n](const TestCase& c) {
            return DecideDispatchRecalled(c.record(),
                                          RoundOf(n, dispatch::v1::ROUND_STATE_RECALLED),
                                          DefaultRules(), c.act());
          },
          true};
}
Arrival Opened(int n) {
  return {absl::StrCat("opened", n), n, [n](const TestCase& c) {
            fitting::v1::Order order = OrderOf(n, fitting::v1::ORDER_STATE_OPEN);
            order.clear_appointments();
            return DecideOrderOpened(c.record(), order, c.act());
          }};
}
Arrival Scheduled(int n) {
  return {absl::StrCat("scheduled", n), n, [n](const TestCase& c) {
            return DecideOrderScheduled(c.record(), OrderOf(n, fitting::v1::ORDER_STATE_SCHEDULED),
                                        c.act());
          }};
}
Arrival Unscheduled(int n) {
  return {absl::StrCat("unscheduled", n), n, [n](const TestCase& c) {
            return DecideOrderUnscheduled(c.record(), OrderOf(n, fitting::v1::ORDER_STATE_OPEN),
                                          c.act());
          }};
}
Arrival Completed(int n) {
  return {absl::StrCat("completed", n), n, [n](const TestCase& c) {
            return DecideOrderCompleted(c.record(), OrderOf(n, fitting::v1::ORDER_STATE_COMPLETED),
                                        DefaultRules(), c.act());
          }};
}
Arrival Returned(int n) {
  return {absl::StrCat("returned", n), n, [n](const TestCase& c) {
            return DecideOrderReturned(c.record(), OrderOf(n, fitting::v1::ORDER_STATE_RETURNED),
                                       DefaultRules(), c.act());
          }};
}
Arrival Abandoned(int n) {
  return {absl::StrCat("abandoned", n), n, [n](const TestCase& c) {
            return DecideOrderAbandoned(c.record(), OrderOf(n, fitting::v1::ORDER_STATE_ABANDONED),
                                        DefaultRules(), c.act());
          }};
}
Arrival OrderCancelled(int n) {
  return {absl::StrCat("order_cancelled", n), n,
          [n](const TestCase& c) {
            return DecideOrderCancelled(c.record(), OrderOf(n, fitting::v1::ORDER_STATE_CANCELLED),
                                        DefaultRules(), c.act());
          },
          true};
}

using Stream = std::vector<Arrival>;

// What an outside watcher must never see, after each step.
void CheckInvariants(const TestCase& test_case, ApplicationState before) {
  const v1::Application& application = test_case.application();
  if (IsFinal(before)) {
    ASSERT_EQ(application.state(), before);
  }
  ASSERT_EQ(application.timeline_size(), test_case.record().entry_details_size());
  for (int i = 0; i < application.timeline_size(); ++i) {
    ASSERT_EQ(application.timeline(i).sequence(), i + 1);
  }
  if (application.state() == v1::APPLICATION_STATE_SCHEDULED) {
    ASSERT_TRUE(application.service().has_visit_time());
  }
  if (application.state() == v1::APPLICATION_STATE_APPROVED) {
    ASSERT_FALSE(application.has_service());
  }
  if (IsFinal(application.state())) {
    ASSERT_TRUE(FootprintOf(testing::kId, test_case.record()).timers.empty());
    ASSERT_FALSE(application.subsidy().reserved());
  }
}

// An attempt that is older than one heard of, or came to nothing, never moves the case: not even
// for a moment. Of a round whose attempt came to nothing, what follows is news.
void CheckAttempts(const storage::v1::VendorSearch& before, const Arrival& arrival, bool changed,
                   const TestCase& test_case) {
  ASSERT_GE(test_case.record().vendor_search().attempt(), before.attempt()) << arrival.name;
  if (arrival.attempt < before.attempt() && !arrival.after_withdrawal) {
    ASSERT_FALSE(changed) << arrival.name << " is older than attempt " << before.attempt();
  }
  const bool news = arrival.after_withdrawal || arrival.of_round_without_vendor;
  if (arrival.attempt == before.attempt() && before.attempt_over() && !news) {
    ASSERT_FALSE(changed) << arrival.name << " came to nothing before";
  }
}

// Plays the streams in a random order. `withdraws`: the applicant withdraws at some moment, if it
// is still legal then. Returns what happened, in a line.
std::string Play(TestCase& test_case, const std::vector<Stream>& streams, bool withdraws,
                 std::mt19937& random) {
  std::vector<std::deque<Arrival>> waiting;
  for (const Stream& stream : streams) waiting.emplace_back(stream.begin(), stream.end());
  bool to_withdraw = withdraws;
  bool withdrawn = false;
  std::string trace;
  while (true) {
    std::vector<std::deque<Arrival>*> ready;
    for (std::deque<Arrival>& stream : waiting) {
      if (!stream.empty() && (!stream.front().after_withdrawal || withdrawn)) {
        ready.push_back(&stream);
      }
    }
    const ApplicationState before = test_case.state();
    const size_t choices = ready.size() + (to_withdraw ? 1 : 0);
    if (choices == 0) return trace;
    const size_t choice = random() % choices;
    if (choice == ready.size()) {
      to_withdraw = false;
      withdrawn = IsLegal(before, Move::kWithdraw);
      if (withdrawn) test_case.Do(Move::kWithdraw);
      trace += withdrawn ? " WITHDRAW" : " (too late to withdraw)";
    } else {
      const Arrival arrival = ready[choice]->front();
      ready[choice]->pop_front();
      trace += " " + arrival.name;
      const storage::v1::VendorSearch search = test_case.record().vendor_search();
      const bool changed = test_case.Take(arrival.decide(test_case));
      CheckAttempts(search, arrival, changed, test_case);
    }
    trace += ">" + StateName(test_case.state());
    CheckInvariants(test_case, before);
    if (::testing::Test::HasFatalFailure()) return trace;
  }
}

struct Scenario {
  const char* name;
  std::vector<Stream> streams;
  bool withdraws;
  std::set<ApplicationState> ends;
  // The attempt that handed the device over; 0 if none did.
  int handed_over;
};

std::vector<Scenario> Scenarios() {
  const auto fitted = v1::APPLICATION_STATE_FITTED;
  const auto unserved = v1::APPLICATION_STATE_UNSERVED;
  const auto withdrawn = v1::APPLICATION_STATE_WITHDRAWN;
  return {
      {"TwoAttempts",
       {{Accepted(1), Accepted(2)},
        {Opened(1), Scheduled(1), Scheduled(1), Returned(1)},
        {Opened(2), Scheduled(2), Unscheduled(2), Scheduled(2), Completed(2)}},
       false,
       {fitted},
       2},
      {"ThreeAttemptsWithDeclinedOffersBetween",
       {{Accepted(2), Accepted(5), Accepted(6)},
        {Opened(2), Returned(2)},
        {Opened(5), Scheduled(5), Unscheduled(5), Returned(5)},
        {Opened(6), Scheduled(6), Completed(6)}},
       false,
       {fitted},
       6},
      {"SecondAttemptAbandoned",
       {{Accepted(1), Accepted(2)},
        {Opened(1), Scheduled(1), Returned(1)},
        {Opened(2), Scheduled(2), Unscheduled(2), Abandoned(2)}},
       false,
       {unserved},
       0},
      {"AssignedByHandAfterAReturn",
       {{Accepted(1), Exhausted(1), Accepted(2)},
        {Opened(1), Scheduled(1), Returned(1)},
        {Opened(2), Scheduled(2), Completed(2)}},
       false,
       {fitted},
       2},
      {"NobodyFoundAfterAReturn",
       {{Accepted(1), Exhausted(3), Failed(3)}, {Opened(1), Scheduled(1), Returned(1)}},
       false,
       {unserved},
       0},
      {"WithdrawalRecallsTheOrder",
       {{Accepted(1), Recalled(1)}, {Opened(1), Scheduled(1), OrderCancelled(1)}},
       true,
       {withdrawn},
       0},
      {"WithdrawalMeetsAReturnedOrder",
       {{Accepted(1), Recalled(1)}, {Opened(1), Scheduled(1), Returned(1)}},
       true,
       {withdrawn},
       0},
      {"WithdrawalMeetsAHandOver",
       {{Accepted(1), Recalled(1)}, {Opened(1), Scheduled(1), Completed(1)}},
       true,
       {fitted},
       1},
      {"WithdrawalDuringTheSecondAttempt",
       {{Accepted(1), Accepted(2), Recalled(2)},
        {Opened(1), Scheduled(1), Returned(1)},
        {Opened(2), Scheduled(2), OrderCancelled(2)}},
       true,
       {withdrawn},
       0},
      {"WithdrawalMeetsTheSecondHandOver",
       {{Accepted(1), Accepted(2), Recalled(2)},
        {Opened(1), Scheduled(1), Returned(1)},
        {Opened(2), Scheduled(2), Completed(2)}},
       true,
       {fitted},
       2},
      {"WithdrawalBetweenTwoAttempts",
       {{Accepted(1), Cancelled(2)}, {Opened(1), Scheduled(1), Returned(1)}},
       true,
       {withdrawn},
       0},
      {"WithdrawalInTheManualQueue", {{Exhausted(3), Cancelled(3)}}, true, {withdrawn}, 0},
      // Whichever came first.
      {"WithdrawalMeetsRepeatedNoShows",
       {{Accepted(1), Recalled(1)}, {Opened(1), Scheduled(1), Unscheduled(1), Abandoned(1)}},
       true,
       {withdrawn, unserved},
       0},
      {"WithdrawalMeetsTheEndOfTheSearch",
       {{Exhausted(3), Failed(3)}},
       true,
       {withdrawn, unserved},
       0},
  };
}

void PrintTo(const Scenario& scenario, std::ostream* out) { *out << scenario.name; }

class OrderOfArrival : public ::testing::TestWithParam<Scenario> {};

TEST_P(OrderOfArrival, NeverChangesTheEnd) {
  const TestCase approved = TestCase::In(v1::APPLICATION_STATE_APPROVED);
  for (unsigned seed = 0; seed < 1000; ++seed) {
    std::mt19937 random(seed);
    TestCase test_case = approved;
    const std::string trace = Play(test_case, GetParam().streams, GetParam().withdraws, random);
    ASSERT_FALSE(HasFatalFailure()) << "seed " << seed << ":" << trace;
    ASSERT_TRUE(GetParam().ends.contains(test_case.state()))
        << "seed " << seed << " ended " << StateName(test_case.state()) << ":" << trace;
    if (GetParam().handed_over > 0) {
      ASSERT_EQ(test_case.application().service().order(),
                OrderOf(GetParam().handed_over, fitting::v1::ORDER_STATE_COMPLETED).name())
          << trace;
      ASSERT_EQ(test_case.application().service().serial_number(), testing::kSerial) << trace;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Streams, OrderOfArrival, ::testing::ValuesIn(Scenarios()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace fuju::applications
