#include "chassis/rpc/watch_stream.h"

#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"

#include "chassis/rpc/status.h"
#include "chassis/values/refusal.h"
#include "running_server.h"
#include "support/violations.h"

namespace fuju::chassis {
namespace {

using fuju::testing::v1::WatchProbeRequest;
using fuju::testing::v1::WatchProbeResponse;
using test_support::RunningServer;
using ::testing::HasSubstr;

using Feed = test_support::ProbeService::Feed;

WatchProbeRequest Request() {
  WatchProbeRequest request;
  request.set_name("probes/1");
  return request;
}

WatchProbeResponse Numbered(int64_t number, size_t ballast = 0) {
  WatchProbeResponse response;
  response.set_number(number);
  response.set_ballast(std::string(ballast, 'b'));
  return response;
}

// What `start` returns: tells when and where it is destroyed.
struct Subscription {
  absl::Notification* destroyed;
  std::thread::id* thread;
  ~Subscription() {
    *thread = std::this_thread::get_id();
    destroyed->Notify();
  }
};

// One watch, from both ends.
class WatchStreamTest : public ::testing::Test {
 protected:
  void Prepare(WatchOptions options = {}) {
    running_.service->watch_options = options;
    running_.service->on_watch = [this](const CallInfo&, const auto&,
                                        std::shared_ptr<Feed> feed) -> std::shared_ptr<void> {
      feed_ = std::move(feed);
      opened_.Notify();
      return std::shared_ptr<Subscription>(new Subscription{&destroyed_, &destroyed_on_});
    };
  }

  std::unique_ptr<grpc::ClientReader<WatchProbeResponse>> Open() {
    auto reader = running_.stub->WatchProbe(&context_, Request());
    opened_.WaitForNotification();
    return reader;
  }

