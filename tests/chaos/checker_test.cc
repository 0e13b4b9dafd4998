// A checker that never complains is worth nothing: a good history, and what spoils it.

#include "chaos/checker.h"

#include <functional>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "chassis/store/keys.h"
#include "fuju/event/v1/event.pb.h"
#include "support/redis_server.h"

namespace fuju::chaos {
namespace {

// One application: created and submitted by its applicant, then reacted to.
class CheckerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    redis_ = new test_support::RedisServer();
    client_ = chassis::redis::PipelinedClient::Start({.endpoint = redis_->endpoint()});
  }
  static void TearDownTestSuite() {
    client_.reset();
    delete redis_;
    redis_ = nullptr;
  }
  void SetUp() override {
    redis_->Call({"FLUSHALL"});
    Add(1, "applicant:1");
    Add(2, "applicant:1");
    Add(3, "system:applications");
    Store(3);
    calls_ = {Call("v1"), Call("v2")};
  }

  static void Add(int64_t version, const std::string& actor) {
    event::v1::Event event;
    event.set_id(absl::StrCat("applications/a@", version));
    event.set_source("applications");
    event.set_subject("applications/a");
    event.set_aggregate_version(version);
    event.set_actor(actor);
    event.set_traceparent(absl::StrCat("call ", version));
    redis_->Call({"XADD", keys().Events(0), "*", "e", event.SerializeAsString()});
  }
  static void Store(int64_t version) {
    redis_->Call({"HSET", keys().Aggregate(0, "application", "a"), "v", absl::StrCat(version)});
  }
  static scenario::Changing Call(const std::string& etag) {
    scenario::Changing call;
    call.method = "SubmitApplication";
    call.actor = "applicant:1";
    call.answer = AnswerWith(etag);
    call.repeat = [etag] { return AnswerWith(etag); };
    return call;
  }
  static scenario::Answer AnswerWith(const std::string& etag, const std::string& bytes = "state") {
    return {.bytes = bytes, .name = "applications/a", .etag = etag};
  }
  static chassis::Keys keys() { return chassis::Keys("applications", kPartitions); }
  static Streams Read() { return ReadAll(*client_, EventStreams()); }

  static void CheckVersions() {
    Findings findings;
    ExpectVersions(*client_, Read(), findings);
  }
  static void CheckCalls() {
    Findings findings;
    ExpectAcknowledgedOnce(*client_, calls_, Read(), findings);
  }

  // gtest-spi wants what it calls to be static.
  static test_support::RedisServer* redis_;
  static std::unique_ptr<chassis::redis::Client> client_;
  static std::vector<scenario::Changing> calls_;
  static Streams seen_;
};

test_support::RedisServer* CheckerTest::redis_ = nullptr;
std::unique_ptr<chassis::redis::Client> CheckerTest::client_;
std::vector<scenario::Changing> CheckerTest::calls_;
Streams CheckerTest::seen_;

TEST_F(CheckerTest, AGoodHistoryIsGood) {
  CheckVersions();
  CheckCalls();
  ExpectNothingLost(Read(), Read());
}

TEST_F(CheckerTest, FindsAGapInTheVersions) {
  Add(5, "system:applications");
  Store(4);
  EXPECT_NONFATAL_FAILURE(CheckVersions(), "after 3 came 5");
}

TEST_F(CheckerTest, FindsAVersionTwice) {
  Add(3, "system:applications");
  Store(4);
  EXPECT_NONFATAL_FAILURE(CheckVersions(), "after 3 came 3");
}

TEST_F(CheckerTest, FindsAStateWithoutItsFact) {
  Store(4);
  EXPECT_NONFATAL_FAILURE(CheckVersions(), "sums of the stored versions");
}

TEST_F(CheckerTest, FindsAnAcknowledgedCallWithoutAFact) {
  calls_.push_back(Call("v4"));
  EXPECT_NONFATAL_FAILURE(CheckCalls(), "without a fact of their own");
}

TEST_F(CheckerTest, FindsAFactThatTwoCallsClaim) {
  calls_.push_back(Call("v2"));
  EXPECT_NONFATAL_FAILURE(CheckCalls(), "without a fact of their own");
}

TEST_F(CheckerTest, FindsAnEffectThatNobodyAskedFor) {
  Add(4, "applicant:1");
  EXPECT_NONFATAL_FAILURE(CheckCalls(), "facts of callers without a call");
}

TEST_F(CheckerTest, ARepeatedCallMaySeeWhatOthersDidSince) {
  Add(4, "applicant:1");
  Add(5, "system:applications");
  Store(5);
  calls_.push_back(Call("v5"));
  CheckVersions();
  CheckCalls();
}

TEST_F(CheckerTest, FindsARequestThatWasAppliedTwice) {
  Add(4, "applicant:1");
  Add(5, "applicant:1");
  calls_.push_back(Call("v5"));
  EXPECT_NONFATAL_FAILURE(CheckCalls(), "facts of callers without a call");
}

TEST_F(CheckerTest, FindsAnotherAnswerToARepeat) {
  calls_.back().repeat = [] { return AnswerWith(calls_.back().answer->etag, "another state"); };
  EXPECT_NONFATAL_FAILURE(CheckCalls(), "another answer at the same version");
}

TEST_F(CheckerTest, FindsAnotherResourceInTheAnswerToARepeat) {
  calls_.back().repeat = [] {
    scenario::Answer answer = AnswerWith("v9");
    answer.name = "applications/b";
    return answer;
  };
  EXPECT_NONFATAL_FAILURE(CheckCalls(), "another resource, applications/b");
}

TEST_F(CheckerTest, FindsAnOlderStateInTheAnswerToARepeat) {
  calls_.back().repeat = [] { return AnswerWith("v1"); };
  EXPECT_NONFATAL_FAILURE(CheckCalls(), "older, v1");
}

TEST_F(CheckerTest, FindsARepeatWithAnEffect) {
  calls_.back().repeat = [] {
    Add(4, "applicant:1");
    return *calls_.back().answer;
  };
  EXPECT_NONFATAL_FAILURE(CheckCalls(), "repeated requests had effects");
}

TEST_F(CheckerTest, FindsAnEntryThatIsGone) {
  seen_ = Read();
  redis_->Call({"XTRIM", keys().Events(0), "MAXLEN", "2"});
  EXPECT_NONFATAL_FAILURE(ExpectNothingLost(seen_, Read()), "lost or changed");
}

}  // namespace
}  // namespace fuju::chaos
