#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "chassis/store/packed_state.h"
#include "chassis/values/refusal.h"
#include "integration/store/sample_aggregate.h"
#include "integration/store/store_fixture.h"

namespace fuju::chassis {
namespace {

class StoreUpdateTest : public StoreFixture {};

TEST_F(StoreUpdateTest, CreatesThenChangesThenReads) {
  EXPECT_FALSE(Get("r1-a")->exists());
  const Result created = Update("r1-a", Plain(), Add(3));
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->version, 1);
  EXPECT_EQ(created->id, "r1-a");
  EXPECT_FALSE(created->repeated);
  EXPECT_EQ(ValueOf(created->state), 3);

  const Result changed = Update("r1-a", Plain(), Add(4));
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->version, 2);

  const auto read = Get("r1-a");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->version, 2);
  EXPECT_EQ(ValueOf(read->state), 7);
}

// Stores that pack states and such that do not may work on the same aggregates.
TEST_F(StoreUpdateTest, PackedAndPlainStatesAreReadAlike) {
  const std::string json =
      absl::StrCat(R"({"value": 3, "text": ")", std::string(500, 'x'), R"("})");
  const auto stored_bytes = [this](const std::string& id) {
    const std::string key = keys_.Aggregate(PartitionOf(id), SampleKind().kind, id);
    return Redis({"HGET", key, "s"}).text().size();
  };
  const auto plain = NewStore({.pack_states = false});
  const SampleStore plain_samples(plain.get(), SampleKind());
  Answer written;
  plain_samples.Update("r1-a", Plain(), SetTo(json), written.Callback());
  ASSERT_TRUE(written.Wait().ok());
  ASSERT_TRUE(Update("r1-b", Plain(), SetTo(json)).ok());
  EXPECT_GT(stored_bytes("r1-a"), SampleOf(json).ByteSizeLong());
  EXPECT_LT(stored_bytes("r1-b"), 200u);

  EXPECT_EQ(ValueOf(Get("r1-a")->state), 3);
  Answer changed;
  plain_samples.Update("r1-b", Plain(), Add(4), changed.Callback());
  const Result result = changed.Wait();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(ValueOf(result->state), 7);
}

TEST_F(StoreUpdateTest, IdsMayHoldSlashesAndAnyText) {
  for (const char* id : {"r1-a/b-1", "r1-兰州|x y", "r1-{p03}"}) {
    ASSERT_TRUE(Update(id, Plain(), Add(1)).ok());
    EXPECT_EQ(Get(id)->version, 1) << id;
  }
}

TEST_F(StoreUpdateTest, ReadsManyInTheOrderAsked) {
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(Update(absl::StrCat("r", i, "-x"), Plain(), Add(i)).ok());
  }
  std::vector<std::string> ids;
  for (int i = 24; i >= 0; --i) ids.push_back(absl::StrCat("r", i, "-x"));
  test_support::Awaited<absl::StatusOr<std::vector<Versioned<SampleState>>>> answer;
  samples_.GetMany(ids, absl::InfiniteFuture(), answer.Callback());
  const auto found = answer.Wait();
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), 25u);
  for (int i = 0; i < 25; ++i) {
    const int number = 24 - i;
    EXPECT_EQ((*found)[i].exists(), number < 20);
    EXPECT_EQ(ValueOf((*found)[i].state), number < 20 ? number : 0);
  }

  test_support::Awaited<absl::StatusOr<std::vector<Versioned<SampleState>>>> none;
  samples_.GetMany({}, absl::InfiniteFuture(), none.Callback());
  EXPECT_TRUE(none.Wait()->empty());
}

TEST_F(StoreUpdateTest, TellsOfEveryChangeOnce) {
  std::vector<std::string> told;
  AggregateKind<SampleState> kind = SampleKind();
  kind.on_change = [&told](const SampleState& before, const SampleState& after) {
    told.push_back(absl::StrCat(ValueOf(before), " to ", ValueOf(after)));
  };
  const SampleStore watched(store_.get(), std::move(kind));
  const auto update = [&watched](Command command, SampleStore::Decide decide) {
    Answer answer;
    watched.Update("r1-a", std::move(command), std::move(decide), answer.Callback());
    return answer.Wait();
  };
  ASSERT_TRUE(update(Request("q1"), Add(3)).ok());
  ASSERT_TRUE(update(Request("q2"), Add(4)).ok());
  // A repeat, a decision without effect and a refusal change nothing.
  EXPECT_TRUE(update(Request("q2"), Add(4))->repeated);
  ASSERT_TRUE(update(Plain(), LeaveUnchanged()).ok());
  EXPECT_FALSE(update(Plain(), [](const auto&) { return NotFound("samples/r1-a"); }).ok());
  // A conflict is decided again: what counts is the state that was decided on last.
  const auto other_client = redis::PipelinedClient::Start({.endpoint = server_->endpoint()});
  const auto other = MakeRedisStore(other_client.get(), keys_, &clock_, {});
  const SampleStore others(other.get(), SampleKind());
  bool first = true;
  const Result result = update(Plain(), [&](const Versioned<SampleState>& current) {
    if (std::exchange(first, false)) {
      Answer answer;
      others.Update("r1-a", Plain(), Add(100), answer.Callback());
      EXPECT_TRUE(answer.Wait().ok());
    }
    return Add(1)(current);
  });
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(told, (std::vector<std::string>{"0 to 3", "3 to 7", "107 to 108"}));
}

