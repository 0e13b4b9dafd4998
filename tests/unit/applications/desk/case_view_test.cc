#include "applications/desk/case_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications/desk/desk_place.h"
#include "applications/desk/queue_index.h"
#include "chassis/values/timestamps.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using ::testing::ElementsAre;
using testing::TestCase;

TEST(QueuedCaseViewTest, SaysWhatTheQueueHasToShow) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  ASSERT_TRUE(test_case.Do(Move::kClaim));
  const v1::QueuedCase view = QueuedCaseView(test_case.record(), "7", test_case.now());
  EXPECT_EQ(view.application(), test_case.application().name());
  EXPECT_EQ(view.etag(), "7");
  EXPECT_EQ(view.stage(), "review");
  EXPECT_FALSE(view.stage_text_zh().empty());
  EXPECT_EQ(view.applicant_name(), "马*兰");
  EXPECT_EQ(view.item_code(), "M01");
  EXPECT_EQ(view.subsidy_fen(), 98000);
  EXPECT_FALSE(view.late());
  EXPECT_EQ(view.claim().officer(), "county_reviewer:r1");
}

TEST(QueuedCaseViewTest, AnEndedClaimIsNone) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  ASSERT_TRUE(test_case.Do(Move::kClaim));
  EXPECT_FALSE(
      QueuedCaseView(test_case.record(), "", test_case.now() + absl::Minutes(30)).has_claim());
}

TEST(QueuedCaseViewTest, IsLateFromTheLimitOn) {
  const Record record = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW).record();
  const absl::Time due = DueTimeOf(record.application());
  EXPECT_FALSE(QueuedCaseView(record, "", due - absl::Milliseconds(1)).late());
  EXPECT_TRUE(QueuedCaseView(record, "", due).late());
}

TEST(QueuedCaseViewTest, ACaseThatDoesNotWaitHasNoDueTime) {
  const Record record = TestCase::In(v1::APPLICATION_STATE_APPROVED).record();
  const v1::QueuedCase view = QueuedCaseView(record, "", testing::Start());
  EXPECT_FALSE(view.has_due_time());
  EXPECT_FALSE(view.late());
}

TEST(StagesTest, TheCountysOwnComeFirstAndTheAppealLast) {
  const auto stages = StagesOf(testing::DefaultRules().chains, "620102");
  ASSERT_GE(stages.size(), 3u);
  EXPECT_EQ(stages.front().stage(), "review");
  EXPECT_EQ(stages.back().stage(), "appeal");
}

TEST(StagesTest, AreCountedByTheirLimits) {
  v1::StageCount review;
  review.set_stage("review");
  // Monday 2026-01-05 09:00 in Lanzhou; its midnight is 15 hours away.
  const absl::Time now = testing::Start();
  const auto open = OpenRangesOf({review}, "620102");
  const auto ranges = DetailRangesOf({review}, "620102", now);
  ASSERT_EQ(open.size(), 1u);
  ASSERT_EQ(ranges.size(), 3u);
  const auto holds = [](const CountRange& range, absl::Time due) {
    return range.min_score <= QueueScore(due) && QueueScore(due) <= range.max_score;
  };
  const absl::Duration kMs = absl::Milliseconds(1);
  const absl::Time midnight = now + absl::Hours(15);
  const struct {
    absl::Time due;
    bool late;
    bool today;
  } cases[] = {{now - absl::Hours(100), true, false},
               {now, true, false},
               {now + kMs, false, true},
               {midnight, false, true},
               {midnight + kMs, false, false},
               {now + absl::Hours(900), false, false}};
  for (const auto& c : cases) {
    EXPECT_TRUE(holds(open[0], c.due)) << c.due;
    EXPECT_EQ(holds(ranges[0], c.due), c.late) << c.due;
    EXPECT_EQ(holds(ranges[1], c.due), c.today) << c.due;
  }
  EXPECT_EQ(ranges[2].index, "claims:620102:review");
  EXPECT_EQ(ranges[2].min_score, absl::ToUnixMillis(now) + 1);
}

TEST(StagesTest, EmptyStagesOfOtherChainsAreLeftOut) {
  const ChainBook& chains = testing::DefaultRules().chains;
  const auto stages = StagesOf(chains, "620102");
  std::vector<int64_t> counts(stages.size(), 0);
  counts.back() = 3;
  const auto ids = [](const std::vector<v1::StageCount>& filled) {
    std::vector<std::string> texts;
    for (const auto& stage : filled) texts.push_back(stage.stage());
    return texts;
  };
  const auto filled = WithOpenCounts(stages, counts, chains, "620102");
  EXPECT_THAT(ids(filled), ElementsAre("review", "appeal"));
  EXPECT_EQ(filled.back().open_count(), 3);
  EXPECT_THAT(ids(WithOpenCounts(stages, counts, chains, "620100")), ElementsAre("appeal"));
}

}  // namespace
}  // namespace fuju::applications
