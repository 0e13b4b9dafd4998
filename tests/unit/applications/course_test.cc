// A case on its way through a whole chain: stages in their order, their clocks, what is promised,
// and who hears of a late one.

#include "applications/course.h"

#include "absl/strings/match.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications/deadline_decisions.h"
#include "applications/relation.h"
#include "applications/review_decisions.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/review_events.pb.h"
#include "unit/applications/shipped_chains.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::BookWith;
using testing::Calendar;
using testing::DefaultLimits;
using testing::DefaultRules;
using ::testing::ElementsAre;
using testing::ShippedChain;
using testing::TestCase;

class FullChainTest : public ::testing::Test {
 protected:
  TestCase Submitted() {
    TestCase test_case = TestCase::Drafted(rules_);
    EXPECT_TRUE(test_case.Do(Move::kSubmit));
    return test_case;
  }
  TestCase InFirstStage(bool needs_assessment = true) {
    TestCase test_case = Submitted();
    catalogue::v1::Grant grant = testing::ReservedGrant();
    grant.mutable_decision()->set_assessment_level(needs_assessment
                                                       ? catalogue::v1::ASSESSMENT_LEVEL_BASIC
                                                       : catalogue::v1::ASSESSMENT_LEVEL_NONE);
    EXPECT_TRUE(
        test_case.Take(DecideSubsidyReserved(test_case.record(), grant, rules_, test_case.act())));
    return test_case;
  }
  // Passes the stages up to `stage`, each by another officer whose role it names.
  void PassUntil(TestCase& test_case, const std::string& stage) {
    while (test_case.application().review().stage() != stage) {
      ActFor(test_case);
      ASSERT_TRUE(test_case.Do(Move::kApprove));
    }
  }
  // Acts as an officer of the stage in which the case is.
  void ActFor(TestCase& test_case) {
    const std::string& stage = test_case.application().review().stage();
    test_case.ActAs(test_case.application().holder().party() + ":officer-of-" + stage);
  }
  Result Pass(const TestCase& test_case, const std::string& actor, const std::string& stage = "") {
    return DecideApprove(test_case.record(), Verdict{stage, {}, "同意"}, rules_,
                         {test_case.now(), actor});
  }
  bool FireTimer(TestCase& test_case) {
    test_case.MoveTo(chassis::ToTime(test_case.record().limit().due_time()));
    return test_case.Take(DecideDeadline(test_case.record(), test_case.record().limit().name(),
                                         rules_, {test_case.now(), "system:applications"}));
  }

  const ChainBook chains_ = BookWith(ShippedChain("full.v1.json"));
  const Rules rules_{DefaultLimits(), Calendar(), chains_, DefaultRules().intake};
};

// 2 + 3 + 7 + 3 + 3 + 5 working days from Monday 5 January 2026.
TEST_F(FullChainTest, PromisesADateAtTheSubmission) {
  const TestCase test_case = Submitted();
  const v1::Review& review = test_case.application().review();
  EXPECT_EQ(review.chain(), "full");
  EXPECT_EQ(review.chain_version(), 1);
  EXPECT_EQ(review.stage(), "");
  EXPECT_EQ(review.promise().text_zh(), "23个工作日内，即2026年2月5日前");
  EXPECT_TRUE(absl::StrContains(test_case.last_entry().text_zh(), "2026年2月5日前"));
}

TEST_F(FullChainTest, AMissingYearIsAnErrorAtTheSubmission) {
  TestCase test_case = TestCase::Drafted(rules_);
  test_case.MoveTo(absl::FromUnixSeconds(1'798'000'000));  // 2026-12-23
  EXPECT_EQ(chassis::ReasonOf(test_case.Try(Move::kSubmit).status()), "CALENDAR_MISSING");
}

TEST_F(FullChainTest, GoesThroughEveryStageInItsOrder) {
  TestCase test_case = InFirstStage();
  const struct {
    const char* stage;
    const char* party;
    const char* due;
  } kStages[] = {
      {"form_check", "town_officer", "2个工作日内，即2026年1月7日前"},
      {"eligibility", "county_reviewer", "3个工作日内，即2026年1月8日前"},
      {"assessment", "assessor", "7个工作日内，即2026年1月14日前"},
      {"price", "county_reviewer", "3个工作日内，即2026年1月8日前"},
      {"approval", "county_approver", "3个工作日内，即2026年1月8日前"},
  };
  for (const auto& expected : kStages) {
    SCOPED_TRACE(expected.stage);
    EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_UNDER_REVIEW);
    EXPECT_EQ(test_case.application().review().stage(), expected.stage);
    EXPECT_EQ(test_case.application().holder().party(), expected.party);
    EXPECT_EQ(test_case.application().holder().due_text_zh(), expected.due);
    EXPECT_TRUE(test_case.application().subsidy().reserved());
    ActFor(test_case);
    ASSERT_TRUE(test_case.Do(Move::kApprove));
    const auto* fact = dynamic_cast<const v1::ApplicationStagePassed*>(&test_case.last_fact());
    ASSERT_NE(fact, nullptr);
    EXPECT_EQ(fact->stage(), expected.stage);
  }
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_PUBLIC_NOTICE);
  EXPECT_EQ(test_case.application().holder().due_text_zh(), "5个工作日内，即2026年1月12日前");
  ASSERT_TRUE(FireTimer(test_case));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_APPROVED);
  EXPECT_NE(dynamic_cast<const v1::ApplicationApproved*>(&test_case.last_fact()), nullptr);
  EXPECT_EQ(test_case.application().outcome().text_zh(), "审核通过");
  EXPECT_EQ(test_case.application().review().stage(), "");
  EXPECT_EQ(test_case.application().review().acts_size(), 5);
  EXPECT_EQ(test_case.application().review().acts(4).actor(),
            "county_approver:officer-of-approval");
  EXPECT_FALSE(test_case.record().has_review_clock());
}