TEST_F(StoreUpdateTest, ARefusedDecisionWritesNothing) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  const std::string before = Dump();
  const Result refused = Update("r1-a", Request("q1"), [](const Versioned<SampleState>& current) {
    EXPECT_EQ(current.version, 1);
    return NotFound("samples/r1-a");
  });
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Dump(), before);
  // The request id is free: only what was done is remembered.
  EXPECT_TRUE(Update("r1-a", Request("q1"), Add(1)).ok());
}

TEST_F(StoreUpdateTest, AnUnchangedDecisionKeepsStateVersionAndEvents) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  const Result unchanged = Update("r1-a", Request("q1"), LeaveUnchanged());
  ASSERT_TRUE(unchanged.ok()) << unchanged.status();
  EXPECT_EQ(unchanged->version, 1);
  EXPECT_EQ(ValueOf(unchanged->state), 1);
  EXPECT_EQ(Events("r1-a").size(), 1u);
  // It is remembered as done.
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  const Result repeated = Update("r1-a", Request("q1"), Add(100));
  EXPECT_TRUE(repeated->repeated);
  EXPECT_EQ(repeated->version, 2);
}

TEST_F(StoreUpdateTest, AChangeWithoutAFactIsADefect) {
  const std::string before = Dump();
  const Result refused = Update("r1-a", Plain(), SetTo("{}", {}));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInternal);
  EXPECT_EQ(ReasonOf(refused.status()), "INTERNAL");
  EXPECT_EQ(Dump(), before);
}

TEST_F(StoreUpdateTest, AnEtagMustBeTheCurrentOne) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  Command stale = Plain();
  stale.expected_etag = EtagOf(7);
  const Result refused = Update("r1-a", stale, Add(1));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(refused.status()), "ETAG_MISMATCH");
  Command fresh = Plain();
  fresh.expected_etag = EtagOf(1);
  EXPECT_EQ(Update("r1-a", fresh, Add(1))->version, 2);
}

TEST_F(StoreUpdateTest, SixtyFourConcurrentUpdatesAreAllApplied) {
  constexpr int kUpdates = 64;
  std::vector<Answer> answers(kUpdates);
  for (Answer& answer : answers) samples_.Update("r1-a", Plain(), Add(1), answer.Callback());
  for (const Answer& answer : answers) ASSERT_TRUE(answer.Wait().ok()) << answer.Wait().status();
  const auto read = Get("r1-a");
  EXPECT_EQ(read->version, kUpdates);
  EXPECT_EQ(ValueOf(read->state), kUpdates);
}

TEST_F(StoreUpdateTest, ThoseOfTwoProcessesAreAllApplied) {
  const auto other_client = redis::PipelinedClient::Start({.endpoint = server_->endpoint()});
  const auto other = MakeRedisStore(other_client.get(), keys_, &clock_, {});
  const SampleStore others(other.get(), SampleKind());
  constexpr int kUpdates = 64;
  std::vector<Answer> answers(kUpdates);
  for (int i = 0; i < kUpdates; ++i) {
    (i % 2 == 0 ? samples_ : others).Update("r1-a", Plain(), Add(1), answers[i].Callback());
  }
  for (const Answer& answer : answers) EXPECT_TRUE(answer.Wait().ok()) << answer.Wait().status();
  EXPECT_EQ(ValueOf(Get("r1-a")->state), kUpdates);
}

