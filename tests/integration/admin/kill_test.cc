#include <signal.h>

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "integration/admin/admin_fixture.h"
#include "integration/admin/children.h"

namespace fuju::chassis {
namespace {

// What holds when a process is killed, and when the one that replays is not the one that handles.
class KillTest : public AdminFixture {
 protected:
  test_support::ChildProcess Child(const char* what) {
    return StartChild(what, server_->port(), keys_.service(), source_.service(),
                      absl::StrCat("child", ++children_));
  }
  void SetMood(const std::string& mood) { Redis({"SET", "mood:" + keys_.service(), mood}); }
  std::vector<std::string> Handled() const {
    std::vector<std::string> handled;
    for (const redis::Reply& line :
         Redis({"LRANGE", "handled:" + keys_.service(), "0", "-1"}).items()) {
      handled.push_back(line.text());
    }
    return handled;
  }
  // The events of a subject, in the order in which each was handled first.
  std::vector<std::string> FirstHandled(const std::string& subject) const {
    std::vector<std::string> first;
    std::set<std::string> seen;
    for (const std::string& line : Handled()) {
      if (line.starts_with(subject + "@") && seen.insert(line).second) first.push_back(line);
    }
    return first;
  }
  int64_t Length(const std::string& key) const { return Redis({"XLEN", key}).integer(); }
  // How many entries of a stream are of each subject.
  std::map<std::string, int> BySubject(const std::string& key) const {
    std::map<std::string, int> count;
    for (const redis::Reply& entry : Redis({"XRANGE", key, "-", "+"}).items()) {
      for (size_t i = 0; i + 1 < entry[1].size(); i += 2) {
        if (entry[1][i].text() == "subject") ++count[entry[1][i + 1].text()];
      }
    }
    return count;
  }
  int children_ = 0;
};

// Each letter is wholly replayed or untouched; the repeat does the others and no more.
TEST_F(KillTest, AKillInTheMiddleOfAReplayLeavesNoHalfState) {
  constexpr int kLetters = 150;
  HandledLog log;
  auto consumer = Start(
      React([](const Delivery&, const ReactionDone& done) { done(absl::InternalError("broken")); }),
      QuickOptions("i"));
  for (int version = 1; version <= 2; ++version) {
    for (int i = 0; i < kLetters; ++i) Publish(0, absl::StrCat("s", i), version);
  }
  Eventually("all are dead", [&] { return Length(keys_.DeadLetters(0)) == 2 * kLetters; });
  consumer->Stop(absl::Seconds(10));

  test_support::ChildProcess replayer = Child(kReplayer);
  Eventually("it is in the middle", [&] { return Length(keys_.Events(0)) >= 10; });
  replayer.Signal(SIGKILL);
  ASSERT_TRUE(replayer.Wait(absl::Seconds(30)).ok());
  const int64_t done = Length(keys_.Events(0));
  EXPECT_LT(done, kLetters) << "killed too late to tell";

  std::map<std::string, int> dead = BySubject(keys_.DeadLetters(0));
  std::map<std::string, int> replays = BySubject(keys_.Replays(0));
  std::set<std::string> recorded;
  for (const event::v1::Event& fact : Facts()) {
    recorded.insert(fact.causation_id());
  }
  for (int i = 0; i < kLetters; ++i) {
    const std::string subject = absl::StrCat("s", i);
    const std::string blocked =
        Redis({"HGET", keys_.Blocked(0), source_.service() + "|" + subject}).text();
    const bool replayed = recorded.contains(subject + "@1");
    EXPECT_EQ(dead[subject], replayed ? 0 : 2) << subject;
    EXPECT_EQ(replays[subject], replayed ? 2 : 0) << subject;
    EXPECT_TRUE(blocked.ends_with(replayed ? "|2|replay" : "|1")) << subject << " " << blocked;
  }

  test_support::ChildProcess again = Child(kReplayer);
  EXPECT_EQ(again.Wait(absl::Seconds(60)).value_or(-1), 0);
  EXPECT_EQ(Length(keys_.Events(0)), kLetters);
  EXPECT_EQ(Length(keys_.DeadLetters(0)), 0);
  EXPECT_EQ(Length(keys_.Replays(0)), 2 * kLetters);
  consumer = Start(Log(log), QuickOptions("i"));
  ASSERT_TRUE(log.AwaitSize(2 * kLetters));
  Eventually("all is quiet", [&] { return AllQuiet(); });
  EXPECT_EQ(log.Lines().size(), static_cast<size_t>(2 * kLetters));
  for (int i = 0; i < kLetters; ++i) EXPECT_EQ(log.Count(absl::StrCat("s", i, "@2")), 1);
}

TEST_F(KillTest, AnotherProcessHandlesWhatThisOneReplays) {
  SetMood("broken");
  const test_support::ChildProcess holder = Child(kHolder);
  const OpenDeadLetter letter = MakeDead("bad", 4);
  SetMood("well");
  ASSERT_TRUE(Replay(ReplaySource("r1")).ok());
  Publish(0, "bad", 5);
  Eventually("all are handled", [&] { return Handled().size() == 5; });
  EXPECT_EQ(FirstHandled("bad"), Handled());
  Eventually("all is quiet", [&] { return AllQuiet(); });
}

TEST_F(KillTest, AKilledHolderIsFollowedByTheNextOneInTheMiddleOfTheReplay) {
  constexpr int kLast = 60;
  SetMood("broken");
  test_support::ChildProcess holder = Child(kHolder);
  MakeDead("bad", kLast);
  SetMood("well");
  ASSERT_TRUE(Replay(ReplaySource("r1")).ok());
  Eventually("it is in the middle", [&] { return Handled().size() >= 5; });
  holder.Signal(SIGKILL);
  Publish(0, "bad", kLast + 1);
  const test_support::ChildProcess next = Child(kHolder);
  Eventually("all are handled", [&] { return FirstHandled("bad").size() == kLast + 1; });
  Eventually("all is quiet", [&] { return AllQuiet(); });
  const std::vector<std::string> first = FirstHandled("bad");
  for (int version = 1; version <= kLast + 1; ++version) {
    EXPECT_EQ(first[version - 1], absl::StrCat("bad@", version));
  }
  // Only what was in hand at the kill may have come twice: here nothing tells of a done one.
  EXPECT_LE(Handled().size(), static_cast<size_t>(kLast + 2));
}

TEST_F(KillTest, AReplayThatKillsTheProcessIsGivenUpAgain) {
  SetMood("broken");
  test_support::ChildProcess holder = Child(kHolder);
  const OpenDeadLetter letter = MakeDead("bad", 2);
  SetMood("deadly");
  ASSERT_TRUE(Replay(ReplaySource("r1")).ok());
  int deaths = 0;
  while (Letters().empty() && deaths < 10) {
    Eventually("it has died or given up", [&] { return !holder.running() || !Letters().empty(); });
    if (holder.running()) break;
    ++deaths;
    holder = Child(kHolder);
  }
  EXPECT_EQ(deaths, 2);
  const std::vector<OpenDeadLetter> letters = Letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].letter.reason, "crashed");
  EXPECT_EQ(letters[0].letter.attempts, 5);
  EXPECT_EQ(letters[0].letter.replays, 1);
  EXPECT_EQ(letters[0].letter.first_failure, letter.letter.first_failure);
  EXPECT_EQ(letters[0].waiting, 1);
  // Others were not held up for good.
  Publish(0, "good", 2);
  Eventually("another is handled", [&] { return FirstHandled("good").size() == 1; });
}

}  // namespace
}  // namespace fuju::chassis
