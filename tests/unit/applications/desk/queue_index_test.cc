#include "applications/desk/queue_index.h"

#include <map>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications/desk/desk_place.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::kId;
using ::testing::Pair;
using testing::TestCase;
using ::testing::UnorderedElementsAre;

std::map<std::string, int64_t> QueuesOf(const Record& record) {
  chassis::Footprint footprint;
  AddQueueEntries(kId, record, footprint);
  std::map<std::string, int64_t> scores;
  for (const chassis::IndexEntry& entry : footprint.index) {
    EXPECT_EQ(entry.member.substr(entry.member.rfind('|') + 1), kId);
    scores[entry.index] = entry.score;
  }
  return scores;
}

TEST(QueueIndexTest, TheLeastTimeLeftHasTheGreatestScore) {
  const absl::Time due = testing::Start();
  EXPECT_GT(QueueScore(due), QueueScore(due + absl::Milliseconds(1)));
  EXPECT_EQ(DueOfScore(QueueScore(due)), due);
}

TEST(QueueIndexTest, ACaseInItsStageStandsInThreeQueues) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  const int64_t score = QueueScore(DueTimeOf(test_case.application()));
  EXPECT_LT(score, QueueScore(test_case.now()));
  EXPECT_THAT(
      QueuesOf(test_case.record()),
      UnorderedElementsAre(Pair("queue:620102", score), Pair("queue:620102:stage:review", score),
                           Pair("queue:620102:item:M01", score)));
}

TEST(QueueIndexTest, AClaimedCaseStandsInItsOfficersToo) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  ASSERT_TRUE(test_case.Do(Move::kClaim));
  const auto queues = QueuesOf(test_case.record());
  EXPECT_EQ(queues.size(), 5u);
  EXPECT_EQ(queues.at("queue:620102:officer:r1"), queues.at("queue:620102"));
  EXPECT_EQ(queues.at("claims:620102:review"),
            absl::ToUnixMillis(test_case.now() + absl::Minutes(30)));
  EXPECT_EQ(OfficerOfClaim(absl::StrCat("r1|", kId)), "r1");
  EXPECT_EQ(OfficerOfClaim(absl::StrCat("a|b|", kId)), "a|b");
  EXPECT_EQ(OfficerOfClaim("none"), std::nullopt);
}

TEST(QueueIndexTest, AnAppealWaitsInThePrefecture) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_APPEALED);
  const auto queues = QueuesOf(test_case.record());
  EXPECT_TRUE(queues.contains("queue:620100"));
  EXPECT_TRUE(queues.contains("queue:620100:stage:appeal"));
  EXPECT_FALSE(queues.contains("queue:620102"));
}

TEST(QueueIndexTest, NothingIsLeftOnceNobodyHasToAct) {
  for (int i = v1::ApplicationState_MIN + 1; i <= v1::ApplicationState_MAX; ++i) {
    // The numbers have gaps.
    if (!v1::ApplicationState_IsValid(i)) continue;
    const auto state = static_cast<ApplicationState>(i);
    const auto queues = QueuesOf(TestCase::In(state).record());
    EXPECT_EQ(queues.empty(), !WaitsForOfficer(state)) << StateName(state);
    EXPECT_EQ(queues.contains("queue:620102:hold"), state == v1::APPLICATION_STATE_ON_HOLD);
  }
}

// Its entries were never written, so none must be taken for written: services/adr/0015.
TEST(QueueIndexTest, ACaseFromBeforeThereWasAQueueStandsInNone) {
  Record record = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW).record();
  record.clear_desk_place();
  EXPECT_TRUE(QueuesOf(record).empty());
}

}  // namespace
}  // namespace fuju::applications
