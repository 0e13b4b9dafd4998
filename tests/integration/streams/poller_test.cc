#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/synchronization/mutex.h"
#include "gtest/gtest.h"

#include "chassis/streams/stream_poller.h"
#include "integration/streams/streams_fixture.h"
#include "support/redis_server.h"

namespace fuju::chassis {
namespace {

// Reads one stream and keeps what it was given. Thread-safe.
class Listener final : public StreamPoller::Member {
 public:
  explicit Listener(std::string stream) : position_{std::move(stream), "0-0"} {}

  std::vector<StreamPosition> Wanted() override {
    const absl::MutexLock lock(&mutex_);
    if (!wants_) return {};
    return {position_};
  }
  void OnRead(const std::vector<redis::Reply>& streams) override {
    const absl::MutexLock lock(&mutex_);
    for (const redis::Reply& stream : streams) {
      EXPECT_EQ(stream[0].text(), position_.stream);
      for (const redis::Reply& entry : stream[1].items()) {
        position_.behind = entry[0].text();
        ids_.push_back(entry[0].text());
      }
    }
  }
  void OnError(const absl::Status& status) override {
    const absl::MutexLock lock(&mutex_);
    errors_.push_back(status);
  }

  void Want(bool wants) {
    const absl::MutexLock lock(&mutex_);
    wants_ = wants;
  }
  std::vector<std::string> ids() const {
    const absl::MutexLock lock(&mutex_);
    return ids_;
  }
  std::vector<absl::Status> errors() const {
    const absl::MutexLock lock(&mutex_);
    return errors_;
  }

 private:
  mutable absl::Mutex mutex_;
  StreamPosition position_;
  bool wants_ = true;
  std::vector<std::string> ids_;
  std::vector<absl::Status> errors_;
};

using Ids = std::vector<std::string>;

class PollerTest : public StreamsFixture {
 protected:
  static constexpr absl::Duration kBlock = absl::Seconds(30);

  ~PollerTest() override {
    poller_.Remove(&first_);
    poller_.Remove(&second_);
  }
  // What nothing but an entry or a call of the poller's ends.
  void AwaitWaiting() {
    Eventually("the poller waits", [this] {
      return absl::StrContains(own_.Call({"INFO", "clients"}).text(), "blocked_clients:1\r");
    });
  }
  std::string Add(const std::string& stream) {
    return own_.Call({"XADD", stream, "*", "e", ""}).text();
  }
  static void AwaitIds(const Listener& listener, const Ids& ids) {
    Eventually("it is read", [&] { return listener.ids() == ids; });
  }

  test_support::RedisServer own_;
  StreamPoller poller_{redis::Topology::Fixed(own_.endpoint()), "any", 10, kBlock};
  Listener first_{"first"};
  Listener second_{"second"};
};

TEST_F(PollerTest, OneCommandWaitsForAll) {
  const std::string before = Add("second");
  poller_.Add(&first_);
  poller_.Add(&second_);
  AwaitIds(second_, {before});
  AwaitWaiting();
  const Ids first = {Add("first"), Add("first")};
  AwaitIds(first_, first);
  AwaitWaiting();
  const std::string second = Add("second");
  AwaitIds(second_, {before, second});
  EXPECT_EQ(first_.ids(), first);
  EXPECT_TRUE(first_.errors().empty());
  EXPECT_TRUE(second_.errors().empty());
}

// While it waits for others with a command that may block for half a minute.
TEST_F(PollerTest, WhoWantsNothingIsNotReadUntilItSaysSo) {
  second_.Want(false);
  poller_.Add(&second_);
  poller_.Add(&first_);
  const std::string second = Add("second");
  const std::string first = Add("first");
  AwaitIds(first_, {first});
  AwaitWaiting();
  EXPECT_EQ(second_.ids(), Ids());
  second_.Want(true);
  poller_.Refresh();
  AwaitIds(second_, {second});
}

TEST_F(PollerTest, WhoIsRemovedGetsNothing) {
  poller_.Add(&first_);
  poller_.Add(&second_);
  Add("second");
  Eventually("it is read", [&] { return second_.ids().size() == 1; });
  AwaitWaiting();
  poller_.Remove(&first_);
  // The command that runs asks for its stream still.
  const std::string first = Add("first");
  AwaitWaiting();
  Add("second");
  Eventually("the other is read", [&] { return second_.ids().size() == 2; });
  EXPECT_EQ(first_.ids(), Ids());
  poller_.Add(&first_);
  AwaitIds(first_, {first});
}

TEST_F(PollerTest, AStreamThatIsNoneIsTheErrorOfItsMemberAlone) {
  own_.Call({"SET", "first", "no stream"});
  poller_.Add(&second_);
  AwaitWaiting();
  poller_.Add(&first_);
  Eventually("it is told", [&] { return first_.errors().size() == 1; });
  EXPECT_EQ(first_.errors()[0].code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(absl::StrContains(first_.errors()[0].message(), "WRONGTYPE"));
  const std::string second = Add("second");
  AwaitIds(second_, {second});
  EXPECT_TRUE(second_.errors().empty());
  own_.Call({"DEL", "first"});
  const std::string first = Add("first");
  poller_.Add(&first_);
  AwaitIds(first_, {first});
}

TEST_F(PollerTest, AllAreToldThatRedisIsGoneAndMayComeAgain) {
  poller_.Add(&first_);
  poller_.Add(&second_);
  Add("first");
  Eventually("it is read", [&] { return first_.ids().size() == 1; });
  AwaitWaiting();
  own_.Kill();
  Eventually("both are told",
             [&] { return first_.errors().size() == 1 && second_.errors().size() == 1; });
  own_.Restart();
  poller_.Add(&second_);
  const std::string second = Add("second");
  AwaitIds(second_, {second});
  EXPECT_EQ(first_.errors().size(), 1u);
}

}  // namespace
}  // namespace fuju::chassis
