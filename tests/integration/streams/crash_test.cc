#include <set>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "integration/streams/streams_fixture.h"
#include "support/child_process.h"

namespace fuju::chassis {
namespace {

class CrashTest : public StreamsFixture {
 protected:
  test_support::ChildProcess StartChild(const std::string& name) {
    auto child = test_support::ChildProcess::Start(
        {"/proc/self/exe", "--crash-child", absl::StrCat(server_->port()), keys_.service(),
         source_.service(), name},
        "/dev/null");
    EXPECT_TRUE(child.ok()) << child.status();
    return *std::move(child);
  }
  std::vector<DeadLetter> DeadLetters() {
    return ListDeadLetters(*client_, Keys(keys_.service(), 1), 100)
        .value_or(std::vector<DeadLetter>());
  }
  std::set<std::string> Handled() {
    std::set<std::string> handled;
    for (const redis::Reply& id :
         Redis({"LRANGE", "handled:" + keys_.service(), "0", "-1"}).items()) {
      handled.insert(id.text());
    }
    return handled;
  }
  // Starts children, each when the one before has died, until something is a dead letter. The last
  // one stays: to kill it would blame whatever it handles. Each has another name than the one
  // before, so that it waits for the end of a lease that was not given back.
  int CountDeaths(test_support::ChildProcess& child) {
    int children = 0;
    child = StartChild(absl::StrCat("child", ++children));
    int deaths = 0;
    while (DeadLetters().empty() && deaths < 20) {
      Eventually("it has died or given up",
                 [&] { return !child.running() || !DeadLetters().empty(); });
      if (child.running()) break;
      ++deaths;
      child = StartChild(absl::StrCat("child", ++children));
    }
    return deaths;
  }
};

// The event that kills the process is given up after so many deaths; those in flight beside it are
// not blamed, and only its own subject waits.
TEST_F(CrashTest, AnEventThatKillsTheProcessIsGivenUpAndOnlyItsSubjectWaits) {
  for (int version = 1; version <= 5; ++version) {
    Publish(0, "before", version);
    Publish(0, absl::StrCat("other", version), 1);
  }
  Publish(0, "poison", 1);
  Publish(0, "poison", 2);
  for (int version = 1; version <= 5; ++version) Publish(0, "after", version);

  test_support::ChildProcess child;
  EXPECT_EQ(CountDeaths(child), 4);
  Eventually("two are dead", [&] { return DeadLetters().size() == 2; });
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });
  Eventually("all others are handled", [&] { return Handled().size() == 15; });
  const std::vector<DeadLetter> letters = DeadLetters();
  EXPECT_EQ(letters[0].subject, "poison");
  EXPECT_EQ(letters[0].reason, "crashed");
  // The first death was not yet blamed on one.
  EXPECT_EQ(letters[0].attempts, 3);
  EXPECT_EQ(letters[1].subject, "poison");
  EXPECT_EQ(letters[1].version, 2);
  EXPECT_EQ(letters[1].reason, "waits");
  EXPECT_EQ(Redis({"HLEN", keys_.Retries(0)}).integer(), 0);
}

// It would keep its thread, and with it its partition, for ever.
TEST_F(CrashTest, AHandlerThatNeverReturnsEndsTheProcessAndIsGivenUp) {
  for (int version = 1; version <= 5; ++version) Publish(0, absl::StrCat("other", version), 1);
  Publish(0, "endless", 1);
  for (int version = 1; version <= 5; ++version) Publish(0, "after", version);

  test_support::ChildProcess child;
  // Each is blamed on it before the end.
  EXPECT_EQ(CountDeaths(child), 3);
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });
  Eventually("all others are handled", [&] { return Handled().size() == 10; });
  const std::vector<DeadLetter> letters = DeadLetters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].subject, "endless");
  EXPECT_EQ(letters[0].reason, "crashed");
  EXPECT_EQ(letters[0].attempts, 3);
}

// It would keep the I/O thread, on which also the leases are renewed: nothing would work here any
// more, and nobody would know.
TEST_F(CrashTest, ACallbackThatNeverReturnsEndsTheProcessToo) {
  for (int version = 1; version <= 5; ++version) Publish(0, absl::StrCat("other", version), 1);
  Publish(0, "endless callback", 1);
  for (int version = 1; version <= 5; ++version) Publish(0, absl::StrCat("after", version), 1);

  test_support::ChildProcess child;
  EXPECT_EQ(CountDeaths(child), 4);
  Eventually("nothing is pending", [&] { return Pending(0) == 0; });
  Eventually("all others are handled", [&] { return Handled().size() == 10; });
  const std::vector<DeadLetter> letters = DeadLetters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].subject, "endless callback");
  EXPECT_EQ(letters[0].reason, "crashed");
}

// It died and waits for its next turn; meanwhile the others are served.
TEST_F(CrashTest, WhatIsBlamedRunsAfterTheOthers) {
  Publish(0, "endless", 1);
  for (int version = 1; version <= 5; ++version) Publish(0, absl::StrCat("after", version), 1);
  test_support::ChildProcess child = StartChild("first");
  Eventually("it has died", [&] { return !child.running(); });
  EXPECT_TRUE(Handled().empty());
  child = StartChild("second");
  Eventually("it has died, too", [&] { return !child.running(); });
  EXPECT_EQ(Handled().size(), 5u);
}

// The lease of the former life would last for a minute.
TEST_F(CrashTest, AProcessThatComesBackUnderItsNameHasItsPartitionsAtOnce) {
  Redis({"SET", keys_.Lease(0), "a name|7", "PX", "60000"});
  Publish(0, "a", 1);
  const test_support::ChildProcess child = StartChild("a name");
  Eventually("it works", [&] { return Handled().size() == 1; });
}

// A process that was killed is no crash of the events it had in hand.
TEST_F(CrashTest, AKilledHolderIsFollowedByTheNextOne) {
  test_support::ChildProcess first = StartChild("first");
  Publish(0, "a", 1);
  Eventually("the first one works", [&] { return Handled().size() == 1; });
  first.Signal(SIGSTOP);
  for (int version = 2; version <= 20; ++version) Publish(0, "a", version);
  const test_support::ChildProcess second = StartChild("second");
  Eventually("the second one has taken over", [&] { return Handled().size() == 20; });
  first.Signal(SIGCONT);
  Publish(0, "a", 21);
  Eventually("it goes on", [&] { return Handled().size() == 21 && Pending(0) == 0; });
  EXPECT_TRUE(DeadLetters().empty());
}

}  // namespace
}  // namespace fuju::chassis