TEST_F(FullChainTest, LeavesTheAssessmentOutIfTheItemNeedsNone) {
  TestCase test_case = InFirstStage(false);
  PassUntil(test_case, "eligibility");
  ActFor(test_case);
  ASSERT_TRUE(test_case.Do(Move::kApprove));
  EXPECT_EQ(test_case.application().review().stage(), "price");
}

TEST_F(FullChainTest, ARunningCaseKeepsItsVersion) {
  TestCase test_case = InFirstStage();
  v1::Chain next = ShippedChain("full.v1.json");
  next.set_version(2);
  next.mutable_stages()->DeleteSubrange(1, 3);
  next.mutable_stages(1)->clear_other_officer_than();
  next.mutable_appeal()->set_redo_stage("approval");
  const ChainBook later = BookWith(next);
  ASSERT_EQ(later.ChainFor("620102").version, 2);
  const Rules rules{DefaultLimits(), Calendar(), later, DefaultRules().intake};
  ASSERT_TRUE(test_case.Take(DecideApprove(test_case.record(), Verdict{"", {}, "同意"}, rules,
                                           {test_case.now(), "town_officer:t1"})));
  EXPECT_EQ(test_case.application().review().stage(), "eligibility");
  EXPECT_EQ(test_case.application().review().chain_version(), 1);
}

TEST_F(FullChainTest, RefusesWhoTheStageDoesNotName) {
  const TestCase test_case = InFirstStage();
  for (const char* actor : {"county_reviewer:r1", "applicant:a1", "mobile:m1"}) {
    const Result result = Pass(test_case, actor);
    EXPECT_EQ(result.status().code(), absl::StatusCode::kPermissionDenied) << actor;
    EXPECT_EQ(chassis::ReasonOf(result.status()), "PERMISSION_DENIED");
    EXPECT_EQ(chassis::MetadataOf(result.status(), "roles"), "town_officer, village_officer");
  }
  EXPECT_TRUE(Pass(test_case, "village_officer:v1").ok());
}

