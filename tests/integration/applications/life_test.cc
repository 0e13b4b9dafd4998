// A case from the draft to the end, with the other services played by their facts.

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/streams/consumer.h"
#include "integration/applications/applications_instance.h"
#include "integration/applications/foreign_streams.h"

namespace fuju::applications {
namespace {

using Stub = v1::ApplicationsService::Stub;

class LifeTest : public ::testing::Test {
 protected:
  std::string Submitted(int person = 1) {
    const auto draft = instance_.Create(DraftOf(person));
    EXPECT_TRUE(draft.ok()) << draft.status();
    EXPECT_TRUE(instance_.Submit(draft->name()).ok());
    return draft->name();
  }
  std::string Approved(int person = 1) {
    const std::string name = Submitted(person);
    streams_.Reserve(name);
    instance_.Await(name, v1::APPLICATION_STATE_UNDER_REVIEW);
    EXPECT_TRUE(instance_.Approve(name).ok());
    return name;
  }
  // Whether the person's open name is taken.
  bool Claimed(const std::string& name) {
    const v1::Application application = *instance_.Get(name);
    const std::string claim = absl::StrCat("open:", application.person_key(), ":",
                                           application.request().device_division());
    const std::string key = instance_.keys().Claim(PartitionOf(name), claim);
    return redis_.Call({"EXISTS", key}).integer() == 1;
  }
  int PartitionOf(const std::string& name) const {
    return instance_.keys().PartitionOf(RouteOf(IdOf(name)));
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  ApplicationsInstance instance_{redis_, &clock_};
  ForeignStreams streams_{&redis_};
};

TEST_F(LifeTest, FromTheDraftToTheClosedCase) {
  const std::string name = Approved();
  EXPECT_TRUE(Claimed(name));
  streams_.Accept(name, 1);
  EXPECT_EQ(instance_.Await(name, v1::APPLICATION_STATE_DISPATCHED).service().vendor_name(),
            "演示辅具一部");
  streams_.OpenOrder(name, 1);
  streams_.Schedule(name, 1);
  EXPECT_EQ(instance_.Await(name, v1::APPLICATION_STATE_SCHEDULED).service().order(),
            "vendors/91620102DEM0000146/orders/" + name.substr(13) + "-1");
  streams_.Complete(name, 1);
  EXPECT_EQ(instance_.Await(name, v1::APPLICATION_STATE_FITTED).service().serial_number(), kSerial);
  ASSERT_TRUE(instance_.ConfirmReceipt(name).ok());
  streams_.Settle(name);
  instance_.Await(name, v1::APPLICATION_STATE_PAID);
  clock_.Advance(absl::Hours(30 * 24));
  instance_.Await(name, v1::APPLICATION_STATE_FOLLOW_UP);
  EXPECT_TRUE(Claimed(name));
  ASSERT_TRUE(instance_.AnswerFollowUp(name).ok());
  const v1::Application closed = *instance_.Get(name);
  EXPECT_EQ(closed.state(), v1::APPLICATION_STATE_CLOSED);
  EXPECT_EQ(closed.timeline_size(), 12);
  EXPECT_EQ(closed.holder().party(), "");
  EXPECT_TRUE(closed.subsidy().settled());
  EXPECT_FALSE(Claimed(name));
}

TEST_F(LifeTest, NoEventInRedisNamesThePerson) {
  const std::string name = Submitted();
  streams_.Refuse(name, false);
  const v1::Application ended = instance_.Await(name, v1::APPLICATION_STATE_INELIGIBLE);
  EXPECT_EQ(ended.outcome().reason_codes(0), "AGE_WINDOW");
  const int partition = PartitionOf(name);
  const auto events = redis_.Call({"XRANGE", instance_.keys().Events(partition), "-", "+"});
  ASSERT_EQ(events.size(), 3u);
  for (const auto& entry : events.items()) {
    const std::string& event = entry[1][1].text();
    for (const char* secret : {"马小兰", "62010219800101", "13812345678", "白银路", "日常出行"}) {
      EXPECT_FALSE(absl::StrContains(event, secret)) << secret;
    }
  }
  EXPECT_FALSE(Claimed(name));
}

TEST_F(LifeTest, NoMoneyEndsUnfunded) {
  const std::string name = Submitted();
  streams_.Refuse(name, true);
  EXPECT_EQ(instance_.Await(name, v1::APPLICATION_STATE_UNFUNDED).outcome().reason_codes(0),
            "BUDGET_INSUFFICIENT");
}

TEST_F(LifeTest, ARepeatedFactHasNoSecondEffect) {
  const std::string name = Approved();
  streams_.Accept(name, 1);
  streams_.RepeatLast();
  // The order's facts come over another stream, which may be faster.
  instance_.Await(name, v1::APPLICATION_STATE_DISPATCHED);
  streams_.Schedule(name, 1);
  streams_.RepeatLast();
  streams_.Complete(name, 1);
  streams_.RepeatLast();
  EXPECT_EQ(instance_.Await(name, v1::APPLICATION_STATE_FITTED).timeline_size(), 7);
}

// The order's stream may be faster than the round's.
TEST_F(LifeTest, AnOrderBeforeItsAcceptanceMovesTheCase) {
  const std::string name = Approved();
  streams_.Schedule(name, 1);
  instance_.Await(name, v1::APPLICATION_STATE_SCHEDULED);
  streams_.Accept(name, 1);
  streams_.ReturnOrder(name, 1);
  instance_.Await(name, v1::APPLICATION_STATE_APPROVED);
  streams_.Accept(name, 2);
  const v1::Application again = instance_.Await(name, v1::APPLICATION_STATE_DISPATCHED);
  EXPECT_EQ(again.timeline_size(), 7);
}

TEST_F(LifeTest, WithdrawalAsksTheVendorSideFirst) {
  const std::string early = Approved(1);
  EXPECT_EQ(instance_.Withdraw(early)->state(), v1::APPLICATION_STATE_WITHDRAWING);
  streams_.CancelDispatch(early, 1);
  instance_.Await(early, v1::APPLICATION_STATE_WITHDRAWN);

  const std::string late = Approved(2);
  streams_.Accept(late, 1);
  streams_.Schedule(late, 1);
  instance_.Await(late, v1::APPLICATION_STATE_SCHEDULED);
  EXPECT_EQ(instance_.Withdraw(late)->state(), v1::APPLICATION_STATE_WITHDRAWING);
  streams_.Recall(late, 1);
  streams_.CancelOrder(late, 1);
  instance_.Await(late, v1::APPLICATION_STATE_WITHDRAWN);
  EXPECT_FALSE(Claimed(late));
}

TEST_F(LifeTest, AHandOverThatCameFirstWins) {
  const std::string name = Approved();
  streams_.Accept(name, 1);
  streams_.Schedule(name, 1);
  instance_.Await(name, v1::APPLICATION_STATE_SCHEDULED);
  ASSERT_TRUE(instance_.Withdraw(name).ok());
  streams_.Complete(name, 1);
  const v1::Application fitted = instance_.Await(name, v1::APPLICATION_STATE_FITTED);
  EXPECT_TRUE(absl::StrContains(fitted.timeline(fitted.timeline_size() - 1).text_zh(), "未能生效"));
}

TEST_F(LifeTest, LimitsHaveTheirEffect) {
  const std::string returned = Submitted(1);
  const std::string waiting = Submitted(2);
  streams_.Reserve(returned);
  streams_.Reserve(waiting);
  instance_.Await(returned, v1::APPLICATION_STATE_UNDER_REVIEW);
  instance_.Await(waiting, v1::APPLICATION_STATE_UNDER_REVIEW);
  ASSERT_TRUE(instance_.Return(returned).ok());
  clock_.Advance(absl::Hours(24 * 25));
  EXPECT_EQ(instance_.Await(returned, v1::APPLICATION_STATE_EXPIRED).outcome().reason_codes(0),
            "SUPPLEMENT_OVERDUE");
  // The county is late: told once, and may still decide.
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (instance_.Get(waiting)->timeline_size() < 4 && absl::Now() < deadline) {
  }
  const v1::Application late = *instance_.Get(waiting);
  EXPECT_EQ(late.timeline_size(), 4);
  EXPECT_TRUE(absl::StrContains(late.holder().text_zh(), "督办"));
  EXPECT_TRUE(instance_.Approve(waiting).ok());
  for (const std::string& name : {waiting, returned}) {
    EXPECT_EQ(redis_.Call({"EXISTS", instance_.keys().Timers(PartitionOf(name))}).integer(), 0);
  }
}

// That can not happen; if it does, an operator must see it.
TEST_F(LifeTest, AFactAboutNoApplicationIsADeadLetter) {
  streams_.Reserve("applications/620102-01JH8R5V7E0000000000000009");
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  std::vector<chassis::DeadLetter> letters;
  while (letters.empty() && absl::Now() < deadline) {
    const auto listed = chassis::ListDeadLetters(instance_.client(), instance_.keys(), 10);
    ASSERT_TRUE(listed.ok()) << listed.status();
    letters = *listed;
  }
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].source, "catalogue");
  EXPECT_EQ(letters[0].attempts, 3);
  // Other cases go on.
  const std::string name = Submitted();
  streams_.Reserve(name);
  instance_.Await(name, v1::APPLICATION_STATE_UNDER_REVIEW);
}

}  // namespace
}  // namespace fuju::applications
