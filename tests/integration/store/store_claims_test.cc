#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "integration/store/sample_aggregate.h"
#include "integration/store/store_fixture.h"

namespace fuju::chassis {
namespace {

class StoreClaimsTest : public StoreFixture {
 protected:
  std::string HolderOf(const std::string& claim) {
    return Redis({"GET", keys_.Claim(PartitionOf("r1-a"), claim)}).text();
  }
};

TEST_F(StoreClaimsTest, AHeldClaimRefusesTheWholeCommitAndNamesItsHolder) {
  ASSERT_TRUE(Update("r1-a", Plain(), SetTo(R"({"claims":["slot 1"]})")).ok());
  EXPECT_EQ(HolderOf("slot 1"), "sample|r1-a");
  const std::string before = Dump();
  const Result refused =
      Update("r1-b", Request("q1"),
             SetTo(R"({"claims":["slot 0","slot 1"],"holdings":{"n":1},"index":{"all":1}})"));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonOf(refused.status()), "CLAIM_HELD");
  EXPECT_EQ(MetadataOf(refused.status(), "claim"), "slot 1");
  EXPECT_EQ(MetadataOf(refused.status(), "holder"), "sample|r1-a");
  EXPECT_EQ(Dump(), before);
}

TEST_F(StoreClaimsTest, LeavingTheStateReleasesThem) {
  ASSERT_TRUE(Update("r1-a", Plain(), SetTo(R"({"claims":["slot 1","slot 2"]})")).ok());
  ASSERT_TRUE(Update("r1-a", Plain(), SetTo(R"({"claims":["slot 2"]})")).ok());
  EXPECT_EQ(HolderOf("slot 1"), "");
  EXPECT_EQ(HolderOf("slot 2"), "sample|r1-a");
  EXPECT_TRUE(Update("r1-b", Plain(), SetTo(R"({"claims":["slot 1"]})")).ok());
}

// A commit may ask that nobody else holds a name, without taking it.
TEST_F(StoreClaimsTest, ANameThatMustBeFreeRefusesWhileAnotherHoldsIt) {
  ASSERT_TRUE(Update("r1-a", Plain(), SetTo(R"({"claims":["related"]})")).ok());
  const std::string before = Dump();
  const Result refused =
      Update("r1-b", Request("q1"), AddWhileUnclaimed({"free", "related", "another"}));
  EXPECT_EQ(ReasonOf(refused.status()), "CLAIM_HELD");
  EXPECT_EQ(MetadataOf(refused.status(), "claim"), "related");
  EXPECT_EQ(MetadataOf(refused.status(), "holder"), "sample|r1-a");
  EXPECT_EQ(Dump(), before);
  // One's own name does not bar, and nothing was taken.
  EXPECT_TRUE(Update("r1-a", Plain(), AddWhileUnclaimed({"related"})).ok());
  ASSERT_TRUE(Update("r1-a", Plain(), SetTo("{}")).ok());
  EXPECT_TRUE(Update("r1-b", Plain(), AddWhileUnclaimed({"free", "related"})).ok());
  EXPECT_EQ(HolderOf("related"), "");
  EXPECT_EQ(HolderOf("free"), "");
  // Beside names that are taken the number in the answer still finds its name.
  ASSERT_TRUE(Update("r1-a", Plain(), SetTo(R"({"claims":["related"]})")).ok());
  const Result both = Update("r1-c", Plain(), [](const Versioned<SampleState>& current) {
    absl::StatusOr<Decision<SampleState>> decision = SetTo(R"({"claims":["x","y"]})")(current);
    decision->unclaimed = {"related"};
    return decision;
  });
  EXPECT_EQ(MetadataOf(both.status(), "claim"), "related");
  EXPECT_EQ(HolderOf("x"), "");
}

// A decision that rests on a counter being 0 is refused when it no longer is.
TEST_F(StoreClaimsTest, ACounterThatHasToBeZero) {
  const auto while_none_waits = [](const Versioned<SampleState>& current) {
    absl::StatusOr<Decision<SampleState>> decision =
        SetTo(R"({"holdings":{"reserved":8}})")(current);
    decision->zero_counters = {"waiting"};
    return decision;
  };
  ASSERT_TRUE(Update("r1-w", Plain(), SetTo(R"({"holdings":{"waiting":2}})")).ok());
  const std::string before = Dump();
  const Result refused = Update("r1-a", Request("q"), while_none_waits);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(refused.status()), "COUNTER_NOT_ZERO");
  EXPECT_EQ(MetadataOf(refused.status(), "counter"), "waiting");
  EXPECT_EQ(MetadataOf(refused.status(), "left"), "2");
  EXPECT_EQ(Dump(), before);
  ASSERT_TRUE(Update("r1-w", Plain(), SetTo("{}")).ok());
  EXPECT_TRUE(Update("r1-a", Request("q"), while_none_waits).ok());
  EXPECT_EQ(Counter("r1", "reserved"), 8);
  EXPECT_EQ(Counter("r1", "waiting"), 0);
}

