#include "applications/intake/representatives.h"

#include <string>

#include "absl/strings/match.h"
#include <gtest/gtest.h>

#include "applications/review_decisions.h"
#include "chassis/values/refusal.h"
#include "support/violations.h"
#include "unit/applications/shipped_intake.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using test_support::PathsOf;
using testing::ShippedIntake;
using testing::TestCase;

constexpr char kHelperName[] = "虚构帮手";

v1::Acting Acting(v1::Relation relation, v1::ActChannel channel, bool named = false) {
  v1::Acting acting;
  acting.set_relation(relation);
  acting.set_channel(channel);
  if (named) {
    acting.mutable_helper()->set_relation(relation);
    acting.mutable_helper()->set_name(kHelperName);
    acting.mutable_helper()->set_phone("+86 139 1234 5678");
    acting.mutable_helper()->set_basis("委托书3号");
  }
  return acting;
}

Result Withdrawn(const TestCase& test_case, const v1::Acting& acting, const std::string& actor) {
  return DecideAs(
      acting, ShippedIntake(), test_case.record(), Act{test_case.now(), actor},
      [](const Record& known, const Act& act) { return DecideWithdraw(known, "不再需要", act); });
}

struct Words {
  const char* name;
  v1::Relation relation;
  v1::ActChannel channel;
  const char* actor;
  bool named;
  const char* zh;
  const char* en;
};

class EveryHelp : public ::testing::TestWithParam<Words> {};

// The same case whoever acts: the timeline says who did it for whom, and over which channel.
TEST_P(EveryHelp, StandsInTheTimelineInWords) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  const Words& words = GetParam();
  ASSERT_TRUE(test_case.Take(
      Withdrawn(test_case, Acting(words.relation, words.channel, words.named), words.actor)));
  const v1::TimelineEntry told = AnswerView(test_case.record(), "").timeline(1);
  EXPECT_EQ(told.text_zh(), std::string("申请已撤回。") + words.zh + "说明：“不再需要”");
  EXPECT_TRUE(absl::StrContains(told.text_en(), words.en)) << told.text_en();
  // Facts tell how it was done and name nobody.
  const v1::Application view = EventView(test_case.record());
  EXPECT_EQ(view.timeline(1).text_zh(), "申请已撤回。");
  EXPECT_EQ(view.timeline(1).acted_for().relation(), words.relation);
  EXPECT_EQ(view.timeline(1).acted_for().channel(), words.channel);
  EXPECT_FALSE(absl::StrContains(test_case.last_fact().DebugString(), "帮手"));
}

INSTANTIATE_TEST_SUITE_P(
    Intake, EveryHelp,
    ::testing::Values(
        Words{"ByPhone", v1::RELATION_UNSPECIFIED, v1::ACT_CHANNEL_PHONE, "mobile:m1", false,
              "（本人办理，电话）", "Done by the applicant, by phone."},
        Words{"Guardian", v1::RELATION_GUARDIAN, v1::ACT_CHANNEL_UNSPECIFIED, "mobile:m1", true,
              "（由监护人虚**手代办，网上）", "by the guardian 虚**手, online."},
        Words{"Agent", v1::RELATION_AGENT, v1::ACT_CHANNEL_PAPER, "mobile:m1", true,
              "（由受托人虚**手代办，纸质申请表）", "by the entrusted agent 虚**手, on paper."},
        Words{"Village", v1::RELATION_OFFICER, v1::ACT_CHANNEL_HOME_VISIT, "village_officer:v1",
              true, "（由村（社区）专职委员虚**手代办，上门）",
              "by the village officer 虚**手, at home."},
        Words{"Town", v1::RELATION_OFFICER, v1::ACT_CHANNEL_COUNTER, "town_officer:t1", false,
              "（由乡镇（街道）残联代办，窗口）", "by the town federation, at the counter."}),
    [](const auto& test) { return test.param.name; });

TEST(ActingTest, InPersonAndOnlineNothingIsAdded) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  ASSERT_TRUE(test_case.Take(Withdrawn(test_case, v1::Acting(), "mobile:m1")));
  EXPECT_FALSE(test_case.last_entry().has_acted_for());
  EXPECT_EQ(AnswerView(test_case.record(), "").timeline(1).text_zh(),
            "申请已撤回。说明：“不再需要”");
}

