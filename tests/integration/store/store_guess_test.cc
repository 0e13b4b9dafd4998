#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "integration/store/sample_aggregate.h"
#include "integration/store/store_fixture.h"

namespace fuju::chassis {
namespace {

// A store begins with the state that it committed last; another process may be further.
class StoreGuessTest : public StoreFixture {
 protected:
  Result UpdateElsewhere(const std::string& id, Command command, SampleStore::Decide decide) {
    Answer answer;
    others_.Update(id, std::move(command), std::move(decide), answer.Callback());
    return answer.Wait();
  }
  // A decision that keeps the versions that it was asked about.
  SampleStore::Decide Seen(SampleStore::Decide decide) {
    return [this, decide = std::move(decide)](const Versioned<SampleState>& current) {
      seen_.push_back(current.version);
      return decide(current);
    };
  }

  std::vector<int64_t> seen_;
  std::unique_ptr<redis::PipelinedClient> other_client_ =
      redis::PipelinedClient::Start({.endpoint = server_->endpoint()});
  std::unique_ptr<RawStore> other_ = MakeRedisStore(other_client_.get(), keys_, &clock_, {});
  SampleStore others_{other_.get(), SampleKind()};
};

TEST_F(StoreGuessTest, NoReadComesBeforeTheNextCommit) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  Redis({"CONFIG", "RESETSTAT"});
  ASSERT_TRUE(Update("r1-a", Request("q1"), Add(1)).ok());
  EXPECT_EQ(Redis({"INFO", "commandstats"}).text().find("cmdstat_hmget"), std::string::npos);
  EXPECT_EQ(ValueOf(Get("r1-a")->state), 2);
}

TEST_F(StoreGuessTest, AWrongOneIsDecidedAgain) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  ASSERT_TRUE(UpdateElsewhere("r1-a", Plain(), Add(10)).ok());
  const Result result = Update("r1-a", Plain(), Seen(Add(100)));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(ValueOf(result->state), 111);
  EXPECT_EQ(seen_, (std::vector<int64_t>{1, 2}));
}

TEST_F(StoreGuessTest, NobodyIsRefusedOnAWrongOne) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  ASSERT_TRUE(UpdateElsewhere("r1-a", Plain(), Add(10)).ok());
  const Result result = Update("r1-a", Plain(), [](const Versioned<SampleState>& current) {
    if (ValueOf(current.state) < 10) return absl::StatusOr<Decision<SampleState>>(NotFound("a"));
    return Add(1)(current);
  });
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(ValueOf(result->state), 12);
}

TEST_F(StoreGuessTest, NothingIsLeftUnchangedOnAWrongOne) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  ASSERT_TRUE(UpdateElsewhere("r1-a", Plain(), Add(10)).ok());
  const Result result = Update("r1-a", Plain(), Seen(LeaveUnchanged()));
  EXPECT_EQ(ValueOf(result->state), 11);
  EXPECT_EQ(seen_, (std::vector<int64_t>{1, 2}));
}

TEST_F(StoreGuessTest, AnEtagIsComparedWithTheNewest) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  ASSERT_TRUE(UpdateElsewhere("r1-a", Plain(), Add(10)).ok());
  Command command = Plain();
  command.expected_etag = EtagOf(1);
  EXPECT_EQ(ReasonOf(Update("r1-a", command, Add(1)).status()), "ETAG_MISMATCH");
  command.expected_etag = EtagOf(2);
  EXPECT_TRUE(Update("r1-a", command, Add(1)).ok());
}

TEST_F(StoreGuessTest, ARequestThatWasServedElsewhereIsARepeat) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  ASSERT_TRUE(UpdateElsewhere("r1-a", Request("q1"), Add(10)).ok());
  const Result repeat = Update("r1-a", Request("q1"), Add(10));
  ASSERT_TRUE(repeat.ok()) << repeat.status();
  EXPECT_TRUE(repeat->repeated);
  EXPECT_EQ(ValueOf(repeat->state), 11);
}

TEST_F(StoreGuessTest, ARestoredRedisIsFollowed) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  const std::string key = keys_.Aggregate(PartitionOf("r1-a"), SampleKind().kind, "r1-a");
  const std::string old = Redis({"DUMP", key}).text();
  ASSERT_TRUE(Update("r1-a", Plain(), Add(10)).ok());
  Redis({"RESTORE", key, "0", old, "REPLACE"});
  const Result result = Update("r1-a", Plain(), Add(100));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(ValueOf(result->state), 101);
}

