#include "chassis/streams/fanout.h"

#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "chassis/streams/trim_stream.lua.h"
#include "chassis/values/refusal.h"
#include "integration/streams/streams_fixture.h"

namespace fuju::chassis {
namespace {

// One watcher: what it was told, as lines: "from <position>", "<subject>@<version>", "ended
// <reason>".
class Watcher {
 public:
  void Subscribe(Fanout& fanout, int partition, std::string after) {
    subscription_ = fanout.Subscribe(
        partition, std::move(after),
        [this](const std::string& position) { log_.Add("from " + position); },
        [this](const std::string& entry_id, const fuju::event::v1::Event& event) {
          {
            const absl::MutexLock lock(&mutex_);
            position_ = entry_id;
          }
          log_.Add(absl::StrCat(event.subject(), "@", event.aggregate_version()));
        },
        [this](const absl::Status& status) {
          log_.Add(absl::StrCat("ended ", absl::StatusCodeToString(status.code()), " ",
                                ReasonOf(status)));
        });
  }
  void Leave() { subscription_.reset(); }
  std::string position() {
    const absl::MutexLock lock(&mutex_);
    return position_;
  }
  HandledLog& log() { return log_; }
  // What it got, without the rest.
  std::vector<std::string> Events() const {
    std::vector<std::string> events;
    for (const std::string& line : log_.Lines()) {
      if (line.find('@') != std::string::npos) events.push_back(line);
    }
    return events;
  }