TEST_F(FullChainTest, RefusesAnOfficerWhoThoughtOfAnotherStage) {
  const TestCase test_case = InFirstStage();
  const absl::Status moved = Pass(test_case, "town_officer:t1", "eligibility").status();
  EXPECT_EQ(moved.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(chassis::ReasonOf(moved), "STAGE_MOVED");
  EXPECT_EQ(chassis::MetadataOf(moved, "stage"), "form_check");
  EXPECT_TRUE(Pass(test_case, "town_officer:t1", "form_check").ok());
}

TEST_F(FullChainTest, RefusesADecisionThatTheStageDoesNotAllow) {
  TestCase test_case = InFirstStage();
  PassUntil(test_case, "assessment");
  ActFor(test_case);
  const absl::Status status = test_case.Try(Move::kReject).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(chassis::ReasonOf(status), "STAGE_FORBIDS");
  EXPECT_EQ(chassis::MetadataOf(status, "legal_decisions"), "pass, return, hold");
}

// Domain invariant 3, whatever role the person comes in.
TEST_F(FullChainTest, TheOfficerOfOneStageCanNotActInTheOther) {
  for (const char* stage : {"form_check", "eligibility", "assessment", "price"}) {
    SCOPED_TRACE(stage);
    TestCase test_case = InFirstStage();
    PassUntil(test_case, stage);
    test_case.ActAs(test_case.application().holder().party() + ":wang");
    ASSERT_TRUE(test_case.Do(Move::kApprove));
    PassUntil(test_case, "approval");
    test_case.ActAs("county_approver:wang");
    for (const Move move : {Move::kApprove, Move::kReject, Move::kReturn, Move::kHold}) {
      const absl::Status status = test_case.Try(move).status();
      EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
      EXPECT_EQ(chassis::ReasonOf(status), "OFFICER_ACTED_BEFORE");
      EXPECT_EQ(chassis::MetadataOf(status, "stage"), stage);
    }
    test_case.ActAs("county_approver:li");
    EXPECT_TRUE(test_case.Do(Move::kApprove));
  }
}

// Who only returned a case acted on it too.
TEST_F(FullChainTest, ReturningIsActing) {
  TestCase test_case = InFirstStage();
  test_case.ActAs("town_officer:wang");
  ASSERT_TRUE(test_case.Do(Move::kReturn));
  ASSERT_TRUE(test_case.Do(Move::kSupplement));
  PassUntil(test_case, "approval");
  EXPECT_EQ(chassis::ReasonOf(Pass(test_case, "county_approver:wang").status()),
            "OFFICER_ACTED_BEFORE");
}

// The commit fails while a relation holds that name.
TEST_F(FullChainTest, ADecisionIsBarredByARelationOfItsOfficer) {
  const TestCase test_case = InFirstStage();
  const Result result = DecideApprove(test_case.record(), Verdict{"", {}, "同意"}, rules_,
                                      {test_case.now(), "town_officer:t1"});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(result->unclaimed,
              ElementsAre(RelationClaim("t1", test_case.application().person_key())));
}

// The promise moves by what the pause may take, and back to what it took.
TEST_F(FullChainTest, RecomputesThePromiseOnEachPause) {
  TestCase test_case = InFirstStage();
  PassUntil(test_case, "eligibility");
  const std::string promised = test_case.application().review().promise().text_zh();
  EXPECT_EQ(promised, "23个工作日内，即2026年2月5日前");  // passing early takes nothing back
  ActFor(test_case);
  ASSERT_TRUE(test_case.Do(Move::kReturn));
  // 15 to supplement, 3 left here, 7 + 3 + 3 + 5 to come.
  EXPECT_EQ(test_case.application().review().promise().text_zh(), "36个工作日内，即2026年3月2日前");
  test_case.Advance(absl::Hours(48));
  ASSERT_TRUE(test_case.Do(Move::kSupplement));
  EXPECT_EQ(test_case.application().review().promise().text_zh(), "21个工作日内，即2026年2月5日前");
  EXPECT_EQ(test_case.application().holder().due_text_zh(), "3个工作日内，即2026年1月12日前");
  ActFor(test_case);
  ASSERT_TRUE(test_case.Do(Move::kHold));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_ON_HOLD);
  // 10 to clear it up.
  EXPECT_EQ(test_case.application().review().promise().text_zh(),
            "31个工作日内，即2026年2月26日前");
  ASSERT_TRUE(test_case.Do(Move::kResume));
  EXPECT_EQ(test_case.application().review().promise().text_zh(), "21个工作日内，即2026年2月5日前");
}

// A stage whose clock nothing pauses goes on as if the applicant had been quick.
TEST_F(FullChainTest, AClockThatIsNotPausedRunsOn) {
  v1::Chain chain = ShippedChain("short.v1.json");
  chain.mutable_stages(0)->clear_pauses();
  const ChainBook chains = BookWith(chain);
  TestCase test_case =
      TestCase::Drafted(Rules{DefaultLimits(), Calendar(), chains, DefaultRules().intake});
  test_case.Do(Move::kSubmit);
  test_case.Do(Move::kSubsidyReserved);
  const std::string promised = test_case.application().review().promise().text_zh();
  const absl::Time due = chassis::ToTime(test_case.record().limit().due_time());
  ASSERT_TRUE(test_case.Do(Move::kReturn));
  test_case.Advance(absl::Hours(24));
  ASSERT_TRUE(test_case.Do(Move::kSupplement));
  EXPECT_EQ(chassis::ToTime(test_case.record().limit().due_time()), due);
  EXPECT_EQ(chassis::ToTime(test_case.application().holder().due_time()), due);
  EXPECT_EQ(test_case.application().review().promise().text_zh(), promised);
}

