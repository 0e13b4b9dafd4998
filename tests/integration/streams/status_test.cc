#include <cmath>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "integration/streams/held_answers.h"
#include "integration/streams/streams_fixture.h"

namespace fuju::chassis {
namespace {

class StatusTest : public StreamsFixture {
 protected:
  StreamStatus Status(int partition) {
    const auto status = ReadStreamStatus(*client_, source_, partition);
    EXPECT_TRUE(status.ok()) << status.status();
    return status.value_or(StreamStatus());
  }
  double Backlog() { return Metric("fuju_stream_backlog", {{"source", source_.service()}}); }
};

TEST_F(StatusTest, AStreamThatDoesNotExistIsEmpty) {
  const StreamStatus status = Status(0);
  EXPECT_EQ(status.service, source_.service());
  EXPECT_EQ(status.length, 0);
  EXPECT_TRUE(status.groups.empty());
}

TEST_F(StatusTest, GroupsAreListedWithWhatTheyHaveNotRead) {
  for (int version = 1; version <= 5; ++version) Publish(0, "a", version);
  Redis({"XGROUP", "CREATE", source_.Events(0), "slow", "0"});
  Redis({"XREADGROUP", "GROUP", "slow", "c", "COUNT", "2", "STREAMS", source_.Events(0), ">"});
  Redis({"HSET", source_.Positions(0), "gone", "1-1", ":trimmed", "1-1|1"});
  const StreamStatus status = Status(0);
  EXPECT_EQ(status.length, 5);
  EXPECT_EQ(status.entries_added, 5);
  ASSERT_EQ(status.groups.size(), 2u);
  EXPECT_EQ(status.groups[0].group, "slow");
  EXPECT_TRUE(status.groups[0].exists);
  EXPECT_EQ(status.groups[0].backlog, 3);
  EXPECT_EQ(status.groups[1].group, "gone");
  EXPECT_FALSE(status.groups[1].exists);
  EXPECT_TRUE(std::isnan(status.groups[1].backlog));
}

// XINFO's lag stays at 2 here, with nothing left to read.
TEST_F(StatusTest, ABacklogThatWasTrimmedIsNotCounted) {
  for (int version = 1; version <= 3; ++version) Publish(0, "a", version);
  Redis({"XGROUP", "CREATE", source_.Events(0), "g", "0"});
  Redis({"XREADGROUP", "GROUP", "g", "c", "COUNT", "1", "STREAMS", source_.Events(0), ">"});
  Redis({"XTRIM", source_.Events(0), "MAXLEN", "0"});
  EXPECT_EQ(Status(0).groups[0].backlog, 0);
}

TEST_F(StatusTest, TheBacklogMetricIsTheSumOfTheHeldPartitionsAndNaNWithoutAny) {
  HandledLog log;
  HeldAnswers held;
  ConsumerOptions options = QuickOptions("i");
  options.read_count = 1;
  Publish(0, "a", 1);
  for (int version = 1; version <= 10; ++version) Publish(1, "b", version);
  auto consumer = Start(React(held.Handler(log)), options);
  ASSERT_TRUE(log.Await("a@1") && log.Await("b@1"));
  // Two are in hand; the one on partition 0, and all on partition 1.
  Eventually("the backlog is known", [&] { return Backlog() == 11; });
  consumer->Stop(absl::ZeroDuration());
  EXPECT_TRUE(std::isnan(Backlog()));
}

}  // namespace
}  // namespace fuju::chassis
