// How commits go to Redis together (commit_queue.h).

#include <charconv>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "integration/store/store_fixture.h"

namespace fuju::chassis {
namespace {

class StoreRoundsTest : public StoreFixture {
 protected:
  // Of the script that commits, since the last Count.
  int Count() {
    const std::string stats = Redis({"INFO", "commandstats"}).text();
    Redis({"CONFIG", "RESETSTAT"});
    constexpr std::string_view kCalls = "cmdstat_evalsha:calls=";
    const size_t found = stats.find(kCalls);
    int calls = 0;
    if (found == std::string::npos) return calls;
    const char* const number = stats.data() + found + kCalls.size();
    std::from_chars(number, stats.data() + stats.size(), calls);
    return calls;
  }

  // Changes of aggregates that are known, so nothing is read; all while Redis does not answer.
  void ChangeWhilePaused(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) ASSERT_TRUE(Update(id, Plain(), Add(1)).ok());
    Count();
    std::vector<Answer> answers(ids.size());
    server_->Pause();
    for (size_t i = 0; i < ids.size(); ++i) {
      samples_.Update(ids[i], Plain(), Add(1), answers[i].Callback());
    }
    server_->Resume();
    for (size_t i = 0; i < ids.size(); ++i) {
      const Result result = answers[i].Wait();
      ASSERT_TRUE(result.ok()) << ids[i] << " " << result.status();
      EXPECT_EQ(result->version, 2) << ids[i];
    }
  }
};

// Two rounds may have gone with few; all others fit into one more, whatever their partitions.
TEST_F(StoreRoundsTest, WhatGathersTakesFewScripts) {
  constexpr int kChanges = 200;
  std::vector<std::string> ids;
  for (int i = 0; i < kChanges; ++i) ids.push_back(absl::StrCat("r", i, "-a"));
  ChangeWhilePaused(ids);
  EXPECT_LE(Count(), (kChanges + 63) / 64 + 2);
}

// Of one call of the script: each commit has the lease, counters, timers and events of its own
// partition, whatever stands before it.
TEST_F(StoreRoundsTest, PartitionsInOneScriptKeepApart) {
  constexpr int kChanges = 60;
  const auto lease_of = [](int partition) { return absl::StrCat("me|", partition); };
  const int lost = PartitionOf("r0-a");
  for (int partition = 0; partition < keys_.partitions(); ++partition) {
    Redis({"SET", keys_.Lease(partition), partition == lost ? "other|1" : lease_of(partition)});
  }
  std::vector<std::string> ids;
  for (int i = 0; i < kChanges; ++i) ids.push_back(absl::StrCat("r", i, "-a"));
  std::vector<Answer> answers(ids.size());
  server_->Pause();
  for (size_t i = 0; i < ids.size(); ++i) {
    Command command = Plain();
    command.fence = Fence{.partition = PartitionOf(ids[i]), .lease = lease_of(PartitionOf(ids[i]))};
    samples_.Update(
        ids[i], command,
        SetTo(
            R"({"value": 1, "holdings": {"money": 1}, "index": {"all": 7}, "timers": {"due": 9}})"),
        answers[i].Callback());
  }
  server_->Resume();

  std::vector<int> changed_in(keys_.partitions());
  for (size_t i = 0; i < ids.size(); ++i) {
    const Result result = answers[i].Wait();
    const int partition = PartitionOf(ids[i]);
    EXPECT_EQ(result.ok(), partition != lost) << ids[i] << " " << result.status();
    if (result.ok()) ++changed_in[partition];
  }
  for (int partition = 0; partition < keys_.partitions(); ++partition) {
    SCOPED_TRACE(partition);
    const int changed = changed_in[partition];
    EXPECT_EQ(Redis({"XLEN", keys_.Events(partition)}).integer(), changed);
    EXPECT_EQ(Redis({"ZCARD", keys_.Timers(partition)}).integer(), changed);
    EXPECT_EQ(Redis({"HGET", keys_.Counters(partition), "money"}).integer(), changed);
  }
}

// No script keeps Redis for long: 64 commits at most, four scripts a round.
TEST_F(StoreRoundsTest, ABusyPartitionTakesSeveralScripts) {
  constexpr int kChanges = 600;
  std::vector<std::string> ids;
  for (int i = 0; i < kChanges; ++i) ids.push_back(absl::StrCat("r1-", i));
  ChangeWhilePaused(ids);
  const int scripts = Count();
  EXPECT_GE(scripts, (kChanges + 63) / 64);
  EXPECT_LE(scripts, (kChanges + 63) / 64 + 4);
}

}  // namespace
}  // namespace fuju::chassis
