#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "chassis/values/refusal.h"
#include "integration/store/sample_aggregate.h"
#include "integration/store/store_fixture.h"

namespace fuju::chassis {
namespace {

class StoreRequestTest : public StoreFixture {
 protected:
  Keys::RequestRecord RecordOf(const std::string& id, const std::string& request_id) {
    return keys_.RecordOf(PartitionOf(id), "Samples/Change", request_id);
  }
  // The hash of the two that has it.
  std::string KeyOfRecord(const std::string& id, const std::string& request_id) {
    const Keys::RequestRecord record = RecordOf(id, request_id);
    return Redis({"HEXISTS", record.even, record.field}).integer() == 1 ? record.even : record.odd;
  }
};

TEST_F(StoreRequestTest, ARepeatGetsTheAggregateAsItIsAndHasNoEffect) {
  ASSERT_TRUE(Update("r1-a", Request("q1"), Add(1)).ok());
  ASSERT_TRUE(Update("r1-a", Request("q2"), Add(10)).ok());
  const std::string before = Dump();
  const Result repeat = Update("r1-a", Request("q1"), Add(1));
  ASSERT_TRUE(repeat.ok()) << repeat.status();
  EXPECT_TRUE(repeat->repeated);
  EXPECT_EQ(repeat->version, 2);
  EXPECT_EQ(ValueOf(repeat->state), 11);
  EXPECT_EQ(Dump(), before);
}

TEST_F(StoreRequestTest, ARepeatIsAnsweredAlsoWhereTheStateNowForbidsIt) {
  ASSERT_TRUE(Update("r1-a", Request("q1"), Add(1)).ok());
  const Result repeat = Update("r1-a", Request("q1"), [](const Versioned<SampleState>&) {
    return absl::FailedPreconditionError("already done");
  });
  ASSERT_TRUE(repeat.ok()) << repeat.status();
  EXPECT_TRUE(repeat->repeated);
}

TEST_F(StoreRequestTest, ARepeatedCreationGetsTheFirstId) {
  ASSERT_EQ(Update("r1-first", Request("q1"), Add(1))->id, "r1-first");
  const Result repeat = Update("r1-second", Request("q1"), Add(1));
  ASSERT_TRUE(repeat.ok()) << repeat.status();
  EXPECT_EQ(repeat->id, "r1-first");
  EXPECT_TRUE(repeat->repeated);
  EXPECT_FALSE(Get("r1-second")->exists());
}

TEST_F(StoreRequestTest, FiftyAtOnceHaveOneEffectAndEqualAnswers) {
  constexpr int kCalls = 50;
  std::vector<Answer> answers(kCalls);
  for (int i = 0; i < kCalls; ++i) {
    samples_.Update(absl::StrCat("r1-", i), Request("q1"), Add(1), answers[i].Callback());
  }
  std::set<std::string> ids;
  int effects = 0;
  for (const Answer& answer : answers) {
    const Result result = answer.Wait();
    ASSERT_TRUE(result.ok()) << result.status();
    ids.insert(result->id);
    EXPECT_EQ(result->version, 1);
    EXPECT_EQ(ValueOf(result->state), 1);
    if (!result->repeated) ++effects;
  }
  EXPECT_EQ(ids.size(), 1u);
  EXPECT_EQ(effects, 1);
  EXPECT_EQ(Events("r1-0").size(), 1u);
}

TEST_F(StoreRequestTest, FiftyAtOnceOnOneAggregateHaveOneEffect) {
  ASSERT_TRUE(Update("r1-a", Plain(), Add(1)).ok());
  std::vector<Answer> answers(50);
  for (Answer& answer : answers) samples_.Update("r1-a", Request("q1"), Add(1), answer.Callback());
  for (const Answer& answer : answers) {
    const Result result = answer.Wait();
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->version, 2);
  }
  EXPECT_EQ(ValueOf(Get("r1-a")->state), 2);
}

TEST_F(StoreRequestTest, AnotherRequestUnderTheSameIdIsRefused) {
  ASSERT_TRUE(Update("r1-a", Request("q1", "f"), Add(1)).ok());
  const std::string before = Dump();
  const Result refused = Update("r1-a", Request("q1", "g"), Add(2));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(refused.status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(Dump(), before);
}

TEST_F(StoreRequestTest, OfTwoDifferentRequestsUnderOneIdAtOnceOneIsRefused) {
  Answer one, two;
  samples_.Update("r1-a", Request("q1", "f"), Add(1), one.Callback());
  samples_.Update("r1-b", Request("q1", "g"), Add(1), two.Callback());
  EXPECT_NE(one.Wait().ok(), two.Wait().ok());
  const absl::Status refused = one.Wait().ok() ? two.Wait().status() : one.Wait().status();
  EXPECT_EQ(ReasonOf(refused), "REQUEST_ID_REUSED");
}

TEST_F(StoreRequestTest, OneIdMayServeTwoMethods) {
  ASSERT_TRUE(Update("r1-a", Request("q1"), Add(1)).ok());
  Command other = Request("q1", "g");
  other.request_scope = "Samples/Other";
  EXPECT_EQ(Update("r1-a", other, Add(1))->version, 2);
}

TEST_F(StoreRequestTest, TheRecordExpires) {
  const auto forgetful = NewStore({.request_retention = absl::Seconds(90)});
  Answer answer;
  SampleStore(forgetful.get(), SampleKind())
      .Update("r1-a", Request("q1"), Add(1), answer.Callback());
  ASSERT_TRUE(answer.Wait().ok());
  // At least that long, and never as long as two generations; a second for a slow machine.
  const int64_t left_ms = Redis({"PTTL", KeyOfRecord("r1-a", "q1")}).integer();
  EXPECT_GT(left_ms, 89'000);
  EXPECT_LE(left_ms, 180'000);
}

// A generation of records begins while the one before is still remembered.
TEST_F(StoreRequestTest, ARecordOfTheOtherGenerationCounts) {
  ASSERT_TRUE(Update("r1-a", Request("q1"), Add(1)).ok());
  const Keys::RequestRecord record = RecordOf("r1-a", "q1");
  const std::string key = KeyOfRecord("r1-a", "q1");
  ASSERT_EQ(Redis({"RENAME", key, key == record.even ? record.odd : record.even}).text(), "OK");

  EXPECT_TRUE(Update("r1-a", Request("q1"), Add(1))->repeated);
  const Result other = Update("r1-a", Request("q1", "g"), Add(1));
  EXPECT_EQ(ReasonOf(other.status()), "REQUEST_ID_REUSED");
}

}  // namespace
}  // namespace fuju::chassis