TEST_F(FullChainTest, ALateStageEscalatesStepByStepEachOnce) {
  TestCase test_case = InFirstStage();
  const absl::Time due = chassis::ToTime(test_case.application().holder().due_time());
  const struct {
    v1::EscalationLevel level;
    absl::Duration after;
    const char* words;
  } kSteps[] = {
      {v1::ESCALATION_LEVEL_REMINDER, absl::ZeroDuration(), "已提醒承办人员"},
      {v1::ESCALATION_LEVEL_SUPERVISOR, absl::Hours(24), "主管领导督办"},
      // 8 and 9 January are a Thursday and a Friday.
      {v1::ESCALATION_LEVEL_PREFECTURE, absl::Hours(5 * 24), "市州）残联督办"},
  };
  for (const auto& step : kSteps) {
    SCOPED_TRACE(step.words);
    EXPECT_EQ(test_case.record().limit().name(), kReviewTimer);
    EXPECT_EQ(chassis::ToTime(test_case.record().limit().due_time()), due + step.after);
    ASSERT_TRUE(FireTimer(test_case));
    const auto* fact = dynamic_cast<const v1::ApplicationDeadlineMissed*>(&test_case.last_fact());
    ASSERT_NE(fact, nullptr);
    EXPECT_EQ(fact->limit(), "review");
    EXPECT_EQ(fact->stage(), "form_check");
    EXPECT_EQ(fact->level(), step.level);
    EXPECT_TRUE(absl::StrContains(test_case.last_entry().text_zh(), step.words));
    EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_UNDER_REVIEW);
    EXPECT_EQ(chassis::ToTime(test_case.application().holder().due_time()), due);
  }
  EXPECT_FALSE(test_case.record().has_limit());
  // The next stage has steps of its own.
  ActFor(test_case);
  ASSERT_TRUE(test_case.Do(Move::kApprove));
  EXPECT_EQ(test_case.record().review_clock().escalations(), 0);
  EXPECT_TRUE(test_case.record().has_limit());
}

// A pause does not make a step happen again.
TEST_F(FullChainTest, APauseKeepsTheStepsThatWereTaken) {
  TestCase test_case = InFirstStage();
  ASSERT_TRUE(FireTimer(test_case));
  test_case.ActAs("town_officer:t1");
  ASSERT_TRUE(test_case.Do(Move::kReturn));
  ASSERT_TRUE(test_case.Do(Move::kSupplement));
  ASSERT_TRUE(FireTimer(test_case));
  const auto* fact = dynamic_cast<const v1::ApplicationDeadlineMissed*>(&test_case.last_fact());
  ASSERT_NE(fact, nullptr);
  EXPECT_EQ(fact->level(), v1::ESCALATION_LEVEL_SUPERVISOR);
}

TEST_F(FullChainTest, AHoldIsToldOnceWhenItLastsTooLongAndCanStillEnd) {
  TestCase test_case = InFirstStage();
  test_case.ActAs("town_officer:t1");
  ASSERT_TRUE(test_case.Do(Move::kHold));
  EXPECT_EQ(test_case.application().holder().party(), "town_officer");
  EXPECT_EQ(test_case.application().holder().due_text_zh(), "10个工作日内，即2026年1月19日前");
  ASSERT_TRUE(FireTimer(test_case));
  const auto* fact = dynamic_cast<const v1::ApplicationDeadlineMissed*>(&test_case.last_fact());
  ASSERT_NE(fact, nullptr);
  EXPECT_EQ(fact->limit(), "hold");
  EXPECT_FALSE(test_case.record().has_limit());
  EXPECT_TRUE(test_case.Do(Move::kResume));
  EXPECT_EQ(test_case.application().review().stage(), "form_check");
  EXPECT_TRUE(test_case.record().has_limit());
  ASSERT_TRUE(test_case.Do(Move::kHold));
  ASSERT_TRUE(test_case.Do(Move::kReject));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_REJECTED);
  EXPECT_FALSE(test_case.application().subsidy().reserved());
}

// A notice that is held goes on with the days that were left.
TEST_F(FullChainTest, AHeldNoticeGoesOn) {
  TestCase test_case = InFirstStage();
  PassUntil(test_case, "public_notice");
  test_case.Advance(absl::Hours(48));  // Wednesday: three days left
  test_case.ActAs("county_reviewer:x1");
  ASSERT_TRUE(test_case.Do(Move::kHold));
  EXPECT_NE(dynamic_cast<const v1::ApplicationHeld*>(&test_case.last_fact()), nullptr);
  test_case.Advance(absl::Hours(48));  // Friday
  ASSERT_TRUE(test_case.Do(Move::kResume));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_PUBLIC_NOTICE);
  EXPECT_EQ(test_case.application().holder().due_text_zh(), "3个工作日内，即2026年1月14日前");
  ASSERT_TRUE(FireTimer(test_case));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_APPROVED);
}

// A process that was upgraded finds cases without a chain.
TEST_F(FullChainTest, ACaseFromBeforeThereWereChainsGoesOn) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  Record old = test_case.record();
  old.mutable_application()->clear_review();
  const Result approved = DecideApprove(old, Verdict{"", {}, "同意"}, DefaultRules(),
                                        {test_case.now(), "county_reviewer:r1"});
  ASSERT_TRUE(approved.ok()) << approved.status();
  EXPECT_EQ(approved->next.application().state(), v1::APPLICATION_STATE_APPROVED);
}

}  // namespace
}  // namespace fuju::applications
