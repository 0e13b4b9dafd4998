#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "chassis/store/raw_store.h"
#include "integration/store/sample_aggregate.h"
#include "integration/streams/streams_fixture.h"
#include "support/awaited.h"
#include "support/fake_clock.h"

namespace fuju::chassis {
namespace {

class TimerTest : public StreamsFixture {
 protected:
  void SetTimer(int partition, const std::string& member, absl::Time due) {
    Redis({"ZADD", keys_.Timers(partition), absl::StrCat(absl::ToUnixMillis(due)), member});
  }
  // As the commit of a handler does.
  void ClearTimer(int partition, const std::string& member) {
    client_->Send({"ZREM", keys_.Timers(partition), member}, absl::Seconds(5),
                  [](const absl::StatusOr<redis::Reply>&) {});
  }
  std::unique_ptr<Consumer> StartTimers(TimerHandlers::Handler handler,
                                        ConsumerOptions options = QuickOptions("i")) {
    TimerHandlers timers;
    timers.On("thing", std::move(handler));
    return Consumer::Start(client_.get(), redis::Topology::Fixed(server_->endpoint()), keys_,
                           &fake_clock_, Reactions(), std::move(timers), std::move(options),
                           registry_.get());
  }
  double Fired(const std::string& result) {
    return Metric("fuju_timer_fired_total", {{"kind", "thing"}, {"result", result}});
  }
  test_support::FakeClock fake_clock_;
};

TEST_F(TimerTest, ADueTimerIsCalledOnceWithItsNameAndFence) {
  SetTimer(1, "thing|a/b-1|deadline", fake_clock_.Now() + absl::Minutes(1));
  HandledLog log;
  const auto consumer = StartTimers([&](const DueTimer& timer, const ReactionDone& done) {
    EXPECT_EQ(timer.kind, "thing");
    EXPECT_EQ(timer.id, timer.name == "deadline" ? "a/b-1" : "c");
    EXPECT_EQ(timer.due, fake_clock_.Now());
    EXPECT_EQ(timer.fence.partition, 1);
    EXPECT_EQ(timer.fence.lease, Redis({"GET", keys_.Lease(1)}).text());
    const Command command = timer.ToCommand(keys_.service());
    EXPECT_EQ(command.actor, "system:" + keys_.service());
    EXPECT_EQ(command.fence->lease, timer.fence.lease);
    ClearTimer(1, "thing|a/b-1|deadline");
    log.Add(timer.name);
    done(absl::OkStatus());
  });
  Eventually("it is served", [&] { return consumer->Held().size() == 2; });
  EXPECT_TRUE(log.Lines().empty());
  fake_clock_.Advance(absl::Minutes(1));
  ASSERT_TRUE(log.Await("deadline"));
  // A later timer is called after it; the first one was not called again meanwhile.
  SetTimer(1, "thing|c|later", fake_clock_.Now());
  ASSERT_TRUE(log.Await("later"));
  EXPECT_EQ(log.Count("deadline"), 1);
}

TEST_F(TimerTest, ATimerIsCalledAgainAfterAFailureAndWhileItStaysDue) {
  SetTimer(0, "thing|a|x", fake_clock_.Now());
  HandledLog log;
  const auto consumer = StartTimers([&](const DueTimer& timer, const ReactionDone& done) {
    log.Add(timer.name);
    if (log.Count("x") < 3) return done(absl::InternalError("broken"));
    if (log.Count("x") == 5) ClearTimer(0, "thing|a|x");
    done(absl::OkStatus());
  });
  ASSERT_TRUE(log.AwaitSize(5));
  SetTimer(0, "thing|b|y", fake_clock_.Now());
  ASSERT_TRUE(log.Await("y"));
  EXPECT_EQ(log.Count("x"), 5);
  EXPECT_EQ(Fired("failed"), 2);
  EXPECT_GE(Metric("fuju_timer_late_seconds"), 5);
}

TEST_F(TimerTest, FailingTimersDoNotHideTheOthers) {
  ConsumerOptions options = QuickOptions("i");
  options.read_count = 3;
  for (int i = 0; i < 20; ++i) {
    SetTimer(0, absl::StrCat("thing|", i, "|bad"), fake_clock_.Now() - absl::Seconds(20 - i));
  }
  SetTimer(0, "thing|last|good", fake_clock_.Now());
  HandledLog log;
  const auto consumer = StartTimers(
      [&](const DueTimer& timer, const ReactionDone& done) {
        log.Add(timer.name);
        done(timer.name == "bad" ? absl::InternalError("broken") : absl::OkStatus());
      },
      options);
  EXPECT_TRUE(log.Await("good"));
}

TEST_F(TimerTest, AThrowingHandlerAndATimerOfNobodyDoNoHarm) {
  SetTimer(0, "nobody|a|x", fake_clock_.Now());
  SetTimer(0, "garbage", fake_clock_.Now());
  SetTimer(0, "thing|a|x", fake_clock_.Now());
  HandledLog log;
  const auto consumer = StartTimers([&](const DueTimer& timer, const ReactionDone&) {
    log.Add(timer.name);
    throw std::runtime_error("oops");
  });
  EXPECT_TRUE(log.AwaitSize(3));
}

TEST_F(TimerTest, AHandlerThatNeverAnswersIsCalledAgain) {
  SetTimer(0, "thing|a|x", fake_clock_.Now());
  HandledLog log;
  ConsumerOptions options = QuickOptions("i");
  options.reaction_timeout = absl::Milliseconds(20);
  const auto consumer = StartTimers(
      [&](const DueTimer& timer, const ReactionDone&) { log.Add(timer.name); }, options);
  EXPECT_TRUE(log.AwaitSize(3));
}

// The whole way: the state sets a timer, the timer's commit clears it.
TEST_F(TimerTest, TheCommitOfTheHandlerClearsTheTimer) {
  const auto store = MakeRedisStore(client_.get(), keys_, &fake_clock_, {});
  const SampleStore samples(store.get(), SampleKind());
  test_support::Awaited<absl::StatusOr<Committed<SampleState>>> created;
  Command command;
  command.actor = "test:1";
  const int64_t due = absl::ToUnixSeconds(fake_clock_.Now());
  samples.Update("r1-a", command,
                 SetTo(absl::StrCat(R"({"value": 1, "timers": {"due": )", due, "}}")),
                 created.Callback());
  ASSERT_TRUE(created.Wait().ok()) << created.Wait().status();
  const int partition = keys_.PartitionOf("r1");
  ASSERT_EQ(Redis({"ZCARD", keys_.Timers(partition)}).integer(), 1);

  HandledLog log;
  TimerHandlers timers;
  timers.On(SampleKind().kind, [&](const DueTimer& timer, const ReactionDone& done) {
    samples.Update(timer.id, timer.ToCommand(keys_.service()), SetTo(R"({"value": 2})"),
                   [&, done](const absl::StatusOr<Committed<SampleState>>& committed) {
                     log.Add(committed.ok() ? "fired" : committed.status().ToString());
                     done(committed.status());
                   });
  });
  const auto consumer = Consumer::Start(client_.get(), redis::Topology::Fixed(server_->endpoint()),
                                        keys_, &fake_clock_, Reactions(), std::move(timers),
                                        QuickOptions("i"), registry_.get());
  ASSERT_TRUE(log.Await("fired"));
  EXPECT_EQ(Redis({"ZCARD", keys_.Timers(partition)}).integer(), 0);
}

}  // namespace
}  // namespace fuju::chassis
