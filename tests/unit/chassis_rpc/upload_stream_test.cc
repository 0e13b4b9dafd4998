#include "chassis/rpc/upload_stream.h"

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"

#include "chassis/rpc/status.h"
#include "chassis/values/refusal.h"
#include "running_server.h"
#include "support/service_calls.h"
#include "support/violations.h"

namespace fuju::chassis {
namespace {

using fuju::testing::v1::UploadProbesRequest;
using fuju::testing::v1::UploadProbesResponse;
using test_support::ActAs;
using test_support::Eventually;
using test_support::ProbeService;
using test_support::RunningServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Feed = ProbeService::ProbeUploadFeed;

UploadProbesRequest Numbered(int64_t number, size_t ballast = 0) {
  UploadProbesRequest request;
  request.set_number(number);
  request.set_ballast(std::string(ballast, 'b'));
  return request;
}

UploadProbesResponse Answer(int64_t number) {
  UploadProbesResponse response;
  response.set_number(number);
  return response;
}

// What the server was sent; asks for more by itself unless `patient`.
struct Received {
  bool patient = false;
  absl::Mutex mutex;
  std::vector<int64_t> numbers;
  std::shared_ptr<Feed> feed;
  std::atomic<bool> ended = false;
  absl::Notification destroyed;
  std::thread::id destroyed_on;

  std::vector<int64_t> Numbers() {
    absl::MutexLock lock(&mutex);
    return numbers;
  }
  void Take(const UploadProbesRequest& request) {
    absl::MutexLock lock(&mutex);
    numbers.push_back(request.number());
  }
};

class Sink final : public ProbeService::ProbeUploadSink {
 public:
  explicit Sink(Received* received) : received_(received) {}
  ~Sink() override {
    received_->destroyed_on = std::this_thread::get_id();
    received_->destroyed.Notify();
  }
  void OnMessage(UploadProbesRequest message) override {
    received_->Take(message);
    received_->feed->Push(Answer(message.number()));
    if (!received_->patient) received_->feed->Next();
  }
  void OnEnd() override {
    received_->ended = true;
    received_->feed->End(absl::OkStatus());
  }

 private:
  Received* const received_;
};

// One upload, from both ends.
class UploadStreamTest : public ::testing::Test {
 protected:
  using Stream = grpc::ClientReaderWriter<UploadProbesRequest, UploadProbesResponse>;

  void Prepare(UploadOptions options = {}) {
    running_.service->upload_options = options;
    running_.service->on_upload = [this](const CallInfo& call, const UploadProbesRequest& first,
                                         std::shared_ptr<Feed> feed) {
      EXPECT_EQ(call.actor, "operator:o1");
      received_.Take(first);
      received_.feed = feed;
      feed->Push(Answer(first.number()));
      auto sink = std::make_shared<Sink>(&received_);
      // Inside start already.
      if (!received_.patient) feed->Next();
      return sink;
    };
  }
  std::unique_ptr<Stream> Open() {
    ActAs(context_, "operator:o1");
    return running_.stub->UploadProbes(&context_);
  }
  absl::Status EndOf(Stream& stream) {
    UploadProbesResponse response;
    while (stream.Read(&response)) {
    }
    return FromGrpcStatus(stream.Finish());
  }

