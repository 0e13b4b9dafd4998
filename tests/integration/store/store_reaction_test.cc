#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "integration/store/sample_aggregate.h"
#include "integration/store/store_fixture.h"

namespace fuju::chassis {
namespace {

// What a reaction to another service's event asks of a commit: once only, fenced.
class StoreReactionTest : public StoreFixture {
 protected:
  StoreReactionTest()
      : partition_(PartitionOf("r1-a")), source_(keys_.Of("source-of-" + keys_.service())) {}

  Command Reaction(int64_t version) const {
    Command command;
    command.actor = "system:" + keys_.service();
    command.cause = Cause{.source = source_.service(),
                          .subject = "things/1",
                          .version = version,
                          .event_id = "things/1@" + std::to_string(version)};
    return command;
  }

  const int partition_;
  const Keys source_;
};

TEST_F(StoreReactionTest, AnEventHasItsEffectOnce) {
  EXPECT_FALSE(Update("r1-a", Reaction(3), Add(1))->repeated);
  for (const int64_t version : {3, 2, 1}) {
    const Result repeat = Update("r1-a", Reaction(version), Add(1));
    ASSERT_TRUE(repeat.ok()) << repeat.status();
    EXPECT_TRUE(repeat->repeated);
    EXPECT_EQ(repeat->version, 1);
    EXPECT_EQ(ValueOf(repeat->state), 1);
  }
  EXPECT_FALSE(Update("r1-a", Reaction(4), Add(1))->repeated);
  EXPECT_EQ(ValueOf(Get("r1-a")->state), 2);
  EXPECT_EQ(Events("r1-a").front().causation_id(), "things/1@3");
}

TEST_F(StoreReactionTest, AtOnceTooItHasItsEffectOnce) {
  std::vector<Answer> answers(50);
  for (Answer& answer : answers) samples_.Update("r1-a", Reaction(1), Add(1), answer.Callback());
  for (const Answer& answer : answers) EXPECT_EQ(answer.Wait()->version, 1);
  EXPECT_EQ(ValueOf(Get("r1-a")->state), 1);
}

TEST_F(StoreReactionTest, AnEventWithoutEffectIsRememberedAlsoWhereNothingExists) {
  const Result unchanged = Update("r1-a", Reaction(1), LeaveUnchanged());
  ASSERT_TRUE(unchanged.ok()) << unchanged.status();
  EXPECT_EQ(unchanged->version, 0);
  EXPECT_FALSE(Get("r1-a")->exists());
  EXPECT_TRUE(Update("r1-a", Reaction(1), Add(1))->repeated);
  EXPECT_EQ(Update("r1-a", Plain(), Add(1))->version, 1);
}

TEST_F(StoreReactionTest, AConsumerThatLostItsPartitionChangesNothing) {
  Command command = Reaction(1);
  command.fence = Fence{.partition = partition_, .lease = "me|7"};
  for (const bool taken_over : {false, true}) {
    if (taken_over) Redis({"SET", keys_.Lease(partition_), "other|8"});
    const std::string before = Dump();
    const Result fenced = Update("r1-a", command, Add(1));
    EXPECT_EQ(fenced.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(ReasonOf(fenced.status()), "FENCED");
    EXPECT_EQ(Dump(), before);
  }
  Redis({"SET", keys_.Lease(partition_), "me|7"});
  EXPECT_TRUE(Update("r1-a", command, Add(1)).ok());
}

TEST_F(StoreReactionTest, AFenceOfAnotherPartitionIsNotAsked) {
  Command command = Reaction(1);
  command.fence = Fence{.partition = (partition_ + 1) % 16, .lease = "me|7"};
  EXPECT_TRUE(Update("r1-a", command, Add(1)).ok());
}

}  // namespace
}  // namespace fuju::chassis