TEST(ActingTest, NobodyActsForAPersonWhoDidNotNameThem) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  for (const v1::Relation relation : {v1::RELATION_GUARDIAN, v1::RELATION_AGENT}) {
    const absl::Status status =
        Withdrawn(test_case, Acting(relation, v1::ACT_CHANNEL_PHONE), "mobile:m1").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(chassis::ReasonOf(status), "NOT_A_REPRESENTATIVE");
  }
}

TEST(ActingTest, AnOfficerHelpsInARoleThatMay) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  for (const char* actor : {"mobile:m1", "county_approver:a1", "vendor:v"}) {
    EXPECT_EQ(Withdrawn(test_case, Acting(v1::RELATION_OFFICER, v1::ACT_CHANNEL_PHONE), actor)
                  .status()
                  .code(),
              absl::StatusCode::kPermissionDenied)
        << actor;
  }
}

// A new agent is known from this act on, in the normal form, and takes the place of the old one.
TEST(ActingTest, AHelperIsKeptWithTheCase) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_SUPPLEMENT);
  for (const char* name : {"虚构前任", kHelperName}) {
    v1::Acting acting = Acting(v1::RELATION_AGENT, v1::ACT_CHANNEL_PHONE, true);
    acting.mutable_helper()->set_name(name);
    const Result result =
        DecideAs(acting, ShippedIntake(), test_case.record(), test_case.act(),
                 [&test_case](const Record& known, const Act& act) {
                   return DecideSupplement(known, {"补充"}, test_case.rules(), act);
                 });
    ASSERT_TRUE(result.ok()) << result.status();
    const v1::Applicant& applicant = result->next.application().applicant();
    ASSERT_EQ(applicant.representatives_size(), 1);
    EXPECT_EQ(applicant.representatives(0).name(), name);
    EXPECT_EQ(applicant.representatives(0).phone(), "13912345678");
  }
}

TEST(ActingTest, NamesEverythingThatIsWrongWithAHelper) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  v1::Acting acting = Acting(v1::RELATION_GUARDIAN, v1::ACT_CHANNEL_PHONE, true);
  acting.mutable_helper()->set_relation(v1::RELATION_AGENT);
  acting.mutable_helper()->set_name("7");
  acting.mutable_helper()->set_phone("1");
  acting.mutable_helper()->clear_basis();
  EXPECT_EQ(PathsOf(Withdrawn(test_case, acting, "mobile:m1").status()),
            "acting.helper.basis acting.helper.name acting.helper.phone acting.helper.relation");
  acting.set_relation(v1::RELATION_UNSPECIFIED);
  EXPECT_EQ(PathsOf(Withdrawn(test_case, acting, "mobile:m1").status()), "acting.relation");
}

TEST(RepresentativesTest, OneOfEachRelationAndEachWithItsBasis) {
  v1::Application draft = testing::Draft();
  for (int i = 0; i < 2; ++i) {
    v1::Representative& guardian = *draft.mutable_applicant()->add_representatives();
    guardian.set_relation(v1::RELATION_GUARDIAN);
    guardian.set_name(kHelperName);
  }
  EXPECT_EQ(PathsOf(NormalDraft(draft, testing::Books(), Act{testing::Start(), "a:b"}).status()),
            "application.applicant.representatives[0].basis "
            "application.applicant.representatives[1].basis "
            "application.applicant.representatives[1].relation");
}

TEST(RepresentativesTest, AreMaskedInAnswers) {
  v1::Applicant applicant;
  v1::Representative& guardian = *applicant.add_representatives();
  guardian.set_name(kHelperName);
  guardian.set_phone("13912345678");
  MaskRepresentatives(applicant);
  EXPECT_EQ(applicant.representatives(0).name(), "虚**手");
  EXPECT_FALSE(absl::StrContains(applicant.representatives(0).phone(), "1234"));
}

}  // namespace
}  // namespace fuju::applications
