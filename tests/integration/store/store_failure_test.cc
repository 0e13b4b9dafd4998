#include <atomic>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "integration/store/sample_aggregate.h"
#include "integration/store/store_fixture.h"

namespace fuju::chassis {
namespace {

class StoreFailureTest : public StoreFixture {};

// An acknowledged write outlives a crash of Redis, and the service goes on by itself.
TEST_F(StoreFailureTest, AcknowledgedWritesSurviveAKilledRedis) {
  constexpr int kAggregates = 16;
  struct Writer {
    std::string id;
    int acknowledged = 0;
    bool ended = false;
  };
  std::vector<Writer> writers(kAggregates);
  absl::Mutex mutex;
  int acknowledged = 0;
  std::function<void(Writer*)> write = [&](Writer* writer) {
    samples_.Update(writer->id, Plain(), Add(1), [&, writer](Result result) {
      {
        absl::MutexLock lock(&mutex);
        if (!result.ok()) {
          EXPECT_EQ(ReasonOf(result.status()), "STORE_UNAVAILABLE");
          writer->ended = true;
          return;
        }
        writer->acknowledged = ValueOf(result->state);
        ++acknowledged;
      }
      write(writer);
    });
  };
  for (int i = 0; i < kAggregates; ++i) writers[i].id = absl::StrCat("r", i, "-x");
  for (Writer& writer : writers) write(&writer);
  {
    absl::MutexLock lock(&mutex);
    const auto enough = [&] { return acknowledged >= 500; };
    mutex.Await(absl::Condition(&enough));
  }
  server_->Kill();
  server_->Restart();
  for (Writer& writer : writers) {
    const auto read = Get(writer.id);  // waits for the connection
    ASSERT_TRUE(read.ok()) << read.status();
    absl::MutexLock lock(&mutex);
    // One more than acknowledged: applied, but the answer was lost. A writer that has not ended
    // only waited for the connection, and goes on.
    if (writer.ended) {
      EXPECT_GE(ValueOf(read->state), writer.acknowledged);
      EXPECT_LE(ValueOf(read->state), writer.acknowledged + 1);
    }
    EXPECT_GT(ValueOf(read->state), 0);
    EXPECT_EQ(read->version, ValueOf(read->state));
  }
  EXPECT_TRUE(Update("r1-new", Plain(), Add(1)).ok());
  client_.reset();  // ends the writers that go on
}

TEST_F(StoreFailureTest, AnUncertainCommitIsSafeToRepeat) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  // The answer is lost after the decision was made: Redis stops while the commit is on its way.
  const auto hasty = NewStore({.command_timeout = absl::Milliseconds(100)});
  Answer lost;
  SampleStore(hasty.get(), SampleKind())
      .Update(
          "r1-a", Request("q1"),
          [](const Versioned<SampleState>& current) {
            server_->Pause();
            return Add(1)(current);
          },
          lost.Callback());
  EXPECT_EQ(lost.Wait().status().code(), absl::StatusCode::kUnavailable) << lost.Wait().status();
  EXPECT_EQ(ReasonOf(lost.Wait().status()), "STORE_UNAVAILABLE");
  server_->Resume();
  const Result repeat = Update("r1-a", Request("q1"), Add(1));
  ASSERT_TRUE(repeat.ok()) << repeat.status();
  EXPECT_EQ(repeat->version, 2);
  EXPECT_EQ(ValueOf(Get("r1-a")->state), 2);
}

TEST_F(StoreFailureTest, TheDeadlineOfTheCommandHolds) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  Command late = Plain();
  late.deadline = absl::Now() - absl::Seconds(1);
  const Result passed = Update("r1-a", late, Add(1));
  EXPECT_EQ(passed.status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(ReasonOf(passed.status()), "DEADLINE_PASSED");

  server_->Pause();
  Command soon = Plain();
  soon.deadline = absl::Now() + absl::Milliseconds(50);
  const Result missed = Update("r1-a", soon, Add(1));
  EXPECT_EQ(missed.status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(ReasonOf(missed.status()), "STORE_UNAVAILABLE");
  server_->Resume();
}

TEST_F(StoreFailureTest, TheDeadlineHoldsAlsoForWhoWaitsForATurn) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  server_->Pause();
  Answer first;
  samples_.Update("r1-a", Plain(), Add(1), first.Callback());
  Command soon = Plain();
  soon.deadline = absl::Now() + absl::Milliseconds(50);
  EXPECT_EQ(Update("r1-a", soon, Add(1)).status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_FALSE(first.HasAnswer());
  server_->Resume();
  EXPECT_TRUE(first.Wait().ok());
  EXPECT_EQ(Update("r1-a", Plain(), Add(1))->version, 3);
}

TEST_F(StoreFailureTest, StoppingTheClientAnswersRetriesToo) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  std::vector<Answer> answers(200);
  for (Answer& answer : answers) samples_.Update("r1-a", Plain(), Add(1), answer.Callback());
  client_.reset();
  for (const Answer& answer : answers) {
    ASSERT_TRUE(answer.HasAnswer());
    const Result result = answer.Wait();
    if (result.ok()) continue;
    EXPECT_EQ(ReasonOf(result.status()), "STORE_UNAVAILABLE") << result.status();
  }
}

TEST_F(StoreFailureTest, ACommitWaitsForItsReplicas) {
  test_support::RedisServer primary({"--repl-diskless-sync-delay", "0"});
  test_support::RedisServer replica({"--replicaof", absl::StrCat("127.0.0.1 ", primary.port())});
  const auto client = redis::PipelinedClient::Start({.endpoint = primary.endpoint()});
  const auto commit = [&](absl::Duration timeout, const std::string& request_id) {
    const auto store = MakeRedisStore(client.get(), keys_, &clock_,
                                      {.command_timeout = timeout, .wait_replicas = 1});
    Answer answer;
    SampleStore(store.get(), SampleKind())
        .Update("r1-a", Request(request_id), Add(1), answer.Callback());
    return answer.Wait();
  };
  ASSERT_TRUE(commit(absl::Seconds(30), "q1").ok());
  replica.Pause();
  const Result uncertain = commit(absl::Milliseconds(200), "q2");
  EXPECT_EQ(uncertain.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(uncertain.status()), "STORE_UNAVAILABLE");
  // A repeat is not answered either while the replica lacks the first effect.
  EXPECT_EQ(commit(absl::Milliseconds(200), "q2").status().code(), absl::StatusCode::kUnavailable);
  replica.Resume();
  const Result repeat = commit(absl::Seconds(30), "q2");
  ASSERT_TRUE(repeat.ok()) << repeat.status();
  EXPECT_TRUE(repeat->repeated);
  EXPECT_EQ(repeat->version, 2);
}

}  // namespace
}  // namespace fuju::chassis
