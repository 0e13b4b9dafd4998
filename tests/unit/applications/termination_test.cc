#include "applications/termination.h"

#include "absl/strings/match.h"
#include <gtest/gtest.h>

#include "applications/service_decisions.h"
#include "chassis/values/refusal.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::TestCase;

Result Terminate(const TestCase& test_case, EndReason reason,
                 const std::string& actor = "village_officer:v1") {
  return DecideTerminate(test_case.record(), reason, "家属告知", {test_case.now(), actor});
}

TEST(TerminateTest, EndsAtOnceBeforeTheApproval) {
  for (const ApplicationState state :
       {v1::APPLICATION_STATE_DRAFT, v1::APPLICATION_STATE_SUBMITTED,
        v1::APPLICATION_STATE_UNDER_REVIEW, v1::APPLICATION_STATE_SUPPLEMENT,
        v1::APPLICATION_STATE_PUBLIC_NOTICE, v1::APPLICATION_STATE_ON_HOLD,
        v1::APPLICATION_STATE_APPEALED}) {
    SCOPED_TRACE(StateName(state));
    TestCase test_case = TestCase::In(state);
    ASSERT_TRUE(test_case.Take(Terminate(test_case, EndReason::kDeath)));
    EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_TERMINATED);
    EXPECT_EQ(test_case.application().outcome().reason_codes(0), "DEATH");
    EXPECT_FALSE(test_case.application().subsidy().reserved());
    EXPECT_FALSE(test_case.record().has_limit());
    EXPECT_NE(dynamic_cast<const v1::ApplicationEnded*>(&test_case.last_fact()), nullptr);
  }
}

TEST(TerminateTest, AsksTheVendorSideFirstAfterTheApproval) {
  for (const EndReason reason : {EndReason::kDeath, EndReason::kCertificateCancelled}) {
    TestCase test_case = TestCase::In(v1::APPLICATION_STATE_SCHEDULED);
    ASSERT_TRUE(test_case.Take(Terminate(test_case, reason)));
    EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_WITHDRAWING);
    EXPECT_NE(dynamic_cast<const v1::WithdrawalRequested*>(&test_case.last_fact()), nullptr);
    EXPECT_TRUE(test_case.application().subsidy().reserved());
    ASSERT_TRUE(test_case.Do(Move::kOrderCancelled));
    EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_TERMINATED);
    EXPECT_EQ(test_case.application().outcome().reason_codes(0), EndReasonCode(reason));
    EXPECT_FALSE(test_case.application().subsidy().reserved());
    EXPECT_TRUE(absl::StrContains(test_case.last_entry().text_zh(), EndReasonText(reason).zh));
  }
}

// A person who only withdrew is not reported dead.
TEST(TerminateTest, AWithdrawalStaysOne) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_SCHEDULED);
  ASSERT_TRUE(test_case.Do(Move::kWithdraw));
  ASSERT_TRUE(test_case.Do(Move::kOrderCancelled));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_WITHDRAWN);
}

TEST(TerminateTest, AHandOverThatCameFirstWins) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_SCHEDULED);
  ASSERT_TRUE(test_case.Take(Terminate(test_case, EndReason::kDeath)));
  ASSERT_TRUE(test_case.Do(Move::kOrderCompleted));
  EXPECT_EQ(test_case.state(), v1::APPLICATION_STATE_FITTED);
  EXPECT_FALSE(test_case.application().has_outcome());
}

TEST(TerminateTest, IsForOffices) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_UNDER_REVIEW);
  for (const char* actor : {"applicant:a1", "mobile:m1", "vendor:v1"}) {
    const absl::Status status = Terminate(test_case, EndReason::kDeath, actor).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << actor;
    EXPECT_EQ(chassis::ReasonOf(status), "PERMISSION_DENIED");
  }
}

}  // namespace
}  // namespace fuju::applications
