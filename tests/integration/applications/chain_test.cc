// A county with the full chain, over the wire: every stage with its officers, clocks and notices.

#include <string>

#include <gtest/gtest.h>

#include "applications/chain_settings.h"
#include "chassis/values/refusal.h"
#include "integration/applications/applications_instance.h"
#include "integration/applications/foreign_streams.h"

namespace fuju::applications {
namespace {

using chassis::MetadataOf;
using chassis::ReasonOf;
using Stub = v1::ApplicationsService::Stub;

constexpr char kAreas[] = R"({"areas": [
    {"areaCode": "620000", "chain": "short", "version": 1},
    {"areaCode": "620102", "chain": "full", "version": 1, "objectionPhone": "0931-8888888"}]})";

class ChainTest : public ::testing::Test {
 protected:
  std::string InFirstStage(int person = 1) {
    const auto draft = instance_.Create(DraftOf(person));
    EXPECT_TRUE(draft.ok()) << draft.status();
    const auto submitted = instance_.Submit(draft->name());
    EXPECT_TRUE(submitted.ok()) << submitted.status();
    EXPECT_EQ(submitted->review().chain(), "full");
    EXPECT_FALSE(submitted->review().promise().text_zh().empty());
    streams_.Reserve(draft->name());
    instance_.Await(draft->name(), v1::APPLICATION_STATE_UNDER_REVIEW);
    return draft->name();
  }
  std::string InNotice(int person = 1) {
    const std::string name = InFirstStage(person);
    for (const char* actor : {"town_officer:t1", "county_reviewer:r1", "assessor:a1",
                              "county_reviewer:r2", "county_approver:c1"}) {
      const auto passed = instance_.Approve(name, actor);
      EXPECT_TRUE(passed.ok()) << actor << " " << passed.status();
    }
    EXPECT_EQ(instance_.Get(name)->state(), v1::APPLICATION_STATE_PUBLIC_NOTICE);
    return name;
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  ApplicationsInstance instance_{redis_, &clock_, {.areas = kAreas}};
  ForeignStreams streams_{&redis_};
};

TEST_F(ChainTest, GoesThroughItsStagesToTheNoticeAndOn) {
  const std::string name = InNotice();
  const v1::Application notice = *instance_.Get(name);
  EXPECT_EQ(notice.review().stage(), "public_notice");
  EXPECT_EQ(notice.review().acts_size(), 5);
  clock_.Advance(absl::Hours(14 * 24));
  const v1::Application approved = instance_.Await(name, v1::APPLICATION_STATE_APPROVED);
  EXPECT_EQ(approved.review().stage(), "");
  EXPECT_EQ(approved.holder().party(), "dispatch");
}

TEST_F(ChainTest, RefusesWhoMustNotDecide) {
  const std::string name = InFirstStage();
  const absl::Status role = instance_.Approve(name, "county_approver:c1").status();
  EXPECT_EQ(role.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(ReasonOf(role), "PERMISSION_DENIED");
  EXPECT_EQ(MetadataOf(role, "roles"), "town_officer, village_officer");
  ASSERT_TRUE(instance_.Approve(name, "town_officer:wang").ok());
  ASSERT_TRUE(instance_.Approve(name, "county_reviewer:r1").ok());
  const absl::Status rejects = instance_.Reject(name, "assessor:a1").status();
  EXPECT_EQ(ReasonOf(rejects), "STAGE_FORBIDS");
  ASSERT_TRUE(instance_.Approve(name, "assessor:a1").ok());
  ASSERT_TRUE(instance_.Approve(name, "county_reviewer:r1").ok());
  const absl::Status before = instance_.Approve(name, "county_approver:wang").status();
  EXPECT_EQ(before.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(ReasonOf(before), "OFFICER_ACTED_BEFORE");
}

TEST_F(ChainTest, AnOfficerWhoThoughtOfAnotherStageIsAskedToReadAgain) {
  const std::string name = InFirstStage();
  v1::ApproveApplicationRequest approve;
  approve.set_name(name);
  approve.set_remark("同意");
  approve.set_stage("eligibility");
  approve.set_request_id(NewRequestId());
  const absl::Status status =
      instance_.Call(&Stub::ApproveApplication, approve, "town_officer:t1").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(status), "STAGE_MOVED");
}

TEST_F(ChainTest, ALateStageIsEscalatedByItself) {
  const std::string name = InFirstStage();
  clock_.Advance(absl::Hours(30 * 24));
  const v1::Application late =
      instance_.AwaitEntry(name, "the last step of the escalation",
                           [](const v1::TimelineEntry& entry) { return entry.sequence() == 6; });
  // Draft, submitted, review, and the three steps.
  ASSERT_EQ(late.timeline_size(), 6);
  EXPECT_NE(late.timeline(3).text_zh().find("提醒"), std::string::npos);
  EXPECT_NE(late.timeline(4).text_zh().find("主管"), std::string::npos);
  EXPECT_NE(late.timeline(5).text_zh().find("市州"), std::string::npos);
}

TEST_F(ChainTest, AHoldStopsTheClockUntilItIsClearedUp) {
  const std::string name = InFirstStage();
  const auto held = instance_.Hold(name, "town_officer:t1");
  ASSERT_TRUE(held.ok()) << held.status();
  EXPECT_EQ(held->state(), v1::APPLICATION_STATE_ON_HOLD);
  EXPECT_EQ(instance_.Supplement(name).status().code(), absl::StatusCode::kFailedPrecondition);
  const auto resumed = instance_.Resume(name, "town_officer:t1");
  ASSERT_TRUE(resumed.ok()) << resumed.status();
  EXPECT_EQ(resumed->review().stage(), "form_check");
  EXPECT_TRUE(instance_.Withdraw(name).ok());
}

// The end gave the money back, so it is reserved anew; meanwhile the person's open name is taken.
TEST_F(ChainTest, AnAppealThatIsGrantedGoesBackThroughTheCatalogue) {
  const std::string name = InFirstStage();
  ASSERT_TRUE(instance_.Reject(name, "town_officer:t1").ok());
  v1::AppealApplicationRequest appeal;
  appeal.set_name(name);
  appeal.set_reason("材料已补齐");
  appeal.set_request_id(NewRequestId());
  const std::string other = instance_.Create(DraftOf(1, "620103"))->name();
  ASSERT_TRUE(instance_.Submit(other).ok());
  const absl::Status taken = instance_.Call(&Stub::AppealApplication, appeal).status();
  EXPECT_EQ(taken.code(), absl::StatusCode::kAlreadyExists) << taken;
  EXPECT_EQ(ReasonOf(taken), "OPEN_APPLICATION_EXISTS");
  EXPECT_EQ(MetadataOf(taken, "holder"), other);
  ASSERT_TRUE(instance_.Withdraw(other).ok());
  const auto appealed = instance_.Call(&Stub::AppealApplication, appeal);
  ASSERT_TRUE(appealed.ok()) << appealed.status();
  EXPECT_EQ(appealed->state(), v1::APPLICATION_STATE_APPEALED);
  EXPECT_EQ(ReasonOf(instance_.Submit(instance_.Create(DraftOf(1))->name()).status()),
            "OPEN_APPLICATION_EXISTS");

  v1::GrantAppealRequest grant;
  grant.set_name(name);
  grant.set_remark("复核认为符合条件");
  grant.set_request_id(NewRequestId());
  EXPECT_EQ(ReasonOf(instance_.Call(&Stub::GrantAppeal, grant, "town_officer:t2").status()),
            "PERMISSION_DENIED");
  const auto redone = instance_.Call(&Stub::GrantAppeal, grant, "prefecture_officer:p1");
  ASSERT_TRUE(redone.ok()) << redone.status();
  EXPECT_EQ(redone->state(), v1::APPLICATION_STATE_SUBMITTED);
  streams_.Reserve(name);
  const v1::Application again =
      instance_.AwaitEntry(name, "the second review", [](const v1::TimelineEntry& entry) {
        return entry.sequence() > 5 && entry.state() == v1::APPLICATION_STATE_UNDER_REVIEW;
      });
  EXPECT_EQ(again.review().stage(), "eligibility");
  EXPECT_TRUE(again.subsidy().reserved());
  EXPECT_EQ(again.review().appeal().result(), v1::APPEAL_RESULT_GRANTED);
}

TEST_F(ChainTest, AnAppealThatIsDismissedEndsTheCase) {
  const std::string name = InFirstStage();
  ASSERT_TRUE(instance_.Reject(name, "town_officer:t1").ok());
  v1::AppealApplicationRequest appeal;
  appeal.set_name(name);
  appeal.set_reason("材料已补齐");
  appeal.set_request_id(NewRequestId());
  ASSERT_TRUE(instance_.Call(&Stub::AppealApplication, appeal).ok());
  v1::DismissAppealRequest dismiss;
  dismiss.set_name(name);
  dismiss.set_remark("原决定正确");
  dismiss.set_request_id(NewRequestId());
  const auto dismissed = instance_.Call(&Stub::DismissAppeal, dismiss, "prefecture_officer:p1");
  ASSERT_TRUE(dismissed.ok()) << dismissed.status();
  EXPECT_EQ(dismissed->state(), v1::APPLICATION_STATE_REJECTED);
  appeal.set_request_id(NewRequestId());
  EXPECT_EQ(ReasonOf(instance_.Call(&Stub::AppealApplication, appeal).status()), "APPEAL_CLOSED");
}

TEST_F(ChainTest, AnOfficeTerminatesTheCaseOfADeadPerson) {
  const std::string name = InFirstStage();
  v1::TerminateApplicationRequest terminate;
  terminate.set_name(name);
  terminate.set_cause(v1::TERMINATION_CAUSE_DEATH);
  terminate.set_remark("村委会告知");
  terminate.set_request_id(NewRequestId());
  EXPECT_EQ(ReasonOf(instance_.Call(&Stub::TerminateApplication, terminate, "citizen:x").status()),
            "PERMISSION_DENIED");
  const auto ended = instance_.Call(&Stub::TerminateApplication, terminate, "village_officer:v1");
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(ended->state(), v1::APPLICATION_STATE_TERMINATED);
  EXPECT_EQ(ended->outcome().reason_codes(0), "DEATH");
  EXPECT_FALSE(ended->subsidy().reserved());
}

// As a process reads them at its start.
TEST(ReadChainsTest, ReadsTheShippedFolderAndNamesWhatIsMissing) {
  const auto regions = vocabulary::RegionTable::Parse(
      test_support::GansuFile("divisions.csv"), test_support::GansuFile("organisations_extra.csv"));
  ASSERT_TRUE(regions.ok());
  const auto chains = ReadChains("deploy/data/gansu/chains", *regions, {});
  ASSERT_TRUE(chains.ok()) << chains.status();
  EXPECT_EQ(chains->ChainFor("620102").id, "short");
  EXPECT_EQ(ReadChains("deploy/data/gansu/none", *regions, {}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(ReadChains("deploy/prometheus", *regions, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

// The short chain of another county of the same prefecture.
TEST_F(ChainTest, AnotherCountyHasItsOwnChain) {
  const auto draft = instance_.Create(DraftOf(2, "620103"));
  ASSERT_TRUE(draft.ok());
  ASSERT_TRUE(instance_.Submit(draft->name()).ok());
  streams_.Reserve(draft->name());
  instance_.Await(draft->name(), v1::APPLICATION_STATE_UNDER_REVIEW);
  const auto approved = instance_.Approve(draft->name());
  ASSERT_TRUE(approved.ok()) << approved.status();
  EXPECT_EQ(approved->state(), v1::APPLICATION_STATE_APPROVED);
}

}  // namespace
}  // namespace fuju::applications
