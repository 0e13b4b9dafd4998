#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "applications/resume_token.h"
#include "chassis/values/refusal.h"
#include "integration/applications/applications_instance.h"
#include "integration/applications/foreign_streams.h"

namespace fuju::applications {
namespace {

using Stub = v1::ApplicationsService::Stub;

// One watching client. Not thread-safe.
class Watching {
 public:
  Watching(Stub& stub, const std::string& name, const std::string& token) {
    context_.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
    v1::WatchApplicationRequest request;
    request.set_name(name);
    request.set_resume_token(token);
    reader_ = stub.WatchApplication(&context_, request);
  }
  ~Watching() {
    if (reader_ != nullptr) Cut();
  }

  // The next entry, heartbeats skipped; sequence 0 at the end of the stream.
  v1::WatchApplicationResponse Next() {
    v1::WatchApplicationResponse step;
    while (reader_->Read(&step)) {
      if (step.has_entry()) return step;
    }
    return {};
  }
  // The next message, a heartbeat too.
  v1::WatchApplicationResponse NextMessage() {
    v1::WatchApplicationResponse step;
    EXPECT_TRUE(reader_->Read(&step));
    return step;
  }
  absl::Status End() {
    v1::WatchApplicationResponse step;
    while (reader_->Read(&step)) {
    }
    const absl::Status status = chassis::FromGrpcStatus(reader_->Finish());
    reader_.reset();
    return status;
  }
  // As a client that loses its connection.
  void Cut() {
    context_.TryCancel();
    v1::WatchApplicationResponse step;
    while (reader_->Read(&step)) {
    }
    reader_->Finish();
    reader_.reset();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchApplicationResponse>> reader_;
};

class WatchTest : public ::testing::Test {
 protected:
  std::string Make(int person = 1) {
    const auto draft = instance_.Create(DraftOf(person));
    EXPECT_TRUE(draft.ok()) << draft.status();
    return draft.ok() ? draft->name() : "";
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  ApplicationsInstance instance_{redis_, &clock_};
  ForeignStreams streams_{&redis_};
};

TEST_F(WatchTest, TellsTheWholeStoryAndEndsAfterTheFinalState) {
  const std::string name = Make();
  Watching watching(instance_.stub(), name, "");
  EXPECT_EQ(watching.Next().entry().sequence(), 1);
  ASSERT_TRUE(instance_.Submit(name).ok());
  EXPECT_EQ(watching.Next().entry().state(), v1::APPLICATION_STATE_SUBMITTED);
  streams_.Reserve(name);
  const v1::WatchApplicationResponse review = watching.Next();
  EXPECT_EQ(review.entry().state(), v1::APPLICATION_STATE_UNDER_REVIEW);
  EXPECT_EQ(review.holder().party(), "county_reviewer");
  ASSERT_TRUE(instance_.Withdraw(name).ok());
  const v1::WatchApplicationResponse end = watching.Next();
  EXPECT_EQ(end.entry().state(), v1::APPLICATION_STATE_WITHDRAWN);
  EXPECT_EQ(end.holder().party(), "");
  EXPECT_TRUE(watching.End().ok());
}

TEST_F(WatchTest, AnEndedCaseIsToldAndDone) {
  const std::string name = Make();
  ASSERT_TRUE(instance_.Withdraw(name).ok());
  Watching watching(instance_.stub(), name, "");
  EXPECT_EQ(watching.Next().entry().sequence(), 1);
  const std::string token = watching.Next().resume_token();
  EXPECT_TRUE(watching.End().ok());
  // Everything was told: nothing but the end.
  Watching again(instance_.stub(), name, token);
  EXPECT_EQ(again.Next().entry().sequence(), 0);
  EXPECT_TRUE(again.End().ok());
}

// A client cut off at any moment resumes by its last token: no gap, no repeat, in order.
TEST_F(WatchTest, ResumesAfterCutsWithoutGapOrRepeat) {
  const std::string name = Make();
  std::thread office([&] {
    EXPECT_TRUE(instance_.Submit(name).ok());
    streams_.Reserve(name);
    instance_.Await(name, v1::APPLICATION_STATE_UNDER_REVIEW);
    for (int i = 0; i < 10; ++i) {
      EXPECT_TRUE(instance_.Return(name).ok());
      EXPECT_TRUE(instance_.Supplement(name).ok());
    }
    EXPECT_TRUE(instance_.Reject(name).ok());
  });
  std::vector<int> sequences;
  std::string token;
  bool ended = false;
  while (!ended) {
    const auto stub = instance_.NewStub();
    Watching watching(*stub, name, token);
    // Two entries a connection; the second may be lost with it, so only what was read counts.
    for (int i = 0; i < 2 && !ended; ++i) {
      const v1::WatchApplicationResponse step = watching.Next();
      if (!step.has_entry()) break;
      sequences.push_back(step.entry().sequence());
      token = step.resume_token();
      ended = IsFinal(step.entry().state());
    }
    ASSERT_LT(sequences.size(), 100u);
  }
  office.join();
  std::vector<int> expected;
  for (int i = 1; i <= 24; ++i) expected.push_back(i);
  EXPECT_EQ(sequences, expected);
}

TEST_F(WatchTest, ManyWatchersSeeTheSame) {
  const std::string name = Make();
  std::vector<std::unique_ptr<Watching>> watchers;
  for (int i = 0; i < 20; ++i) {
    watchers.push_back(std::make_unique<Watching>(instance_.stub(), name, ""));
    EXPECT_EQ(watchers.back()->Next().entry().sequence(), 1);
  }
  ASSERT_TRUE(instance_.Submit(name).ok());
  ASSERT_TRUE(instance_.Withdraw(name).ok());
  for (const auto& watching : watchers) {
    EXPECT_EQ(watching->Next().entry().sequence(), 2);
    EXPECT_EQ(watching->Next().entry().sequence(), 3);
    EXPECT_TRUE(watching->End().ok());
  }
}

// A client keeps the token of the last message, so a heartbeat must not lead back to the beginning.
TEST_F(WatchTest, AHeartbeatCarriesTheLastToken) {
  Watching watching(instance_.stub(), Make(), "");
  const std::string token = watching.Next().resume_token();
  const v1::WatchApplicationResponse beat = watching.NextMessage();
  EXPECT_FALSE(beat.has_entry());
  EXPECT_EQ(beat.resume_token(), token);
}

// What a primary showed before it fell may be gone: the watch goes on with what there is.
TEST_F(WatchTest, ATokenFromBeyondTheTimelineBeginsAnew) {
  const std::string name = Make();
  Watching watching(instance_.stub(), name, MakeResumeToken(name, 7));
  const v1::WatchApplicationResponse first = watching.Next();
  EXPECT_EQ(first.entry().sequence(), 1);
  EXPECT_EQ(first.resume_token(), MakeResumeToken(name, 1));
}

// The timeline stands with the case, not in the stream: no token is too old, so OUT_OF_RANGE is
// never the answer, however much of the stream has been trimmed.
TEST_F(WatchTest, TheOldestTokenResumesAfterTheStreamWasTrimmed) {
  const std::string name = Make();
  ASSERT_TRUE(instance_.Submit(name).ok());
  streams_.Reserve(name);
  instance_.Await(name, v1::APPLICATION_STATE_UNDER_REVIEW);
  const int partition = instance_.keys().PartitionOf(RouteOf(IdOf(name)));
  redis_.Call({"XTRIM", instance_.keys().Events(partition), "MAXLEN", "0"});
  clock_.Advance(absl::Hours(24 * 365));
  Watching watching(instance_.stub(), name, MakeResumeToken(name, 1));
  EXPECT_EQ(watching.Next().entry().sequence(), 2);
  EXPECT_EQ(watching.Next().entry().sequence(), 3);
}

TEST_F(WatchTest, ATokenOfAnotherApplicationIsRefused) {
  const std::string other = Make(2);
  Watching first(instance_.stub(), other, "");
  const std::string token = first.Next().resume_token();
  const std::string name = Make(1);
  for (const std::string& bad : {token, std::string("AAAA"), std::string("not a token")}) {
    const absl::Status status = Watching(instance_.stub(), name, bad).End();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_EQ(chassis::ReasonOf(status), "RESUME_TOKEN_INVALID");
  }
}

}  // namespace
}  // namespace fuju::applications
