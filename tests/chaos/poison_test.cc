// Item 5: events that throw, that crash the process, that never return, among events of others.

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include "chaos/fault_plan.h"
#include "chaos/poison_child.h"
#include "chaos/run_seed.h"
#include "chassis/redis/pipelined_client.h"
#include "chassis/store/keys.h"
#include "chassis/streams/consumer.h"
#include "fuju/event/v1/event.pb.h"
#include "support/child_process.h"
#include "support/redis_server.h"

namespace fuju::chaos {
namespace {

constexpr const char* kPoison[] = {"throws", "crashes", "endless"};
constexpr int kOthers = 20;
constexpr absl::Duration kLimit = absl::Minutes(2);

class PoisonTest : public testing::TestWithParam<bool> {
 protected:
  // Two consumers; one that has died comes again, as a supervisor does: under its name, or under a
  // new one.
  void KeepAlive() {
    for (size_t i = 0; i < children_.size(); ++i) {
      if (children_[i].running()) continue;
      if (started_ >= static_cast<int>(children_.size())) ++deaths_;
      ++started_;
      auto child = test_support::ChildProcess::Start(
          {"/proc/self/exe", "--poison-child", absl::StrCat(server_.port()),
           absl::StrCat("child-", same_name_ ? static_cast<int>(i) : started_)},
          "/dev/null");
      ASSERT_TRUE(child.ok()) << child.status();
      children_[i] = *std::move(child);
    }
  }

  void Publish(const std::string& subject) {
    event::v1::Event event;
    event.set_type("test.Fact");
    event.set_source(kPoisonSource);
    event.set_subject(subject);
    event.set_aggregate_version(++versions_[subject]);
    event.set_id(absl::StrCat(subject, "@", versions_[subject]));
    // When it was published, in ms: the time's seconds carry it.
    event.mutable_time()->set_seconds(absl::ToUnixMillis(absl::Now()));
    const chassis::Keys keys(kPoisonSource, kPoisonPartitions);
    ASSERT_TRUE(client_
                    ->Call({"XADD", keys.Events(keys.PartitionOf(subject)), "*", "e",
                            event.SerializeAsString()},
                           absl::Seconds(10))
                    .ok());
  }

  std::vector<chassis::DeadLetter> DeadLetters() {
    return chassis::ListDeadLetters(*client_, chassis::Keys(kPoisonReader, kPoisonPartitions), 1000)
        .value_or(std::vector<chassis::DeadLetter>());
  }

