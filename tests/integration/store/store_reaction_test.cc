#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "integration/store/sample_aggregate.h"
#include "integration/store/store_fixture.h"

namespace fuju::chassis {
namespace {

// What a reaction to another service's event asks of a commit: once only, fenced, acknowledged.
class StoreReactionTest : public StoreFixture {
 protected:
  StoreReactionTest()
      : partition_(PartitionOf("r1-a")),
        source_(keys_.Of("source-of-" + keys_.service())),
        stream_(source_.Events(partition_)) {}

  Command Reaction(int64_t version) const {
    Command command;
    command.actor = "system:" + keys_.service();
    command.cause = Cause{.source = source_.service(),
                          .subject = "things/1",
                          .version = version,
                          .event_id = "things/1@" + std::to_string(version)};
    return command;
  }

  // An entry of the source's stream that was delivered to the group; its id.
  std::string Deliver() {
    Redis({"XGROUP", "CREATE", stream_, keys_.service(), "0", "MKSTREAM"});
    const std::string id = Redis({"XADD", stream_, "*", "e", "x"}).text();
    Redis({"XREADGROUP", "GROUP", keys_.service(), "me", "STREAMS", stream_, ">"});
    return id;
  }

  Acknowledgement Acknowledge(const std::string& entry_id) const {
    return {
        .stream = stream_, .group = keys_.service(), .entry_id = entry_id, .partition = partition_};
  }

  int64_t Pending() { return Redis({"XPENDING", stream_, keys_.service()})[0].integer(); }
  std::string Position() {
    return Redis({"HGET", source_.Positions(partition_), keys_.service()}).text();
  }

  const int partition_;
  const Keys source_;
  const std::string stream_;
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

TEST_F(StoreReactionTest, AcknowledgesInTheCommit) {
  Command command = Reaction(1);
  command.acknowledge = Acknowledge(Deliver());
  ASSERT_TRUE(Update("r1-a", command, Add(1)).ok());
  EXPECT_EQ(Pending(), 0);
  EXPECT_EQ(Position(), command.acknowledge->entry_id);
}

TEST_F(StoreReactionTest, ARepeatIsAcknowledgedWithoutEffect) {
  ASSERT_TRUE(Update("r1-a", Reaction(1), Add(1)).ok());
  Command command = Reaction(1);
  command.acknowledge = Acknowledge(Deliver());
  EXPECT_TRUE(Update("r1-a", command, Add(1))->repeated);
  EXPECT_EQ(Pending(), 0);
  EXPECT_EQ(ValueOf(Get("r1-a")->state), 1);
}

TEST_F(StoreReactionTest, ThePositionNeverPassesWhatIsPending) {
  const std::string first = Deliver();
  const std::string second = Deliver();
  const std::string third = Deliver();
  Command command = Reaction(3);
  command.acknowledge = Acknowledge(third);
  ASSERT_TRUE(Update("r1-a", command, Add(1)).ok());
  // A group that is made again at this position gets the first and the second.
  Redis({"XGROUP", "CREATE", stream_, "again", Position()});
  const redis::Reply again = Redis({"XREADGROUP", "GROUP", "again", "me", "STREAMS", stream_, ">"});
  ASSERT_EQ(again[0][1].size(), 3u);
  EXPECT_EQ(again[0][1][0][0].text(), first);

  command = Reaction(4);
  command.acknowledge = Acknowledge(first);
  ASSERT_TRUE(Update("r1-a", command, Add(1)).ok());
  Redis({"XGROUP", "SETID", stream_, "again", Position()});
  const redis::Reply rest = Redis({"XREADGROUP", "GROUP", "again", "me", "STREAMS", stream_, ">"});
  EXPECT_EQ(rest[0][1][0][0].text(), second);

  command = Reaction(5);
  command.acknowledge = Acknowledge(second);
  ASSERT_TRUE(Update("r1-a", command, Add(1)).ok());
  EXPECT_EQ(Position(), second);
}

TEST_F(StoreReactionTest, AnotherPartitionsEntryIsLeftToTheConsumer) {
  Command command = Reaction(1);
  command.acknowledge = Acknowledge(Deliver());
  command.acknowledge->partition = (partition_ + 1) % 16;
  ASSERT_TRUE(Update("r1-a", command, Add(1)).ok());
  EXPECT_EQ(Pending(), 1);
}

TEST_F(StoreReactionTest, AConsumerThatLostItsPartitionChangesNothing) {
  Command command = Reaction(1);
  command.acknowledge = Acknowledge(Deliver());
  command.fence = Fence{.partition = partition_, .lease = "me|7"};
  for (const bool taken_over : {false, true}) {
    if (taken_over) Redis({"SET", keys_.Lease(partition_), "other|8"});
    const std::string before = Dump();
    const Result fenced = Update("r1-a", command, Add(1));
    EXPECT_EQ(fenced.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(ReasonOf(fenced.status()), "FENCED");
    EXPECT_EQ(Dump(), before);
    EXPECT_EQ(Pending(), 1);
  }
  Redis({"SET", keys_.Lease(partition_), "me|7"});
  EXPECT_TRUE(Update("r1-a", command, Add(1)).ok());
  EXPECT_EQ(Pending(), 0);
}

TEST_F(StoreReactionTest, AFenceOfAnotherPartitionIsNotAsked) {
  Command command = Reaction(1);
  command.fence = Fence{.partition = (partition_ + 1) % 16, .lease = "me|7"};
  EXPECT_TRUE(Update("r1-a", command, Add(1)).ok());
}

}  // namespace
}  // namespace fuju::chassis