TEST_F(StoreGuessTest, WhatPreparesADecisionComesBeforeEachRunOfIt) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  ASSERT_TRUE(UpdateElsewhere("r1-a", Plain(), Add(10)).ok());
  std::vector<int64_t> prepared;
  const auto prepare = [&](const Versioned<SampleState>& current,
                           std::function<void(absl::Status)> ready) {
    prepared.push_back(current.version);
    client_->Schedule(absl::ZeroDuration(), [ready] { ready(absl::OkStatus()); });
  };
  Answer answer;
  samples_.Update("r1-a", Plain(), prepare, Seen(Add(1)), answer.Callback());
  ASSERT_TRUE(answer.Wait().ok()) << answer.Wait().status();
  EXPECT_EQ(prepared, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(seen_, prepared);

  Answer refused;
  samples_.Update(
      "r1-a", Plain(),
      [](const Versioned<SampleState>&, std::function<void(absl::Status)> ready) {
        ready(NotFound("what it needs"));
      },
      Seen(Add(1)), refused.Callback());
  EXPECT_EQ(refused.Wait().status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(seen_.size(), 2u);
}

// A command that presumes that there is nothing yet.
class StorePresumptionTest : public StoreGuessTest {
 protected:
  static Command New(Command command) {
    command.presumes_new = true;
    return command;
  }
  bool AnythingWasRead() {
    return Redis({"INFO", "commandstats"}).text().find("cmdstat_hmget") != std::string::npos;
  }
};

TEST_F(StorePresumptionTest, NothingIsReadBeforeItIsMade) {
  Redis({"CONFIG", "RESETSTAT"});
  const Result result = Update("r1-a", New(Request("q1")), Seen(Add(1)));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(seen_, (std::vector<int64_t>{0}));
  EXPECT_FALSE(AnythingWasRead());
  EXPECT_EQ(ValueOf(Get("r1-a")->state), 1);
}

TEST_F(StorePresumptionTest, AWrongOneIsDecidedAgain) {
  ASSERT_TRUE(UpdateElsewhere("r1-a", Plain(), Add(10)).ok());
  const Result result = Update("r1-a", New(Plain()), Seen(Add(1)));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(ValueOf(result->state), 11);
  EXPECT_EQ(seen_, (std::vector<int64_t>{0, 1}));
}

TEST_F(StorePresumptionTest, NeitherARefusalNorNothingToDoIsTheEnd) {
  ASSERT_TRUE(UpdateElsewhere("r1-a", Plain(), Add(10)).ok());
  const Result result = Update("r1-a", New(Plain()), [](const Versioned<SampleState>& current) {
    if (!current.exists()) return absl::StatusOr<Decision<SampleState>>(NotFound("a"));
    return Add(1)(current);
  });
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(ValueOf(result->state), 11);
  ASSERT_TRUE(UpdateElsewhere("r1-b", Plain(), Add(10)).ok());
  EXPECT_EQ(ValueOf(Update("r1-b", New(Plain()), Seen(LeaveUnchanged()))->state), 10);
  EXPECT_EQ(seen_, (std::vector<int64_t>{0, 1}));
}

TEST_F(StorePresumptionTest, ARepeatIsARepeat) {
  ASSERT_TRUE(UpdateElsewhere("r1-a", Request("q1"), Add(10)).ok());
  const Result repeat = Update("r1-a", New(Request("q1")), Add(10));
  ASSERT_TRUE(repeat.ok()) << repeat.status();
  EXPECT_TRUE(repeat->repeated);
  EXPECT_EQ(ValueOf(repeat->state), 10);
}

// Many commits of one partition share a call of the script.
TEST_F(StoreGuessTest, CommitsThatShareACallAreIndependent) {
  constexpr int kCalls = 300;
  const std::string taken = R"({"claims": ["the one"], "holdings": {"sum": 1}})";
  std::vector<Answer> answers(kCalls);
  Redis({"CONFIG", "RESETSTAT"});
  for (int i = 0; i < kCalls; ++i) {
    const bool claims = i % 10 == 0;
    samples_.Update(absl::StrCat("r1-", i), Request(absl::StrCat("q", i)),
                    claims ? SetTo(taken) : SetTo(R"({"holdings": {"sum": 1}})"),
                    answers[i].Callback());
  }
  int done = 0;
  for (const Answer& answer : answers) {
    const Result result = answer.Wait();
    if (result.ok()) ++done;
    EXPECT_EQ(ReasonOf(result.status()), result.ok() ? "" : "CLAIM_HELD") << result.status();
  }
  EXPECT_EQ(done, kCalls - kCalls / 10 + 1);
  EXPECT_EQ(Counter("r1", "sum"), done);
  EXPECT_EQ(Events("r1-0").size(), static_cast<size_t>(done));
  const std::string stats = Redis({"INFO", "commandstats"}).text();
  const size_t calls = stats.find("cmdstat_evalsha:calls=");
  ASSERT_NE(calls, std::string::npos);
  // Each change was read by a call of its own (load_for_request.lua). How many share one is a
  // matter of the moment, that many do is not.
  EXPECT_LT(std::stoi(stats.substr(calls + 22)) - kCalls, kCalls / 2);
}

// A key that somebody else has spoilt.
TEST_F(StoreGuessTest, ACommitThatRedisRefusesDoesNotTakeOthersWithIt) {
  Redis({"SET", keys_.Aggregate(PartitionOf("r1-a"), SampleKind().kind, "r1-spoilt"), "text"});
  std::vector<Answer> answers(20);
  for (int i = 0; i < 20; ++i) {
    samples_.Update(absl::StrCat("r1-", i), Plain(), Add(1), answers[i].Callback());
  }
  Redis({"SET", keys_.Index(PartitionOf("r1-a"), "spoilt"), "text"});
  Answer spoilt;
  samples_.Update("r1-b", Plain(), SetTo(R"({"index": {"spoilt": 1}})"), spoilt.Callback());
  EXPECT_EQ(spoilt.Wait().status().code(), absl::StatusCode::kInternal);
  for (const Answer& answer : answers) EXPECT_TRUE(answer.Wait().ok());
}

}  // namespace
}  // namespace fuju::chassis