  test_support::RedisServer server_;
  std::unique_ptr<chassis::redis::PipelinedClient> client_ =
      chassis::redis::PipelinedClient::Start({.endpoint = server_.endpoint()});
  std::vector<test_support::ChildProcess> children_ = std::vector<test_support::ChildProcess>(2);
  bool same_name_ = true;
  int started_ = 0;
  int deaths_ = 0;
  std::map<std::string, int64_t> versions_;
};

INSTANTIATE_TEST_SUITE_P(Supervisor, PoisonTest, testing::Bool(),
                         [](const auto& row) { return row.param ? "SameName" : "NewName"; });

TEST_P(PoisonTest, OnlyTheAggregateOfAPoisonWaits) {
  same_name_ = GetParam();
  std::mt19937_64 chance = Chance();
  KeepAlive();
  const absl::Time begun = absl::Now();
  std::vector<std::string> poison(std::begin(kPoison), std::end(kPoison));
  std::shuffle(poison.begin(), poison.end(), chance);
  // The poisons come one by one; the others all the time, until the last poison is given up.
  std::set<std::string> given_up;
  absl::Time next_poison = begun + absl::Seconds(1);
  while (given_up.size() < std::size(kPoison) && absl::Now() - begun < kLimit) {
    KeepAlive();
    Publish(absl::StrCat("other", chance() % kOthers));
    if (!poison.empty() && absl::Now() >= next_poison) {
      // The second one of its subject has to wait behind it.
      Publish(poison.back());
      Publish(poison.back());
      poison.pop_back();
      next_poison = absl::Now() + DrawDuration(chance, absl::Seconds(1), absl::Seconds(4));
    }
    for (const chassis::DeadLetter& letter : DeadLetters()) given_up.insert(letter.subject);
    LetPass(absl::Milliseconds(10));
  }
  // Now everything is as before: these are not late.
  const std::map<std::string, int64_t> until_then = versions_;
  for (int i = 0; i < 100; ++i) {
    KeepAlive();
    Publish(absl::StrCat("other", chance() % kOthers));
    LetPass(absl::Milliseconds(10));
  }
  int64_t others = 0;
  for (const auto& [subject, version] : versions_) {
    if (absl::StartsWith(subject, "other")) others += version;
  }

  // Every other event is handled, those of one subject in order.
  std::map<std::string, int64_t> last;
  std::set<std::string> handled;
  std::vector<int64_t> late_ms;
  std::vector<int64_t> late_ms_afterwards;
  const absl::Time end = absl::Now() + absl::Seconds(30);
  size_t read = 0;
  while (static_cast<int64_t>(handled.size()) < others && absl::Now() < end) {
    KeepAlive();
    const chassis::redis::Reply list = server_.Call({"LRANGE", "handled", "0", "-1"});
    for (; read < list.size(); ++read) {
      const std::vector<std::string> words = absl::StrSplit(list[read].text(), ' ');
      const std::vector<std::string> name = absl::StrSplit(words[0], '@');
      int64_t version = 0;
      int64_t late = 0;
      ASSERT_TRUE(absl::SimpleAtoi(name[1], &version) && absl::SimpleAtoi(words[1], &late));
      // A repeat after a death is allowed, a step over one is not.
      EXPECT_LE(version, last[name[0]] + 1) << words[0];
      last[name[0]] = std::max(last[name[0]], version);
      if (!handled.insert(words[0]).second) continue;
      const auto then = until_then.find(name[0]);
      const bool afterwards = then == until_then.end() || version > then->second;
      (afterwards ? late_ms_afterwards : late_ms).push_back(late);
    }
    LetPass(absl::Milliseconds(20));
  }
  EXPECT_EQ(static_cast<int64_t>(handled.size()), others);

  std::map<std::string, chassis::DeadLetter> first;
  std::map<std::string, int> waiting;
  for (const chassis::DeadLetter& letter : DeadLetters()) {
    if (letter.reason == "waits") {
      ++waiting[letter.subject];
    } else {
      first[letter.subject] = letter;
    }
  }
  ASSERT_EQ(first.size(), std::size(kPoison));
  for (const char* subject : kPoison) {
    const chassis::DeadLetter& letter = first[subject];
    // Of failures, the limit is an option; of deaths, it is 3.
    EXPECT_EQ(letter.attempts, letter.reason == "failed" ? 4 : 3) << subject;
    EXPECT_EQ(letter.version, 1) << subject;
    EXPECT_GE(letter.first_failure, begun - absl::Seconds(1)) << subject;
    EXPECT_GE(letter.last_failure, letter.first_failure) << subject;
    EXPECT_EQ(waiting[subject], 1) << subject;
  }
  EXPECT_EQ(first["throws"].reason, "failed");
  EXPECT_EQ(first["crashes"].reason, "crashed");
  EXPECT_EQ(first["endless"].reason, "crashed");
  ASSERT_FALSE(late_ms.empty() || late_ms_afterwards.empty());
  std::sort(late_ms.begin(), late_ms.end());
  std::sort(late_ms_afterwards.begin(), late_ms_afterwards.end());
  std::printf(
      "%d deaths; %ld other events: meanwhile %ld ms late in the middle, %ld ms at most; "
      "afterwards "
      "%ld ms, %ld ms at most\n",
      deaths_, static_cast<long>(others), static_cast<long>(late_ms[late_ms.size() / 2]),
      static_cast<long>(late_ms.back()),
      static_cast<long>(late_ms_afterwards[late_ms_afterwards.size() / 2]),
      static_cast<long>(late_ms_afterwards.back()));
  // services/chassis/README.md: a death costs those of its partition the time without a holder, a
  // handler that never returns its limit before, and deaths do not add up. That of the second
  // poison may fall into the first one's.
  const absl::Duration limit =
      same_name_ ? kPoisonHandlerLimit : kPoisonLease + kPoisonHandlerLimit;
  EXPECT_LE(late_ms.back(), absl::ToInt64Milliseconds(limit + absl::Seconds(2)));
  EXPECT_LE(late_ms_afterwards[late_ms_afterwards.size() / 2], 100);
}

}  // namespace
}  // namespace fuju::chaos