  absl::Notification destroyed_;
  std::thread::id destroyed_on_;
  absl::Notification opened_;
  std::shared_ptr<Feed> feed_;
  grpc::ClientContext context_;
  RunningServer running_;
};

TEST_F(WatchStreamTest, SendsInOrderAndEndsAfterWhatIsQueued) {
  Prepare();
  const auto reader = Open();
  for (int i = 1; i <= 500; ++i) EXPECT_TRUE(feed_->Push(Numbered(i)));
  feed_->End(absl::OkStatus());
  EXPECT_FALSE(feed_->Push(Numbered(501)));
  WatchProbeResponse response;
  int64_t expected = 0;
  while (reader->Read(&response)) EXPECT_EQ(response.number(), ++expected);
  EXPECT_EQ(expected, 500);
  EXPECT_TRUE(reader->Finish().ok());
  destroyed_.WaitForNotification();
}

TEST_F(WatchStreamTest, EndsWithTheStatusAndItsDetails) {
  Prepare();
  const auto reader = Open();
  feed_->End(NotFound("probes/1"));
  feed_->End(absl::OkStatus());
  WatchProbeResponse response;
  EXPECT_FALSE(reader->Read(&response));
  const absl::Status status = FromGrpcStatus(reader->Finish());
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReasonOf(status), "RESOURCE_NOT_FOUND");
}

TEST_F(WatchStreamTest, ARefusedRequestEndsAtOnce) {
  Prepare();
  const auto reader = running_.stub->WatchProbe(&context_, WatchProbeRequest());
  WatchProbeResponse response;
  EXPECT_FALSE(reader->Read(&response));
  const absl::Status status = FromGrpcStatus(reader->Finish());
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(test_support::PathsOf(status), "name");
  EXPECT_FALSE(opened_.HasBeenNotified());
}

TEST_F(WatchStreamTest, AReaderThatIsTooSlowIsTold) {
  Prepare({.buffer = 8});
  const auto reader = Open();
  // Nobody reads: the first messages fill the connection's windows, the next ones the buffer.
  int64_t pushed = 0;
  while (feed_->Push(Numbered(pushed + 1, 100'000))) ++pushed;
  EXPECT_GE(pushed, 8);
  destroyed_.WaitForNotification();
  WatchProbeResponse response;
  int64_t received = 0;
  while (reader->Read(&response)) EXPECT_EQ(response.number(), ++received);
  EXPECT_LT(received, pushed);
  const absl::Status status = FromGrpcStatus(reader->Finish());
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_EQ(ReasonOf(status), "WATCHER_TOO_SLOW");
}

TEST_F(WatchStreamTest, AReaderThatNeverFetchesTheEndIsCutOff) {
  Prepare({.buffer = 2, .heartbeat = absl::Milliseconds(50)});
  const auto reader = Open();
  while (feed_->Push(Numbered(1, 1'000'000))) {
  }
  // The server lets go although the client never reads: its drain does not need the grace.
  std::shared_ptr<Feed> feed = feed_;
  std::weak_ptr<Feed> watch = feed;
  feed.reset();
  feed_.reset();
  const absl::Time patience = absl::Now() + absl::Seconds(20);
  while (!watch.expired() && absl::Now() < patience) std::this_thread::yield();
  EXPECT_TRUE(watch.expired());
  context_.TryCancel();
}

TEST_F(WatchStreamTest, BeatsWhenNothingHappens) {
  Prepare({.heartbeat = absl::Milliseconds(20)});
  const auto reader = Open();
  WatchProbeResponse response;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(reader->Read(&response));
    EXPECT_EQ(response.number(), 0);
  }
  feed_->Push(Numbered(7));
  do {
    ASSERT_TRUE(reader->Read(&response));
  } while (response.number() == 0);
  EXPECT_EQ(response.number(), 7);
  feed_->End(absl::OkStatus());
  while (reader->Read(&response)) EXPECT_EQ(response.number(), 0);
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(WatchStreamTest, AClientThatIsCutOffGivesTheSubscriptionBack) {
  Prepare();
  const auto reader = Open();
  ASSERT_TRUE(feed_->Push(Numbered(1)));
  WatchProbeResponse response;
  ASSERT_TRUE(reader->Read(&response));
  context_.TryCancel();
  destroyed_.WaitForNotification();
  EXPECT_FALSE(feed_->Push(Numbered(2)));
  EXPECT_NE(destroyed_on_, std::this_thread::get_id());
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(WatchStreamTest, TheDeadlineEndsIt) {
  Prepare();
  context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(1));
  const auto reader = Open();
  destroyed_.WaitForNotification();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(WatchStreamTest, TheFeedMayOutliveTheServer) {
  Prepare();
  const auto reader = Open();
  running_.Stop();
  EXPECT_TRUE(destroyed_.HasBeenNotified());
  EXPECT_FALSE(feed_->Push(Numbered(1)));
  feed_->End(absl::OkStatus());
}

TEST_F(WatchStreamTest, ADrainEndsItSoThatTheClientGoesElsewhere) {
  Prepare();
  const auto reader = Open();
  ASSERT_TRUE(feed_->Push(Numbered(1)));
  running_.gate->Drain();
  WatchProbeResponse response;
  EXPECT_TRUE(reader->Read(&response));
  EXPECT_FALSE(reader->Read(&response));
  const absl::Status status = FromGrpcStatus(reader->Finish());
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(status), "SHUTTING_DOWN");
  destroyed_.WaitForNotification();
}

TEST_F(WatchStreamTest, MayBeFedAndEndedInsideStart) {
  running_.service->on_watch = [this](const CallInfo&, const auto&, std::shared_ptr<Feed> feed) {
    EXPECT_TRUE(feed->Push(Numbered(1)));
    feed->End(absl::OkStatus());
    return std::shared_ptr<Subscription>(new Subscription{&destroyed_, &destroyed_on_});
  };
  const auto reader = running_.stub->WatchProbe(&context_, Request());
  WatchProbeResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.number(), 1);
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_TRUE(reader->Finish().ok());
  destroyed_.WaitForNotification();
}

TEST_F(WatchStreamTest, CountsItsEnd) {
  Prepare();
  const auto reader = Open();
  feed_->End(NotFound("probes/1"));
  EXPECT_FALSE(reader->Finish().ok());
  running_.server->Drain(absl::ZeroDuration());
  EXPECT_THAT(running_.Metrics(),
              HasSubstr("fuju_rpc_server_handled_total{code=\"NOT_FOUND\","
                        "method=\"fuju.testing.v1.ProbeService/WatchProbe\"} 1"));
}

// Feeds, readers and cancellations of many watches at once; the sanitizers look on.
TEST(WatchStressTest, ManyWatchesAtOnce) {
  RunningServer running;
  std::atomic<int> open = 0;
  struct Feeding {
    explicit Feeding(std::atomic<int>* counter) : open(counter) { ++*open; }
    ~Feeding() {
      stop = true;
      thread.join();
      --*open;
    }
    std::atomic<int>* open;
    std::atomic<bool> stop = false;
    std::thread thread;
  };
  running.service->watch_options = {.buffer = 64, .heartbeat = absl::Milliseconds(1)};
  running.service->on_watch = [&](const CallInfo&, const auto&, std::shared_ptr<Feed> feed) {
    auto feeding = std::make_shared<Feeding>(&open);
    feeding->thread = std::thread([feed, stop = &feeding->stop] {
      int64_t number = 0;
      while (!*stop && feed->Push(Numbered(++number))) {
        if (number == 2000) feed->End(absl::OkStatus());
      }
    });
    return std::static_pointer_cast<void>(feeding);
  };
  std::vector<std::thread> clients;
  for (int client = 0; client < 8; ++client) {
    clients.emplace_back([&, client] {
      for (int round = 0; round < 10; ++round) {
        grpc::ClientContext context;
        const auto reader = running.stub->WatchProbe(&context, Request());
        WatchProbeResponse response;
        int64_t last = 0;
        int messages = 0;
        while (reader->Read(&response)) {
          if (response.number() == 0) continue;
          EXPECT_EQ(response.number(), last + 1);
          last = response.number();
          if (++messages == 10 * (client + 1) && client % 2 == 0) context.TryCancel();
        }
        reader->Finish();
      }
    });
  }
  for (auto& thread : clients) thread.join();
  running.Stop();
  EXPECT_EQ(open, 0);
}

}  // namespace
}  // namespace fuju::chassis
