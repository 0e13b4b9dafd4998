#include "applications/deadline_decisions.h"

#include <gtest/gtest.h>

#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::DefaultRules;
using testing::TestCase;

struct LimitCase {
  ApplicationState state;
  Move move;
  ApplicationState after;
};

class EveryLimit : public ::testing::TestWithParam<LimitCase> {};

TEST_P(EveryLimit, HasItsEffectOnceItIsDue) {
  TestCase test_case = TestCase::In(GetParam().state);
  const std::string timer = test_case.record().limit().name();
  const absl::Time due = chassis::ToTime(test_case.record().limit().due_time());
  const auto fire = [&](absl::Time now) {
    return DecideDeadline(test_case.record(), timer, test_case.rules(),
                          {now, "system:applications"});
  };
  EXPECT_FALSE(test_case.Take(fire(due - absl::Milliseconds(1))));
  ASSERT_TRUE(test_case.Take(fire(due)));
  EXPECT_EQ(test_case.state(), GetParam().after);
  EXPECT_FALSE(test_case.Take(fire(due)));
  EXPECT_EQ(test_case.last_entry().actor(), "system:applications");
}

INSTANTIATE_TEST_SUITE_P(
    Limits, EveryLimit,
    ::testing::Values(
        LimitCase{v1::APPLICATION_STATE_UNDER_REVIEW, Move::kReviewOverdue,
                  v1::APPLICATION_STATE_UNDER_REVIEW},
        LimitCase{v1::APPLICATION_STATE_PUBLIC_NOTICE, Move::kNoticeOver,
                  v1::APPLICATION_STATE_APPROVED},
        LimitCase{v1::APPLICATION_STATE_ON_HOLD, Move::kHoldOverdue, v1::APPLICATION_STATE_ON_HOLD},
        LimitCase{v1::APPLICATION_STATE_APPEALED, Move::kAppealOverdue,
                  v1::APPLICATION_STATE_APPEALED},
        LimitCase{v1::APPLICATION_STATE_SUPPLEMENT, Move::kSupplementOverdue,
                  v1::APPLICATION_STATE_EXPIRED},
        LimitCase{v1::APPLICATION_STATE_FITTED, Move::kReceiptOverdue,
                  v1::APPLICATION_STATE_FITTED},
        LimitCase{v1::APPLICATION_STATE_PAID, Move::kFollowUpDue, v1::APPLICATION_STATE_FOLLOW_UP},
        LimitCase{v1::APPLICATION_STATE_FOLLOW_UP, Move::kFollowUpOverdue,
                  v1::APPLICATION_STATE_CLOSED}),
    [](const auto& test) { return std::string(InfoOf(test.param.move).name); });

TEST(DeadlineTest, ATimerOfAnotherLimitHasNoEffect) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_FITTED);
  const Act late = {test_case.now() + absl::Hours(10000), "system:applications"};
  EXPECT_FALSE(
      test_case.Take(DecideDeadline(test_case.record(), kReviewTimer, DefaultRules(), late)));
}

TEST(DeadlineTest, TheReceiptCanStillBeSignedAfterTheReminder) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_FITTED);
  ASSERT_TRUE(test_case.Do(Move::kReceiptOverdue));
  const auto* fact = dynamic_cast<const v1::ApplicationDeadlineMissed*>(&test_case.last_fact());
  ASSERT_NE(fact, nullptr);
  EXPECT_EQ(fact->limit(), "receipt");
  EXPECT_TRUE(test_case.Do(Move::kConfirmReceipt));
}

TEST(DeadlineTest, NobodyAnsweringClosesWithoutAnAnswer) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_FOLLOW_UP);
  ASSERT_TRUE(test_case.Do(Move::kFollowUpOverdue));
  EXPECT_EQ(test_case.application().follow_up().satisfaction(), 0);
  EXPECT_FALSE(test_case.application().follow_up().has_answer_time());
}

}  // namespace
}  // namespace fuju::applications
