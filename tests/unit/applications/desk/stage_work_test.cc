#include "applications/desk/stage_work.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications/footprint.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using ::testing::ElementsAre;
using testing::kId;
using testing::TestCase;

constexpr WorkMonth kJanuary = {2026, 1};

// The counters of all footprints added up, as the store has them.
class Counters {
 public:
  void Add(const Record& record) {
    for (const chassis::Holding& holding : FootprintOf(kId, record).holdings) {
      amounts_[holding.counter] += holding.amount;
    }
  }
  WorkSummary Of(const std::string& office, const WorkKey& key) const {
    std::vector<int64_t> found;
    for (const std::string& name : WorkCounters(office, kJanuary, key)) {
      const auto amount = amounts_.find(name);
      found.push_back(amount == amounts_.end() ? 0 : amount->second);
    }
    return SummaryOf(found);
  }

 private:
  std::map<std::string, int64_t> amounts_;
};

TEST(StageWorkTest, ADecisionCountsOnceWithItsTime) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  test_case.Advance(absl::Minutes(40));
  ASSERT_TRUE(test_case.Do(Move::kApprove));
  Counters counters;
  counters.Add(test_case.record());
  const WorkSummary summary = counters.Of("620102", {"review", "r1"});
  EXPECT_EQ(summary.decided, 1);
  EXPECT_EQ(summary.late, 0);
  EXPECT_EQ(summary.median, absl::Minutes(48));
  EXPECT_EQ(summary.longest, absl::Minutes(48));
}

// The counter is the sum over all states for good: what follows must not take it back.
TEST(StageWorkTest, WhatWasDecidedStaysInEveryLaterState) {
  for (const ApplicationState state :
       {v1::APPLICATION_STATE_REJECTED, v1::APPLICATION_STATE_CLOSED,
        v1::APPLICATION_STATE_WITHDRAWING, v1::APPLICATION_STATE_APPEALED}) {
    Counters counters;
    counters.Add(TestCase::In(state).record());
    EXPECT_EQ(counters.Of("620102", {"review", "r1"}).decided, 1) << StateName(state);
  }
}

TEST(StageWorkTest, ADecisionBehindTheLimitIsLate) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  test_case.Advance(absl::Hours(10 * 24));
  ASSERT_TRUE(test_case.Do(Move::kReject));
  Counters counters;
  counters.Add(test_case.record());
  EXPECT_EQ(counters.Of("620102", {"review", "r1"}).late, 1);
}

TEST(StageWorkTest, TheTimeRunsAnewAfterASupplement) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  ASSERT_TRUE(test_case.Do(Move::kReturn));
  test_case.Advance(absl::Hours(24));
  ASSERT_TRUE(test_case.Do(Move::kSupplement));
  test_case.Advance(absl::Minutes(3));
  ASSERT_TRUE(test_case.Do(Move::kApprove));
  Counters counters;
  counters.Add(test_case.record());
  const WorkSummary summary = counters.Of("620102", {"review", "r1"});
  EXPECT_EQ(summary.decided, 2);
  EXPECT_EQ(summary.longest, absl::Minutes(3));
}

TEST(StageWorkTest, AnAppealCountsAtItsOffice) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_APPEALED);
  test_case.Advance(absl::Minutes(5));
  ASSERT_TRUE(test_case.Do(Move::kDismissAppeal));
  Counters counters;
  counters.Add(test_case.record());
  EXPECT_EQ(counters.Of("620100", {"appeal", "p1"}).decided, 1);
  EXPECT_EQ(counters.Of("620100", {"appeal", "p1"}).median, absl::Minutes(6));
  std::set<std::string> lists;
  for (const auto& entry : FootprintOf(kId, test_case.record()).index) {
    if (entry.score == 0) lists.insert(entry.index + " " + entry.member);
  }
  EXPECT_THAT(lists, ElementsAre("work:620100:2026-01 appeal|p1", "work:620102:2026-01 review|r1"));
}

// It went along to the new county, and the officer was missing in the old one's list, also for
// other cases.
TEST(StageWorkTest, WhatWasDecidedStaysWithTheCountyForWhichItWas) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_APPEALED);
  ASSERT_TRUE(test_case.Do(Move::kGrantAppeal));
  const chassis::Footprint before = FootprintOf(kId, test_case.record());
  ASSERT_TRUE(test_case.Do(Move::kTransfer));
  Counters counters;
  counters.Add(test_case.record());
  EXPECT_EQ(counters.Of("620102", {"review", "r1"}).decided, 1);
  EXPECT_EQ(counters.Of("620100", {"appeal", "p1"}).decided, 1);
  const chassis::Footprint after = FootprintOf(kId, test_case.record());
  EXPECT_EQ(after.holdings.size(), before.holdings.size());
}

TEST(StageWorkTest, MembersAreReadBack) {
  EXPECT_EQ(WorkKeyOf(WorkMember({"review", "a|b"})), (WorkKey{"review", "a|b"}));
  EXPECT_EQ(WorkKeyOf("none"), std::nullopt);
}

// Against the exact middle and maximum of invented times: never below them, and half more at most.
TEST(StageWorkTest, TheStepsHoldWhatTheyPromise) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 200; ++round) {
    Counters counters;
    std::vector<int64_t> minutes;
    const int decisions = std::uniform_int_distribution<int>(1, 30)(random);
    for (int i = 0; i < decisions; ++i) {
      const double power = std::uniform_real_distribution<double>(0, 16)(random);
      minutes.push_back(static_cast<int64_t>(std::pow(2.0, power)));
      TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
      Record record = test_case.record();
      record.mutable_application()->mutable_review()->add_acts()->set_actor("county_reviewer:r1");
      record.mutable_application()->mutable_review()->mutable_acts(0)->set_stage("review");
      *record.mutable_application()->mutable_review()->mutable_acts(0)->mutable_time() =
          record.application().submit_time();
      AddStageWork(record, test_case.now() + absl::Minutes(minutes.back()));
      counters.Add(record);
    }
    std::sort(minutes.begin(), minutes.end());
    const WorkSummary summary = counters.Of("620102", {"review", "r1"});
    ASSERT_EQ(summary.decided, decisions);
    const auto holds = [](absl::Duration step, int64_t exact) {
      return step >= absl::Minutes(exact) && step <= absl::Minutes(exact * 3 / 2 + 1);
    };
    EXPECT_TRUE(holds(summary.longest, minutes.back())) << summary.longest;
    EXPECT_TRUE(holds(summary.median, minutes[(minutes.size() - 1) / 2])) << summary.median;
  }
}

TEST(StageWorkTest, NothingIsNothing) {
  const WorkSummary summary = SummaryOf({});
  EXPECT_EQ(summary.decided, 0);
  EXPECT_EQ(summary.median, absl::ZeroDuration());
}

}  // namespace
}  // namespace fuju::applications
