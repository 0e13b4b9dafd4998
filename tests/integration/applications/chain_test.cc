// A county with the full chain, over the wire: every stage with its officers, clocks and notices.

#include <string>

#include <gtest/gtest.h>

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
  ApplicationsInstance instance_{redis_, &clock_, "a", kAreas};
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