TEST_F(StoreClaimsTest, MovesWithinOneCommit) {
  ASSERT_TRUE(Update("r1-a", Plain(), SetTo(R"({"claims":["slot 1","slot 2"]})")).ok());
  ASSERT_TRUE(Update("r1-a", Plain(), SetTo(R"({"claims":["slot 2","slot 3"]})")).ok());
  EXPECT_EQ(HolderOf("slot 1"), "");
  EXPECT_EQ(HolderOf("slot 2"), "sample|r1-a");
  EXPECT_EQ(HolderOf("slot 3"), "sample|r1-a");
}

TEST_F(StoreClaimsTest, NamesMayBeAnyText) {
  ASSERT_TRUE(Update("r1-a", Plain(), SetTo(R"({"claims":["张 三|{x}/:*"]})")).ok());
  const Result refused = Update("r1-b", Plain(), SetTo(R"({"claims":["张 三|{x}/:*"]})"));
  EXPECT_EQ(MetadataOf(refused.status(), "claim"), "张 三|{x}/:*");
}

TEST_F(StoreClaimsTest, OfManyAtOnceExactlyOneTakesIt) {
  std::vector<Answer> answers(32);
  for (size_t i = 0; i < answers.size(); ++i) {
    samples_.Update(absl::StrCat("r1-", i), Plain(), SetTo(R"({"claims":["slot"]})"),
                    answers[i].Callback());
  }
  int taken = 0;
  for (const Answer& answer : answers) {
    const Result result = answer.Wait();
    if (result.ok()) {
      ++taken;
    } else {
      EXPECT_EQ(ReasonOf(result.status()), "CLAIM_HELD");
    }
  }
  EXPECT_EQ(taken, 1);
}

TEST_F(StoreClaimsTest, CountersFollowTheStatesAndNeverGoUnderTheirFloor) {
  constexpr int kSuffices = 20;
  ASSERT_TRUE(Update("r1-fund", Plain(),
                     SetTo(absl::StrCat(R"({"holdings":{"free":)", kSuffices * 5, "}}")))
                  .ok());
  std::vector<Answer> answers(64);
  for (size_t i = 0; i < answers.size(); ++i) {
    samples_.Update(absl::StrCat("r1-", i), Plain(),
                    SetTo(R"({"holdings":{"free":-5,"reserved":5}})"), answers[i].Callback());
  }
  int reserved = 0;
  for (const Answer& answer : answers) {
    const Result result = answer.Wait();
    if (result.ok()) {
      ++reserved;
      continue;
    }
    EXPECT_EQ(result.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(ReasonOf(result.status()), "COUNTER_BELOW_FLOOR");
    EXPECT_EQ(MetadataOf(result.status(), "counter"), "free");
    EXPECT_EQ(MetadataOf(result.status(), "left"), "0");
  }
  EXPECT_EQ(reserved, kSuffices);
  EXPECT_EQ(Counter("r1", "free"), 0);
  EXPECT_EQ(Counter("r1", "reserved"), kSuffices * 5);
  EXPECT_EQ(Counter("r1", "never touched"), 0);
}

TEST_F(StoreClaimsTest, TellsWhatIsLeftAndWritesNothing) {
  ASSERT_TRUE(Update("r1-fund", Plain(), SetTo(R"({"holdings":{"free":7}})")).ok());
  const std::string before = Dump();
  const Result refused = Update("r1-a", Request("q"),
                                SetTo(R"({"claims":["c"],"holdings":{"free":-8,"reserved":8}})"));
  EXPECT_EQ(MetadataOf(refused.status(), "left"), "7");
  EXPECT_EQ(MetadataOf(refused.status(), "asked"), "8");
  EXPECT_EQ(Dump(), before);
  EXPECT_TRUE(Update("r1-a", Plain(), SetTo(R"({"holdings":{"free":-7}})")).ok());
  EXPECT_EQ(Counter("r1", "free"), 0);
  // The way back: leaving the state gives back what it held.
  EXPECT_TRUE(Update("r1-a", Plain(), SetTo("{}")).ok());
  EXPECT_EQ(Counter("r1", "free"), 7);
}

}  // namespace
}  // namespace fuju::chassis