 private:
  HandledLog log_;
  absl::Mutex mutex_;
  std::string position_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<Fanout::Subscription> subscription_;
};

class FanoutTest : public StreamsFixture {
 protected:
  static std::vector<std::string> Range(int first, int last) {
    std::vector<std::string> names;
    for (int version = first; version <= last; ++version) {
      names.push_back(absl::StrCat("a@", version));
    }
    return names;
  }
  // Removes what came before `id`, as an administrator could.
  void TrimBefore(const std::string& id) { Redis({"XTRIM", source_.Events(0), "MINID", id}); }
  const std::unique_ptr<Fanout> fanout_ =
      Fanout::Start(client_.get(), redis::Topology::Fixed(server_->endpoint()), source_);
};

TEST_F(FanoutTest, WithoutAPositionOnlyWhatComesFromNowOn) {
  const std::string last = Publish(0, "a", 1);
  Watcher watcher;
  watcher.Subscribe(*fanout_, 0, "");
  ASSERT_TRUE(watcher.log().Await("from " + last));
  Publish(0, "a", 2);
  ASSERT_TRUE(watcher.log().Await("a@2"));
  EXPECT_EQ(watcher.Events(), Range(2, 2));
}

TEST_F(FanoutTest, AStreamThatDoesNotExistYetCanBeWatched) {
  Watcher watcher;
  watcher.Subscribe(*fanout_, 0, "");
  ASSERT_TRUE(watcher.log().Await("from 0-0"));
  Publish(0, "a", 1);
  EXPECT_TRUE(watcher.log().Await("a@1"));
}

TEST_F(FanoutTest, FromAPositionWhatWasMissedAndThenLive) {
  Publish(0, "a", 1);
  const std::string second = Publish(0, "a", 2);
  Publish(0, "a", 3);
  Watcher early;
  early.Subscribe(*fanout_, 0, "");
  ASSERT_TRUE(early.log().AwaitSize(1));
  Watcher late;
  late.Subscribe(*fanout_, 0, second);
  ASSERT_TRUE(late.log().Await("a@3"));
  EXPECT_EQ(late.log().Lines().front(), "from " + second);
  Publish(0, "a", 4);
  ASSERT_TRUE(late.log().Await("a@4") && early.log().Await("a@4"));
  EXPECT_EQ(late.Events(), Range(3, 4));
  EXPECT_EQ(early.Events(), Range(4, 4));
}

// Watchers come, leave and resume while events are added: none has a gap or a repeat.
TEST_F(FanoutTest, NoGapAndNoRepeatWhileEventsAreAdded) {
  constexpr int kVersions = 600;
  constexpr int kWatchers = 6;
  Publish(0, "a", 1);
  std::atomic<int> published{1};
  std::thread publisher([&] {
    for (int version = 2; version <= kVersions; ++version) {
      Publish(0, "a", version);
      published.store(version);
    }
  });
  std::vector<std::thread> watchers;
  watchers.reserve(kWatchers);
  for (int i = 0; i < kWatchers; ++i) {
    watchers.emplace_back([&, i] {
      std::vector<std::string> got;
      std::string position = "0-0";
      // Leaves after a few more each time, and resumes after the last one it has got.
      while (got.empty() || got.back() != absl::StrCat("a@", kVersions)) {
        const int target = std::min(static_cast<int>(got.size()) + 20 + 7 * i, kVersions);
        Watcher watcher;
        watcher.Subscribe(*fanout_, 0, position);
        if (!watcher.log().Await(absl::StrCat("a@", target))) return;
        watcher.Leave();
        for (const std::string& line : watcher.Events()) got.push_back(line);
        position = watcher.position();
      }
      EXPECT_EQ(got, Range(1, kVersions));
    });
  }
  for (std::thread& watcher : watchers) watcher.join();
  publisher.join();
  EXPECT_EQ(published.load(), kVersions);
}

TEST_F(FanoutTest, APositionBehindWhichEntriesWereRemovedIsExpired) {
  const std::string first = Publish(0, "a", 1);
  Publish(0, "a", 2);
  const std::string third = Publish(0, "a", 3);
  TrimBefore(third);
  for (const std::string& position : {std::string("0-0"), first}) {
    Watcher watcher;
    watcher.Subscribe(*fanout_, 0, position);
    EXPECT_TRUE(watcher.log().Await("ended OUT_OF_RANGE RESUME_TOKEN_EXPIRED"));
    EXPECT_EQ(watcher.log().Lines().size(), 1u);
  }
  Watcher watcher;
  watcher.Subscribe(*fanout_, 0, third);
  EXPECT_TRUE(watcher.log().Await("from " + third));
}

// Our own trimming notes what it removed, so a watcher that had seen all of it can go on.
TEST_F(FanoutTest, APositionAtTheLastEntryRemovedIsNotExpired) {
  Publish(0, "a", 1);
  const std::string second = Publish(0, "a", 2);
  Redis({"XGROUP", "CREATE", source_.Events(0), "g", second});
  const redis::Script trim(kTrimStreamLua);
  const auto trimmed = client_->CallScript(trim, {source_.Events(0), source_.Positions(0)},
                                           // Also what came in this very millisecond.
                                           {"-1000", "g"}, absl::Seconds(5));
  ASSERT_EQ((*trimmed)[0].integer(), 2);
  Publish(0, "a", 3);
  Watcher watcher;
  watcher.Subscribe(*fanout_, 0, second);
  ASSERT_TRUE(watcher.log().Await("a@3"));
  Watcher older;
  older.Subscribe(*fanout_, 0, "1-1");
  EXPECT_TRUE(older.log().Await("ended OUT_OF_RANGE RESUME_TOKEN_EXPIRED"));
}

TEST_F(FanoutTest, APositionThatIsNotOneOfTheStreamIsRefused) {
  Publish(0, "a", 1);
  for (const char* position : {"99999999999999-0", "x", "1", "1-", "-1", "1-1-1", "+1-0"}) {
    Watcher watcher;
    watcher.Subscribe(*fanout_, 0, position);
    EXPECT_TRUE(watcher.log().Await("ended INVALID_ARGUMENT RESUME_TOKEN_INVALID")) << position;
  }
}

TEST_F(FanoutTest, NothingIsCalledAfterASubscriptionHasEnded) {
  Watcher leaving;
  Watcher staying;
  leaving.Subscribe(*fanout_, 0, "");
  staying.Subscribe(*fanout_, 0, "");
  ASSERT_TRUE(leaving.log().AwaitSize(1) && staying.log().AwaitSize(1));
  leaving.Leave();
  Publish(0, "a", 1);
  ASSERT_TRUE(staying.log().Await("a@1"));
  EXPECT_TRUE(leaving.Events().empty());
}

// A listener may end its own subscription.
TEST_F(FanoutTest, ASubscriptionCanBeEndedFromItsListener) {
  HandledLog log;
  absl::Mutex mutex;
  std::unique_ptr<Fanout::Subscription> subscription;
  {
    const absl::MutexLock lock(&mutex);
    subscription = fanout_->Subscribe(
        0, "0-0", [](const std::string&) {},
        [&](const std::string&, const fuju::event::v1::Event& event) {
          const absl::MutexLock listener_lock(&mutex);
          subscription.reset();
          log.Add(event.subject());
        },
        [](const absl::Status& status) { ADD_FAILURE() << status; });
  }
  Publish(0, "first", 1);
  Publish(0, "second", 1);
  ASSERT_TRUE(log.Await("first"));
  Watcher after;
  after.Subscribe(*fanout_, 0, "0-0");
  ASSERT_TRUE(after.log().Await("second@1"));
  EXPECT_EQ(log.Lines().size(), 1u);
}

TEST_F(FanoutTest, StopEndsAllSubscriptionsAndRefusesNewOnes) {
  Watcher watcher;
  watcher.Subscribe(*fanout_, 0, "");
  ASSERT_TRUE(watcher.log().AwaitSize(1));
  fanout_->Stop();
  EXPECT_EQ(watcher.log().Lines().back(), "ended UNAVAILABLE SHUTTING_DOWN");
  Watcher late;
  late.Subscribe(*fanout_, 0, "");
  EXPECT_EQ(late.log().Lines().back(), "ended UNAVAILABLE SHUTTING_DOWN");
  fanout_->Stop();
}

}  // namespace
}  // namespace fuju::chassis
