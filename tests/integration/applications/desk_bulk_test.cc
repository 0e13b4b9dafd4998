// Many approvals in one call: each for itself.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <google/rpc/error_details.pb.h>
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "integration/applications/desk_fixture.h"
#include "support/fact_log.h"
#include "support/violations.h"

namespace fuju::applications {
namespace {

using ::testing::ElementsAre;

class DeskBulkTest : public DeskFixture {
 protected:
  static v1::BulkApproveCasesRequest For(const std::vector<std::string>& names) {
    v1::BulkApproveCasesRequest request;
    for (const std::string& name : names) request.add_approvals()->set_name(name);
    request.set_remark("符合条件");
    request.set_request_id(NewRequestId());
    return request;
  }
  std::vector<std::string> ReasonsOf(const v1::BulkApproveCasesResponse& answer) {
    std::vector<std::string> reasons;
    for (const v1::BulkApprovalResult& result : answer.results()) {
      reasons.emplace_back(result.has_application() ? "OK" : "");
      for (const auto& detail : result.error().details()) {
        google::rpc::ErrorInfo info;
        if (detail.UnpackTo(&info)) reasons.back() = info.reason();
      }
    }
    return reasons;
  }
};

TEST_F(DeskBulkTest, EachRefusalIsNamedBesideWhatWasApproved) {
  std::vector<v1::Application> drafts;
  for (int i = 0; i < 5; ++i) drafts.push_back(DraftOf(i));
  std::vector<std::string> names = WaitingOf(drafts);
  ASSERT_TRUE(Claim(names[1], "county_reviewer:r2").ok());
  ASSERT_TRUE(instance_.Withdraw(names[2]).ok());
  names.push_back("applications/620102-01JH8R5V7E0000000000000001");
  v1::BulkApproveCasesRequest request = For(names);
  request.mutable_approvals(3)->set_etag("stale");
  request.mutable_approvals(4)->set_stage("approval");
  const auto answer = Ask(&Desk::BulkApproveCases, request);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_THAT(ReasonsOf(*answer),
              ElementsAre("OK", "CASE_CLAIMED", "STATE_FORBIDS", "ETAG_MISMATCH", "STAGE_MOVED",
                          "RESOURCE_NOT_FOUND"));
  EXPECT_EQ(answer->approved_count(), 1);
  for (int i = 0; i < answer->results_size(); ++i) {
    EXPECT_EQ(answer->results(i).name(), names[i]);
  }
  EXPECT_EQ(answer->results(1).error().code(),
            static_cast<int>(grpc::StatusCode::FAILED_PRECONDITION));
  EXPECT_FALSE(answer->results(1).error().message().empty());
  EXPECT_EQ(instance_.Get(names[0])->state(), v1::APPLICATION_STATE_APPROVED);
  EXPECT_EQ(instance_.Get(names[1])->state(), v1::APPLICATION_STATE_UNDER_REVIEW);
}

// The same checks as for one: the words of a refusal are the same.
TEST_F(DeskBulkTest, ARefusalReadsAsThatOfASingleCall) {
  const std::string name = Waiting(1);
  const absl::Status single = instance_.Approve(name, "county_approver:c1").status();
  const auto answer = Ask(&Desk::BulkApproveCases, For({name}), "county_approver:c1");
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->results(0).error().message(), single.message());
}

TEST_F(DeskBulkTest, ARepeatHasOneEffectForEach) {
  test_support::FactLog facts(instance_.fanout(), 16);
  const std::vector<std::string> names = WaitingOf({DraftOf(1), DraftOf(2)});
  const v1::BulkApproveCasesRequest request = For(names);
  const auto first = Ask(&Desk::BulkApproveCases, request);
  const auto second = Ask(&Desk::BulkApproveCases, request);
  ASSERT_TRUE(first.ok() && second.ok()) << second.status();
  EXPECT_THAT(ReasonsOf(*first), ElementsAre("OK", "OK"));
  EXPECT_THAT(ReasonsOf(*second), ElementsAre("OK", "OK"));
  EXPECT_EQ(first->results(0).application().etag(), second->results(0).application().etag());
  facts.Await<v1::ApplicationApproved>(2);
  for (const std::string& name : names) {
    EXPECT_EQ(instance_.Get(name)->review().acts_size(), 1);
  }
}

// A repeat after an answer that was lost does what was left, and what is new under the id is not
// taken for what was asked.
TEST_F(DeskBulkTest, ARepeatDoesWhatIsLeft) {
  const std::vector<std::string> names = WaitingOf({DraftOf(1), DraftOf(2)});
  ASSERT_TRUE(Claim(names[1], "county_reviewer:r2").ok());
  const v1::BulkApproveCasesRequest request = For(names);
  EXPECT_THAT(ReasonsOf(*Ask(&Desk::BulkApproveCases, request)), ElementsAre("OK", "CASE_CLAIMED"));
  ASSERT_TRUE(Release(names[1], "county_reviewer:r2").ok());
  EXPECT_THAT(ReasonsOf(*Ask(&Desk::BulkApproveCases, request)), ElementsAre("OK", "OK"));
  v1::BulkApproveCasesRequest changed = request;
  changed.set_remark("另一理由");
  EXPECT_THAT(ReasonsOf(*Ask(&Desk::BulkApproveCases, changed)),
              ElementsAre("REQUEST_ID_REUSED", "REQUEST_ID_REUSED"));
}

TEST_F(DeskBulkTest, AHundredAtOnce) {
  std::vector<v1::Application> drafts;
  for (int i = 0; i < 100; ++i) drafts.push_back(DraftOf(i));
  const auto answer = Ask(&Desk::BulkApproveCases, For(WaitingOf(drafts)));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->approved_count(), 100);
}

TEST_F(DeskBulkTest, AnApplicationGivenTwiceIsNamed) {
  const std::string name = Waiting(1);
  const absl::Status status = Ask(&Desk::BulkApproveCases, For({name, name})).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(test_support::PathsOf(status), "approvals[1].name");
  EXPECT_EQ(instance_.Get(name)->state(), v1::APPLICATION_STATE_UNDER_REVIEW);
}

}  // namespace
}  // namespace fuju::applications
