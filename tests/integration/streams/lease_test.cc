#include <set>

#include "gtest/gtest.h"

#include "integration/streams/held_answers.h"
#include "integration/streams/streams_fixture.h"

namespace fuju::chassis {
namespace {

using LeaseTest = StreamsFixture;

TEST_F(LeaseTest, TwoInstancesShareThePartitionsAndOneHandsOverWhenItStops) {
  HandledLog log;
  auto first = Start(Log(log), QuickOptions("first"));
  Eventually("the first one has all", [&] { return first->Held().size() == 2; });
  auto second = Start(Log(log), QuickOptions("second"));
  Eventually("each has its share",
             [&] { return first->Held().size() == 1 && second->Held().size() == 1; });
  EXPECT_NE(first->Held(), second->Held());
  Publish(0, "a", 1);
  Publish(1, "b", 1);
  ASSERT_TRUE(log.AwaitSize(2));

  first->Stop(absl::Seconds(10));
  EXPECT_TRUE(first->Held().empty());
  Eventually("the second one has all", [&] { return second->Held().size() == 2; });
  Publish(0, "a", 2);
  Publish(1, "b", 2);
  ASSERT_TRUE(log.AwaitSize(4));
  Eventually("nothing is pending", [&] { return Pending(0) == 0 && Pending(1) == 0; });
  // Each event was handled once, by whoever had its partition.
  const std::vector<std::string> lines = log.Lines();
  EXPECT_EQ(std::set<std::string>(lines.begin(), lines.end()).size(), 4u);
  EXPECT_EQ(lines.size(), 4u);
}

TEST_F(LeaseTest, WhateverTheirNumberInstancesShareEvenly) {
  constexpr size_t kMany = 16;
  const Keys keys(keys_.service(), kMany);
  HandledLog log;
  std::vector<std::unique_ptr<Consumer>> running;
  const auto start = [&](const std::string& name) {
    running.push_back(Consumer::Start(client_.get(), redis::Topology::Fixed(server_->endpoint()),
                                      keys, &clock_, Log(log), {}, QuickOptions(name),
                                      registry_.get()));
  };
  const auto even = [&] {
    size_t held = 0;
    for (const auto& consumer : running) {
      const size_t share = consumer->Held().size();
      if (share < kMany / running.size()) return false;
      held += share;
    }
    return held == kMany;
  };
  // 16 over 3 are 6, 5 and 5; not 6, 6 and 4.
  for (const char* name : {"c", "a", "d"}) start(name);
  Eventually("three share evenly", even);
  start("b");
  Eventually("and four", even);
  running.front()->Stop(absl::Seconds(10));
  running.erase(running.begin());
  Eventually("and the three that are left", even);
  start("e");
  start("f");
  Eventually("and five", even);
}

TEST_F(LeaseTest, StopWaitsForWhatRunsAndLeavesNothingPending) {
  Publish(0, "a", 1);
  Publish(0, "a", 2);
  HandledLog log;
  HeldAnswers held;
  auto consumer = Start(React(held.Handler(log)), QuickOptions("i"));
  ASSERT_TRUE(log.Await("a@1"));
  std::thread stopping([&] { consumer->Stop(absl::Minutes(1)); });
  Eventually("it no longer renews its place", [&] { return consumer->Held().size() < 2; });
  held.Answer("a@1");
  stopping.join();
  // The second one was read, but not started: it waits for the next holder.
  EXPECT_EQ(log.Lines().size(), 1u);
  EXPECT_EQ(Pending(0), 1);
  EXPECT_EQ(Redis({"EXISTS", keys_.Lease(0)}).integer(), 0);
  EXPECT_EQ(Redis({"ZCARD", keys_.Members()}).integer(), 0);
  consumer->Stop(absl::ZeroDuration());

  const auto next = Start(Log(log), QuickOptions("next"));
  EXPECT_TRUE(log.Await("a@2"));
}

TEST_F(LeaseTest, StopGivesUpAfterTheGrace) {
  Publish(0, "a", 1);
  HandledLog log;
  HeldAnswers held;
  auto consumer = Start(React(held.Handler(log)), QuickOptions("i"));
  ASSERT_TRUE(log.Await("a@1"));
  consumer->Stop(absl::Milliseconds(50));
  EXPECT_EQ(Redis({"EXISTS", keys_.Lease(0)}).integer(), 0);
  EXPECT_EQ(Pending(0), 1);
  held.Answer("a@1");
  EXPECT_EQ(Pending(0), 1);
}

TEST_F(LeaseTest, TokensGrowAndTheHolderIsNamed) {
  HandledLog log;
  auto first = Start(Log(log), QuickOptions("first"));
  Eventually("it is held", [&] { return first->Held().size() == 2; });
  EXPECT_EQ(Redis({"GET", keys_.Lease(0)}).text(), "first|1");
  first->Stop(absl::Seconds(10));
  const auto second = Start(Log(log), QuickOptions("second"));
  Eventually("it is held again", [&] { return second->Held().size() == 2; });
  EXPECT_EQ(Redis({"GET", keys_.Lease(0)}).text(), "second|2");
  EXPECT_EQ(Metric("fuju_partitions_held"), 2);
}

TEST_F(LeaseTest, AServiceWithoutReactionsHoldsItsPartitionsForItsTimers) {
  const auto consumer = Start(Reactions(), QuickOptions("i"));
  Eventually("they are held", [&] { return consumer->Held().size() == 2; });
}

}  // namespace
}  // namespace fuju::chassis
