#include <memory>
#include <string>

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "fuju/applications/v1/review_desk_service.pb.h"
#include "integration/applications/applications_instance.h"
#include "support/bad_input.h"

namespace fuju::applications {
namespace {

constexpr char kUnknown[] = "applications/620102-01JH8R5V7E0000000000000001";

test_support::BadInput::Requests GoodRequests() {
  const auto list = std::make_shared<v1::ListQueuedCasesRequest>();
  list->set_office_code("620102");
  const auto claim = std::make_shared<v1::ClaimCaseRequest>();
  claim->set_name(kUnknown);
  claim->set_request_id(NewRequestId());
  const auto release = std::make_shared<v1::ReleaseCaseRequest>();
  release->set_name(kUnknown);
  release->set_request_id(NewRequestId());
  const auto evidence = std::make_shared<v1::GetCaseEvidenceRequest>();
  evidence->set_name(kUnknown);
  const auto bulk = std::make_shared<v1::BulkApproveCasesRequest>();
  bulk->add_approvals()->set_name(kUnknown);
  bulk->set_remark("同意");
  bulk->set_request_id(NewRequestId());
  const auto workload = std::make_shared<v1::GetWorkloadRequest>();
  workload->set_office_code("620102");
  workload->set_year(2026);
  return {list, claim, release, evidence, bulk, workload};
}

class DeskBadInputTest : public ::testing::Test {
 protected:
  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  ApplicationsInstance instance_{redis_, &clock_};
  const test_support::BadInput input_{
      v1::ClaimCaseRequest::descriptor()->file()->FindServiceByName("ReviewDeskService"),
      instance_.address(), GoodRequests()};
};

TEST_F(DeskBadInputTest, EachBadValueIsNamed) { EXPECT_GT(input_.ExpectEachBadValueIsNamed(), 40); }

TEST_F(DeskBadInputTest, EveryBadFieldIsNamedAtOnce) { input_.ExpectEveryBadFieldIsNamed(); }

TEST_F(DeskBadInputTest, EveryMissingFieldIsNamedAtOnce) {
  input_.ExpectEveryMissingFieldIsNamed();
}

TEST_F(DeskBadInputTest, NamesOfAnotherFormAreRefused) {
  input_.ExpectNamesOfAnotherFormAreRefused();
}

TEST_F(DeskBadInputTest, LongListsAreRefused) { input_.ExpectLongListsAreRefused(); }

TEST_F(DeskBadInputTest, MutationsNeedAnActor) {
  EXPECT_EQ(input_.ExpectMutationsNeedAnActor(), 3);
}

}  // namespace
}  // namespace fuju::applications
