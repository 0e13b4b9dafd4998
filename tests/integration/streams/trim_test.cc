#include <map>
#include <random>
#include <set>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "chassis/streams/trim_stream.lua.h"
#include "integration/streams/streams_fixture.h"

namespace fuju::chassis {
namespace {

class TrimTest : public StreamsFixture {
 protected:
  // On one connection: the property test asks often.
  redis::Reply Ask(redis::Command command) {
    const auto reply = client_->Call(std::move(command), absl::Seconds(20));
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.value_or(redis::Reply());
  }
  int64_t Length() { return Ask({"XLEN", keys_.Events(0)}).integer(); }
  std::string Append() { return Ask({"XADD", keys_.Events(0), "*", "e", "x"}).text(); }
  void CreateGroup(const std::string& group) {
    Ask({"XGROUP", "CREATE", keys_.Events(0), group, "0", "MKSTREAM"});
  }
  // Ids that the group was given by this read.
  std::vector<std::string> Read(const std::string& group, int count) {
    std::vector<std::string> ids;
    const redis::Reply reply = Ask({"XREADGROUP", "GROUP", group, "c", "COUNT", absl::StrCat(count),
                                    "STREAMS", keys_.Events(0), ">"});
    if (reply.size() == 0) return ids;
    for (const redis::Reply& entry : reply[0][1].items()) ids.push_back(entry[0].text());
    return ids;
  }
  void Ack(const std::string& group, const std::string& id) {
    Ask({"XACK", keys_.Events(0), group, id});
  }
  std::unique_ptr<Consumer> StartTrimming(absl::Duration retention) {
    ConsumerOptions options = QuickOptions("i");
    options.stream_retention = retention;
    options.own_stream_groups = {"reader1", "reader2"};
    return Start(Reactions(), options);
  }
};

TEST_F(TrimTest, TheHolderTrimsToWhatEveryGroupHasAcknowledged) {
  std::vector<std::string> ids;
  ids.reserve(6);
  for (int i = 0; i < 6; ++i) ids.push_back(Append());
  CreateGroup("reader1");
  for (const std::string& id : Read("reader1", 6)) Ack("reader1", id);
  const auto consumer = StartTrimming(absl::ZeroDuration());
  // One trim without the second group passes, at least: the later ones do as this one.
  Eventually("it is held", [&] { return !consumer->Held().empty(); });
  EXPECT_EQ(Length(), 6);
  CreateGroup("reader2");
  EXPECT_EQ(Read("reader2", 4).size(), 4u);
  for (const int i : {0, 1, 3}) Ack("reader2", ids[i]);
  Eventually("what both have is gone", [&] { return Length() == 4; });
  Ack("reader2", ids[2]);
  Eventually("more is gone", [&] { return Length() == 2; });
  // A group that nobody listed counts too.
  CreateGroup("reader3");
  for (const std::string& id : Read("reader2", 9)) Ack("reader2", id);
  EXPECT_EQ(Read("reader3", 1).size(), 1u);
  EXPECT_EQ(Length(), 2);
  Ack("reader3", ids[4]);
  Eventually("one is left", [&] { return Length() == 1; });
}

// One that never comes back: everything from its place on stays, somebody is told, and a person
// takes it away.
TEST_F(TrimTest, ADeadGroupHoldsTheTrimmingBackAndIsTold) {
  for (const char* group : {"reader1", "reader2", "dead"}) CreateGroup(group);
  // Of an hour ago and a day before.
  const int64_t long_ago_ms = absl::ToUnixMillis(absl::Now() - absl::Hours(25));
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    ids.push_back(
        Ask({"XADD", keys_.Events(0), absl::StrCat(long_ago_ms + i, "-0"), "e", "x"}).text());
  }
  for (const char* group : {"reader1", "reader2"}) {
    for (const std::string& id : Read(group, 9)) Ack(group, id);
  }
  ASSERT_EQ(Read("dead", 2).size(), 2u);
  Ack("dead", ids[0]);
  const auto consumer = StartTrimming(absl::Hours(24));
  Eventually("what it has acknowledged is gone", [&] { return Length() == 3; });
  Eventually("it is told", [&] { return Metric("fuju_stream_trim_overdue_seconds") >= 3600; });
  EXPECT_EQ(Length(), 3);
  Ask({"XGROUP", "DESTROY", keys_.Events(0), "dead"});
  Eventually("the others have all", [&] { return Length() == 0; });
  Eventually("nothing is held back",
             [&] { return Metric("fuju_stream_trim_overdue_seconds") == 0; });
}

TEST_F(TrimTest, YoungEntriesAreKept) {
  CreateGroup("reader1");
  CreateGroup("reader2");
  for (int i = 0; i < 3; ++i) Append();
  for (const char* group : {"reader1", "reader2"}) {
    for (const std::string& id : Read(group, 9)) Ack(group, id);
  }
  const redis::Script trim(kTrimStreamLua);
  const auto kept = client_->CallScript(trim, {keys_.Events(0), keys_.Positions(0)},
                                        {"3600000", "reader1", "reader2"}, absl::Seconds(5));
  ASSERT_TRUE(kept.ok() && !kept->is_error()) << kept->text();
  EXPECT_EQ((*kept)[0].integer(), 0);
  EXPECT_EQ(Length(), 3);
}

// Slow, dead and new groups, in any order of events: none ever misses an entry.
TEST_F(TrimTest, NoGroupEverMissesAnEntry) {
  std::mt19937 random(20260731);
  const redis::Script trim(kTrimStreamLua);
  // The dead one ends in the middle; whatever it has not acknowledged stays as long as it is there.
  const std::vector<std::string> groups = {"reader1", "reader2", "late", "dead"};
  constexpr int kSteps = 1500;
  std::vector<std::string> appended;
  std::map<std::string, std::vector<std::string>> given;
  std::map<std::string, std::set<std::string>> pending;
  std::set<std::string> created;
  int64_t trimmed = 0;
  // The listed groups must exist before anything is trimmed; the late one comes when it comes, and
  // may miss only what was trimmed before it existed.
  size_t late_from = 0;
  CreateGroup("dead");
  created.insert("dead");
  for (int step = 0; step < kSteps; ++step) {
    const bool dies = step >= kSteps / 2;
    const std::string& group = groups[absl::Uniform(random, 0u, groups.size() - (dies ? 1 : 0))];
    switch (absl::Uniform(random, 0, 8)) {
      case 0:
      case 1:
        appended.push_back(Append());
        break;
      case 2:
        if (created.contains(group) || absl::Bernoulli(random, group == "late" ? 0.93 : 0.5)) break;
        CreateGroup(group);
        created.insert(group);
        if (group == "late") late_from = static_cast<size_t>(trimmed);
        break;
      case 3:
      case 4:
        if (!created.contains(group)) break;
        for (const std::string& id : Read(group, absl::Uniform(random, 1, 5))) {
          given[group].push_back(id);
          pending[group].insert(id);
        }
        break;
      case 5:
      case 6: {
        // Out of order, but not for ever.
        for (int i = 0; i < 3 && !pending[group].empty(); ++i) {
          auto it = pending[group].begin();
          std::advance(it, absl::Uniform(random, 0u, std::min<size_t>(pending[group].size(), 3)));
          Ack(group, *it);
          pending[group].erase(it);
        }
        break;
      }
      default: {
        const auto reply = client_->CallScript(trim, {keys_.Events(0), keys_.Positions(0)},
                                               {"0", "reader1", "reader2"}, absl::Seconds(5));
        ASSERT_TRUE(reply.ok() && !reply->is_error()) << reply->text();
        const bool missing = !created.contains("reader1") || !created.contains("reader2");
        EXPECT_EQ(!(*reply)[1].text().empty(), missing && !appended.empty());
        EXPECT_LE((*reply)[0].integer(), missing ? 0 : static_cast<int64_t>(appended.size()));
        trimmed += (*reply)[0].integer();
        for (const std::string& name : created) {
          if (pending[name].empty()) continue;
          const std::string& first = *pending[name].begin();
          ASSERT_EQ(Ask({"XRANGE", keys_.Events(0), first, first}).size(), 1u) << "pending, gone";
        }
      }
    }
  }
  ASSERT_GT(trimmed, 0);
  for (const std::string& group : groups) {
    ASSERT_TRUE(created.contains(group));
    for (const std::string& id : Read(group, 100000)) given[group].push_back(id);
    const std::vector<std::string> due(
        appended.begin() + static_cast<int64_t>(group == "late" ? late_from : 0), appended.end());
    EXPECT_EQ(given[group], due) << group;
  }
}

}  // namespace
}  // namespace fuju::chassis
