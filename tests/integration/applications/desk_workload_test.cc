// What the officers of an office did and have.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "integration/applications/desk_fixture.h"
#include "support/violations.h"

namespace fuju::applications {
namespace {

class DeskWorkloadTest : public DeskFixture {
 protected:
  absl::StatusOr<v1::Workload> Workload(int first_month = 0, int last_month = 0,
                                        const std::string& office = "620102") {
    v1::GetWorkloadRequest request;
    request.set_office_code(office);
    request.set_year(2026);
    request.set_first_month(first_month);
    request.set_last_month(last_month);
    return Ask(&Desk::GetWorkload, request);
  }
  static std::map<std::string, v1::OfficerWork> ByOfficer(const v1::Workload& workload) {
    std::map<std::string, v1::OfficerWork> lines;
    for (const v1::OfficerWork& line : workload.officers()) lines[line.officer()] = line;
    return lines;
  }
};

TEST_F(DeskWorkloadTest, NobodyDidAnything) {
  const auto workload = Workload();
  ASSERT_TRUE(workload.ok()) << workload.status();
  EXPECT_EQ(workload->officers_size(), 0);
}

TEST_F(DeskWorkloadTest, CountsByOfficerAndStage) {
  std::vector<v1::Application> drafts;
  for (int i = 0; i < 7; ++i) drafts.push_back(DraftOf(i));
  const std::vector<std::string> names = WaitingOf(drafts);
  clock_.Advance(absl::Minutes(5));
  ASSERT_TRUE(instance_.Approve(names[0]).ok());
  ASSERT_TRUE(instance_.Return(names[1]).ok());
  clock_.Advance(absl::Minutes(60));
  ASSERT_TRUE(instance_.Reject(names[2]).ok());
  ASSERT_TRUE(instance_.Approve(names[3], "county_reviewer:r2").ok());
  ASSERT_TRUE(Claim(names[4]).ok());
  ASSERT_TRUE(Claim(names[5]).ok());
  const auto workload = Workload();
  ASSERT_TRUE(workload.ok()) << workload.status();
  const auto lines = ByOfficer(*workload);
  ASSERT_EQ(lines.size(), 2u);
  const v1::OfficerWork& r1 = lines.at("r1");
  EXPECT_EQ(r1.stage(), "review");
  EXPECT_EQ(r1.decided_count(), 3);
  EXPECT_EQ(r1.late_count(), 0);
  EXPECT_EQ(r1.claimed_count(), 2);
  EXPECT_EQ(r1.median_time().seconds(), 6 * 60);
  EXPECT_EQ(r1.longest_time().seconds(), 96 * 60);
  EXPECT_EQ(lines.at("r2").decided_count(), 1);
  EXPECT_EQ(lines.at("r2").claimed_count(), 0);
  EXPECT_EQ(workload->stages(0).open_count(), 3);
  EXPECT_EQ(workload->stages(0).claimed_count(), 2);
}

TEST_F(DeskWorkloadTest, ARepeatedRequestCountsOnce) {
  v1::ApproveApplicationRequest approve;
  approve.set_name(Waiting(1));
  approve.set_remark("同意");
  approve.set_request_id(NewRequestId());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(
        instance_.Call(&ApplicationsInstance::Stub::ApproveApplication, approve, kReviewer).ok());
  }
  EXPECT_EQ(ByOfficer(*Workload()).at("r1").decided_count(), 1);
}

TEST_F(DeskWorkloadTest, ADecisionBelongsToItsMonthAndMayBeLate) {
  const std::vector<std::string> names = WaitingOf({DraftOf(1), DraftOf(2)});
  ASSERT_TRUE(instance_.Approve(names[0]).ok());
  // Past the limit, in February.
  clock_.Advance(absl::Hours(30 * 24));
  ASSERT_TRUE(instance_.Approve(names[1]).ok());
  const auto of = [&](int first, int last) {
    const auto lines = ByOfficer(*Workload(first, last));
    const auto found = lines.find("r1");
    return found == lines.end() ? std::pair<int64_t, int64_t>(0, 0)
                                : std::pair<int64_t, int64_t>(found->second.decided_count(),
                                                              found->second.late_count());
  };
  EXPECT_EQ(of(1, 1), (std::pair<int64_t, int64_t>(1, 0)));
  EXPECT_EQ(of(2, 2), (std::pair<int64_t, int64_t>(1, 1)));
  EXPECT_EQ(of(0, 0), (std::pair<int64_t, int64_t>(2, 1)));
  EXPECT_EQ(of(3, 0), (std::pair<int64_t, int64_t>(0, 0)));
}

TEST_F(DeskWorkloadTest, MonthsRunForward) {
  const absl::Status status = Workload(5, 4).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(test_support::PathsOf(status), "last_month");
}

}  // namespace
}  // namespace fuju::applications
