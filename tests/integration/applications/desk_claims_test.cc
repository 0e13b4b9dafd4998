// Claims: two officers, one case.

#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/review_desk_events.pb.h"
#include "integration/applications/desk_fixture.h"
#include "support/fact_log.h"

namespace fuju::applications {
namespace {

using chassis::MetadataOf;
using chassis::ReasonOf;

constexpr char kOther[] = "county_reviewer:r2";

class DeskClaimsTest : public DeskFixture {};

TEST_F(DeskClaimsTest, OfTwoOfficersWhoRaceOneGetsTheCase) {
  for (int round = 0; round < 8; ++round) {
    const std::string name = Waiting(round);
    std::vector<absl::Status> ends(4);
    std::vector<std::thread> officers;
    for (size_t i = 0; i < ends.size(); ++i) {
      officers.emplace_back(
          [&, i] { ends[i] = Claim(name, "county_reviewer:r" + std::to_string(i)).status(); });
    }
    for (std::thread& officer : officers) officer.join();
    int got = 0;
    for (const absl::Status& end : ends) {
      if (end.ok()) {
        ++got;
      } else {
        EXPECT_EQ(ReasonOf(end), "CASE_CLAIMED") << end;
      }
    }
    EXPECT_EQ(got, 1);
  }
}

TEST_F(DeskClaimsTest, AnothersDecisionIsRefusedUntilTheEnd) {
  const std::string name = Waiting(1);
  const auto claimed = Claim(name);
  ASSERT_TRUE(claimed.ok()) << claimed.status();
  const absl::Status refused = instance_.Approve(name, kOther).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(refused), "CASE_CLAIMED");
  EXPECT_EQ(MetadataOf(refused, "officer"), kReviewer);
  clock_.Set(chassis::ToTime(claimed->claim().end_time()));
  const auto approved = instance_.Approve(name, kOther);
  EXPECT_TRUE(approved.ok()) << approved.status();
}

TEST_F(DeskClaimsTest, TheOwnDecisionEndsTheClaim) {
  const std::string name = Waiting(1);
  ASSERT_TRUE(Claim(name).ok());
  ASSERT_TRUE(instance_.Hold(name).ok());
  EXPECT_TRUE(instance_.Resume(name, kOther).ok());
}

TEST_F(DeskClaimsTest, TheEtagOfAClaimGuardsTheDecision) {
  const std::string name = Waiting(1);
  const std::string before = instance_.Get(name)->etag();
  const auto claimed = Claim(name);
  ASSERT_TRUE(claimed.ok()) << claimed.status();
  v1::ApproveApplicationRequest approve;
  approve.set_name(name);
  approve.set_remark("同意");
  approve.set_etag(before);
  approve.set_request_id(NewRequestId());
  using Stub = ApplicationsInstance::Stub;
  EXPECT_EQ(ReasonOf(instance_.Call(&Stub::ApproveApplication, approve, kReviewer).status()),
            "ETAG_MISMATCH");
  approve.set_etag(claimed->etag());
  approve.set_request_id(NewRequestId());
  EXPECT_TRUE(instance_.Call(&Stub::ApproveApplication, approve, kReviewer).ok());
}

TEST_F(DeskClaimsTest, ARepeatIsTheSameClaim) {
  const std::string name = Waiting(1);
  const std::string id = NewRequestId();
  const auto first = Claim(name, kReviewer, id);
  clock_.Advance(absl::Minutes(10));
  const auto second = Claim(name, kReviewer, id);
  ASSERT_TRUE(first.ok() && second.ok()) << second.status();
  EXPECT_EQ(first->etag(), second->etag());
  EXPECT_EQ(chassis::ToTime(second->claim().end_time()),
            chassis::ToTime(first->claim().end_time()));
}

TEST_F(DeskClaimsTest, ASupervisorGivesBackWhatAnotherHas) {
  const std::string name = Waiting(1);
  ASSERT_TRUE(Claim(name).ok());
  EXPECT_EQ(ReasonOf(Release(name, kOther).status()), "CASE_CLAIMED");
  const auto released = Release(name, "county_approver:boss");
  ASSERT_TRUE(released.ok()) << released.status();
  EXPECT_FALSE(released->has_claim());
  EXPECT_TRUE(Claim(name, kOther).ok());
}

TEST_F(DeskClaimsTest, ACaseThatDoesNotWaitCanNotBeClaimed) {
  const std::string draft = instance_.Create(DraftOf(1))->name();
  EXPECT_EQ(ReasonOf(Claim(draft).status()), "STATE_FORBIDS");
  EXPECT_EQ(Claim("applications/620102-01JH8R5V7E0000000000000001").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(Claim(draft, "mobile:m1").status().code(), absl::StatusCode::kPermissionDenied);
}

// An auditor follows who had a case; the applicant sees nothing of it.
TEST_F(DeskClaimsTest, AreFactsButNoLineOfTheTimeline) {
  test_support::FactLog facts(instance_.fanout(), 16);
  const std::string name = Waiting(1);
  const v1::Application before = *instance_.Get(name);
  ASSERT_TRUE(Claim(name).ok());
  clock_.Advance(absl::Hours(1));
  ASSERT_TRUE(Claim(name, kOther).ok());
  ASSERT_TRUE(Release(name, kOther).ok());
  const auto claimed = facts.Await<v1::CaseClaimed>(2);
  EXPECT_EQ(claimed[0].claim().officer(), kReviewer);
  EXPECT_EQ(claimed[1].claim().officer(), kOther);
  EXPECT_EQ(claimed[1].former_officer(), kReviewer);
  EXPECT_EQ(facts.Await<v1::CaseReleased>(1)[0].claim().officer(), kOther);
  v1::Application after = *instance_.Get(name);
  EXPECT_NE(after.etag(), before.etag());
  after.set_etag(before.etag());
  EXPECT_EQ(after.SerializeAsString(), before.SerializeAsString());
}

}  // namespace
}  // namespace fuju::applications