  Received received_;
  grpc::ClientContext context_;
  RunningServer running_;
};

TEST_F(UploadStreamTest, TakesMessagesInOrderAndAnswersOnTheWay) {
  Prepare();
  const auto stream = Open();
  UploadProbesResponse response;
  for (int i = 1; i <= 300; ++i) {
    ASSERT_TRUE(stream->Write(Numbered(i)));
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_EQ(response.number(), i);
  }
  stream->WritesDone();
  EXPECT_TRUE(EndOf(*stream).ok());
  EXPECT_TRUE(received_.ended);
  EXPECT_EQ(received_.Numbers().size(), 300u);
  received_.destroyed.WaitForNotification();
  EXPECT_NE(received_.destroyed_on, std::this_thread::get_id());
}

TEST_F(UploadStreamTest, ReadsNothingThatIsNotWanted) {
  received_.patient = true;
  Prepare();
  const auto stream = Open();
  // Fills what gRPC takes beside one message; the writer then waits, so it has its own thread.
  std::atomic<int> written = 0;
  std::thread writer([&] {
    for (int i = 1; i <= 100 && stream->Write(Numbered(i, 500'000)); ++i) ++written;
  });
  UploadProbesResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_THAT(received_.Numbers(), ElementsAre(1));
  received_.feed->Next();
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_THAT(received_.Numbers(), ElementsAre(1, 2));
  EXPECT_LT(written, 100);
  context_.TryCancel();
  writer.join();
  EXPECT_LT(written, 100);
  EXPECT_EQ(EndOf(*stream).code(), absl::StatusCode::kCancelled);
  received_.destroyed.WaitForNotification();
  received_.feed->Next();
  EXPECT_FALSE(received_.feed->Push(Answer(1)));
  EXPECT_FALSE(received_.ended);
}

TEST_F(UploadStreamTest, ItMayEndWhileTheClientStillOwesAMessage) {
  Prepare();
  const auto stream = Open();
  ASSERT_TRUE(stream->Write(Numbered(1)));
  UploadProbesResponse response;
  ASSERT_TRUE(stream->Read(&response));
  received_.feed->End(NotFound("probes/1"));
  EXPECT_EQ(ReasonOf(EndOf(*stream)), "RESOURCE_NOT_FOUND");
  received_.destroyed.WaitForNotification();
}

TEST_F(UploadStreamTest, ABadMessageEndsIt) {
  Prepare();
  const auto stream = Open();
  ASSERT_TRUE(stream->Write(Numbered(1)));
  stream->Write(Numbered(2'000'000));
  const absl::Status status = EndOf(*stream);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(test_support::PathsOf(status), "number");
  EXPECT_THAT(received_.Numbers(), ElementsAre(1));
}

TEST_F(UploadStreamTest, ABadFirstMessageNeverStarts) {
  Prepare();
  const auto stream = Open();
  stream->Write(Numbered(-1));
  EXPECT_EQ(test_support::PathsOf(EndOf(*stream)), "number");
  EXPECT_THAT(received_.Numbers(), ElementsAre());
}

TEST_F(UploadStreamTest, SomebodyMustAct) {
  Prepare();
  const auto stream = running_.stub->UploadProbes(&context_);
  stream->Write(Numbered(1));
  EXPECT_EQ(ReasonOf(EndOf(*stream)), "ACTOR_MISSING");
  EXPECT_THAT(received_.Numbers(), ElementsAre());
}

TEST_F(UploadStreamTest, AnEndWithoutAMessageIsRefused) {
  Prepare();
  const auto stream = Open();
  stream->WritesDone();
  EXPECT_EQ(EndOf(*stream).code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(UploadStreamTest, AClientThatSendsNothingIsLetGo) {
  Prepare({.idle = absl::Milliseconds(30)});
  {
    const auto stream = Open();
    EXPECT_EQ(ReasonOf(EndOf(*stream)), "UPLOAD_IDLE");
  }
  grpc::ClientContext second;
  ActAs(second, "operator:o1");
  const auto stream = running_.stub->UploadProbes(&second);
  stream->Write(Numbered(1));
  const absl::Status status = EndOf(*stream);
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(ReasonOf(status), "UPLOAD_IDLE");
}

TEST_F(UploadStreamTest, WhoIsNotAskedIsNotIdle) {
  received_.patient = true;
  Prepare({.answers = {.heartbeat = absl::Milliseconds(10)}, .idle = absl::Milliseconds(30)});
  const auto stream = Open();
  stream->Write(Numbered(1));
  UploadProbesResponse response;
  // Far longer than `idle`, by the heartbeats.
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(stream->Read(&response));
  received_.feed->End(absl::OkStatus());
  EXPECT_TRUE(EndOf(*stream).ok());
}

TEST_F(UploadStreamTest, ADrainEndsItSoThatTheClientGoesElsewhere) {
  Prepare();
  const auto stream = Open();
  ASSERT_TRUE(stream->Write(Numbered(1)));
  UploadProbesResponse response;
  ASSERT_TRUE(stream->Read(&response));
  grpc::ClientContext silent;
  ActAs(silent, "operator:o1");
  const auto unopened = running_.stub->UploadProbes(&silent);
  running_.gate->Drain();
  EXPECT_EQ(ReasonOf(EndOf(*stream)), "SHUTTING_DOWN");
  EXPECT_EQ(ReasonOf(EndOf(*unopened)), "SHUTTING_DOWN");
  EXPECT_TRUE(running_.gate->AwaitIdle(absl::Seconds(20)));
}

TEST_F(UploadStreamTest, CountsItsEnd) {
  Prepare();
  const auto stream = Open();
  stream->Write(Numbered(1));
  UploadProbesResponse response;
  ASSERT_TRUE(stream->Read(&response));
  received_.feed->End(NotFound("probes/1"));
  EXPECT_FALSE(EndOf(*stream).ok());
  running_.server->Drain(absl::ZeroDuration());
  EXPECT_THAT(running_.Metrics(),
              HasSubstr("fuju_rpc_server_handled_total{code=\"NOT_FOUND\","
                        "method=\"fuju.testing.v1.ProbeService/UploadProbes\"} 1"));
}

// Writers, ends and cancellations of many uploads at once; the sanitizers look on.
TEST(UploadStressTest, ManyUploadsAtOnce) {
  RunningServer running;
  std::atomic<int> open = 0;
  struct Counting final : ProbeService::ProbeUploadSink {
    Counting(std::atomic<int>* counter, std::shared_ptr<Feed> its_feed)
        : open(counter), feed(std::move(its_feed)) {
      ++*open;
    }
    ~Counting() override { --*open; }
    void OnMessage(UploadProbesRequest message) override {
      feed->Push(Answer(message.number()));
      feed->Next();
      if (message.number() == 700) feed->End(absl::OkStatus());
    }
    void OnEnd() override { feed->End(absl::OkStatus()); }
    std::atomic<int>* open;
    std::shared_ptr<Feed> feed;
  };
  running.service->upload_options = {
      .answers = {.buffer = 4096, .heartbeat = absl::Milliseconds(1)}};
  running.service->on_upload = [&](const CallInfo&, const auto&, std::shared_ptr<Feed> feed) {
    auto sink = std::make_shared<Counting>(&open, feed);
    feed->Next();
    return sink;
  };
  std::vector<std::thread> clients;
  for (int client = 0; client < 8; ++client) {
    clients.emplace_back([&running, client] {
      for (int round = 0; round < 20; ++round) {
        grpc::ClientContext context;
        ActAs(context, "operator:o1");
        const auto stream = running.stub->UploadProbes(&context);
        // Some end by themselves, some are ended, some are cut off.
        const int messages = 100 * (1 + (client + round) % 8);
        for (int i = 1; i <= messages && stream->Write(Numbered(i)); ++i) {
        }
        if (round % 3 == 0) context.TryCancel();
        stream->WritesDone();
        UploadProbesResponse response;
        while (stream->Read(&response)) {
        }
        stream->Finish();
      }
    });
  }
  for (std::thread& client : clients) client.join();
  Eventually("every sink is gone", [&] { return open == 0; });
  running.gate->Drain();
  EXPECT_TRUE(running.gate->AwaitIdle(absl::Seconds(20)));
}

}  // namespace
}  // namespace fuju::chassis