TEST_F(StoreUpdateTest, AConflictLoadsAndDecidesAgain) {
  const auto other_client = redis::PipelinedClient::Start({.endpoint = server_->endpoint()});
  const auto other = MakeRedisStore(other_client.get(), keys_, &clock_, {});
  const SampleStore others(other.get(), SampleKind());
  int decisions = 0;
  const Result result = Update("r1-a", Plain(), [&](const Versioned<SampleState>& current) {
    if (++decisions == 1) {
      Answer answer;
      others.Update("r1-a", Plain(), Add(100), answer.Callback());
      EXPECT_TRUE(answer.Wait().ok());
    }
    return Add(1)(current);
  });
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(decisions, 2);
  EXPECT_EQ(result->version, 2);
  EXPECT_EQ(ValueOf(result->state), 101);
}

TEST_F(StoreUpdateTest, ADecisionNotToChangeIsMadeOnTheLatestStateToo) {
  const auto other_client = redis::PipelinedClient::Start({.endpoint = server_->endpoint()});
  const auto other = MakeRedisStore(other_client.get(), keys_, &clock_, {});
  const SampleStore others(other.get(), SampleKind());
  int decisions = 0;
  const Result result = Update("r1-a", Plain(), [&](const Versioned<SampleState>& current) {
    if (++decisions == 1) {
      Answer answer;
      others.Update("r1-a", Plain(), Add(100), answer.Callback());
      EXPECT_TRUE(answer.Wait().ok());
    }
    return LeaveUnchanged()(current);
  });
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(decisions, 2);
  EXPECT_EQ(result->version, 1);
}

TEST_F(StoreUpdateTest, AbortsAfterTheBoundedNumberOfConflicts) {
  const auto other_client = redis::PipelinedClient::Start({.endpoint = server_->endpoint()});
  const auto other = MakeRedisStore(other_client.get(), keys_, &clock_, {});
  const SampleStore others(other.get(), SampleKind());
  const auto impatient = NewStore({.max_attempts = 3});
  const SampleStore mine(impatient.get(), SampleKind());
  int decisions = 0;
  Answer answer;
  mine.Update(
      "r1-a", Plain(),
      [&](const Versioned<SampleState>& current) {
        ++decisions;
        Answer conflicting;
        others.Update("r1-a", Plain(), Add(100), conflicting.Callback());
        EXPECT_TRUE(conflicting.Wait().ok());
        return Add(1)(current);
      },
      answer.Callback());
  EXPECT_EQ(answer.Wait().status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(answer.Wait().status()), "VERSION_CONFLICT");
  EXPECT_EQ(decisions, 3);
  EXPECT_EQ(ValueOf(Get("r1-a")->state), 300);
}

TEST_F(StoreUpdateTest, TimersStandInTheSortedSetAndFollowTheState) {
  ASSERT_TRUE(Update("r1-a", Plain(), SetTo(R"({"timers":{"expiry":100,"review":200}})")).ok());
  const std::string timers = keys_.Timers(PartitionOf("r1-a"));
  redis::Reply set = Redis({"ZRANGE", timers, "0", "-1", "WITHSCORES"});
  ASSERT_EQ(set.size(), 4u);
  EXPECT_EQ(set[0].text(), "sample|r1-a|expiry");
  EXPECT_EQ(set[1].text(), "100000");
  EXPECT_EQ(set[2].text(), "sample|r1-a|review");

  ASSERT_TRUE(Update("r1-a", Plain(), SetTo(R"({"timers":{"review":300}})")).ok());
  set = Redis({"ZRANGE", timers, "0", "-1", "WITHSCORES"});
  ASSERT_EQ(set.size(), 2u);
  EXPECT_EQ(set[0].text(), "sample|r1-a|review");
  EXPECT_EQ(set[1].text(), "300000");

  ASSERT_TRUE(Update("r1-a", Plain(), SetTo("{}")).ok());
  EXPECT_EQ(Redis({"EXISTS", timers}).integer(), 0);
}

TEST_F(StoreUpdateTest, AStateThatDoesNotParseIsDataLoss) {
  const std::string no_message = "\xff\xff";
  for (const std::string& state :
       {no_message, PackPlainly({.state = no_message, .version = 0, .correlation_id = ""})}) {
    Redis({"HSET", keys_.Aggregate(PartitionOf("r1-a"), "sample", "r1-a"), "v", "1", "s", state});
    EXPECT_EQ(Get("r1-a").status().code(), absl::StatusCode::kDataLoss);
    EXPECT_EQ(Update("r1-a", Plain(), Add(1)).status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST_F(StoreUpdateTest, AScriptCacheFlushIsNotNoticed) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  Redis({"SCRIPT", "FLUSH"});
  EXPECT_EQ(Update("r1-a", Plain(), Add(1))->version, 2);
}

}  // namespace
}  // namespace fuju::chassis
