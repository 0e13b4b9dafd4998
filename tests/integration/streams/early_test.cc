#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

#include "chassis/redis/blocking_connection.h"
#include "integration/streams/streams_fixture.h"

namespace fuju::chassis {
namespace {

// A consumer handles an event without a write to Redis: here nobody may write.
class EarlyTest : public StreamsFixture {
 protected:
  static ConsumerOptions Options() {
    ConsumerOptions options = QuickOptions("i");
    options.lease_ttl = absl::Seconds(30);
    options.read_block = absl::Seconds(5);
    options.max_attempts = 1;
    return options;
  }

  // Publishes, and from that moment on nobody writes. The consumer waits for both partitions: it
  // has handled an event of each.
  void PublishAndPause(const std::string& subject, int64_t version) {
    const std::string event = EventOf(subject, version);
    connection_.Call({"MULTI"}, absl::ZeroDuration()).IgnoreError();
    connection_.Call({"XADD", source_.Events(0), "*", "e", event}, absl::ZeroDuration())
        .IgnoreError();
    connection_.Call({"CLIENT", "PAUSE", "60000", "WRITE"}, absl::ZeroDuration()).IgnoreError();
    const auto both = connection_.Call({"EXEC"}, absl::ZeroDuration());
    ASSERT_TRUE(both.ok()) << both.status();
    ASSERT_EQ(both->size(), 2u);
    entry_ = (*both)[0].text();
  }
  void Unpause() { Redis({"CLIENT", "UNPAUSE"}); }
  void TearDown() override { Unpause(); }

  std::string EventOf(const std::string& subject, int64_t version) {
    const std::string id = Publish(1, subject, version);
    const std::string event = Redis({"XRANGE", source_.Events(1), id, id})[0][1][1].text();
    Eventually("partition 1 is done with it", [&] { return Position(1) == id; });
    const std::string other = Publish(0, "other", 1);
    Eventually("partition 0 is done with its first", [&] { return Position(0) == other; });
    AwaitWaiting();
    return event;
  }
  // Waits until the consumer waits for new entries.
  void AwaitWaiting() {
    Eventually("entries are waited for", [this] {
      return Redis({"INFO", "clients"}).text().find("blocked_clients:1\r") != std::string::npos;
    });
  }

  // For entries. An idle connection may have asked for some last.
  bool AnyoneWaits() {
    const redis::Reply clients = Redis({"CLIENT", "LIST"});
    for (const absl::string_view client : absl::StrSplit(clients.text(), '\n')) {
      if (absl::StrContains(client, "cmd=xread") && absl::StrContains(client, "flags=b")) {
        return true;
      }
    }
    return false;
  }

  std::string entry_;
  redis::BlockingConnection connection_{server_->endpoint()};
};

TEST_F(EarlyTest, IsHandledBeforeAnythingIsWrittenAndOnce) {
  HandledLog log;
  const auto consumer = Start(Log(log), Options());
  PublishAndPause("s", 1);
  ASSERT_TRUE(log.AwaitSize(3));  // the first of each partition, and the early one
  EXPECT_LT(Position(0), entry_);
  Unpause();
  Eventually("it is acknowledged", [this] { return Position(0) == entry_; });
  EXPECT_EQ(Pending(0), 0);
  Publish(0, "s", 2);
  ASSERT_TRUE(log.Await("s@2"));
  EXPECT_EQ(log.Count("s@1"), 1 + /*of partition 1*/ 1);
}

TEST_F(EarlyTest, AStoppingConsumerAcknowledgesWhatItHandledEarly) {
  HandledLog log;
  const auto consumer = Start(Log(log), Options());
  PublishAndPause("s", 1);
  ASSERT_TRUE(log.AwaitSize(3));  // the first of each partition, and the early one
  std::thread stopping([&] { consumer->Stop(absl::Minutes(1)); });
  Eventually("it no longer waits for entries", [this] { return !AnyoneWaits(); });
  EXPECT_LT(Position(0), entry_);
  Unpause();
  stopping.join();
  EXPECT_EQ(Position(0), entry_);
  EXPECT_EQ(Pending(0), 0);
}

TEST_F(EarlyTest, AFailureCountsWhenItCanBeWritten) {
  HandledLog log;
  const auto consumer = Start(React([&log](const Delivery& delivery, const ReactionDone& done) {
                                log.Add(NameOf(delivery));
                                done(absl::InternalError("broken"));
                              }),
                              Options());
  PublishAndPause("s", 1);
  ASSERT_TRUE(log.AwaitSize(3));  // the first of each partition, and the early one
  EXPECT_LT(Position(0), entry_);
  Unpause();
  Eventually("it is a dead letter", [this] {
    const auto letters = ListDeadLetters(*client_, keys_, 10);
    if (!letters.ok()) return false;
    for (const DeadLetter& letter : *letters) {
      if (letter.source_entry_id == entry_) return letter.attempts == 1;
    }
    return false;
  });
  Eventually("nothing is pending", [this] { return Pending(0) == 0; });
}

// The connections are cut before it could be acknowledged.
TEST_F(EarlyTest, WhatIsNotAcknowledgedComesAgain) {
  HandledLog log;
  auto consumer = Start(Log(log), Options());
  PublishAndPause("s", 1);
  ASSERT_TRUE(log.AwaitSize(3));  // the first of each partition, and the early one
  Redis({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
  Unpause();
  Eventually("it is acknowledged", [this] { return Position(0) == entry_; });
  EXPECT_EQ(Pending(0), 0);
}

}  // namespace
}  // namespace fuju::chassis
