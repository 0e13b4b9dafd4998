// A person moves while the case runs: the case over the wire, in the lists of both counties.

#include <string>

#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "integration/applications/applications_instance.h"
#include "integration/applications/foreign_streams.h"

namespace fuju::applications {
namespace {

using chassis::ReasonOf;
using Stub = v1::ApplicationsService::Stub;

class TransferTest : public ::testing::Test {
 protected:
  std::string UnderReview() {
    const auto draft = instance_.Create(DraftOf(1));
    EXPECT_TRUE(draft.ok()) << draft.status();
    EXPECT_TRUE(instance_.Submit(draft->name()).ok());
    streams_.Reserve(draft->name());
    instance_.Await(draft->name(), v1::APPLICATION_STATE_UNDER_REVIEW);
    return draft->name();
  }
  absl::StatusOr<v1::Application> Transfer(const std::string& name,
                                           const std::string& county = "620103",
                                           const std::string& request_id = NewRequestId()) {
    v1::TransferApplicationRequest request;
    request.set_name(name);
    request.set_county_code(county);
    request.set_address("甘肃省兰州市七里河区虚构路1号");
    request.set_proof("新户口簿");
    request.set_request_id(request_id);
    return instance_.Call(&Stub::TransferApplication, request);
  }
  int InListOf(const std::string& county) {
    v1::ListApplicationsRequest list;
    list.set_county_code(county);
    return instance_.Call(&Stub::ListApplications, list)->applications_size();
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  ApplicationsInstance instance_{redis_, &clock_};
  ForeignStreams streams_{&redis_};
};

TEST_F(TransferTest, TheNewCountyHasTheCaseWithItsHistory) {
  const std::string name = UnderReview();
  const auto moved = Transfer(name, "620103", "once");
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(moved->name(), name);
  EXPECT_EQ(moved->county_code(), "620103");
  EXPECT_EQ(moved->state(), v1::APPLICATION_STATE_SUBMITTED);
  EXPECT_EQ(moved->timeline_size(), 4);
  EXPECT_EQ(InListOf("620102"), 0);
  EXPECT_EQ(InListOf("620103"), 1);
  // A repeat has one effect.
  ASSERT_TRUE(Transfer(name, "620103", "once").ok());
  EXPECT_EQ(instance_.Get(name)->transfers_size(), 1);
  streams_.Reserve(name);
  instance_.Await(name, v1::APPLICATION_STATE_UNDER_REVIEW);
  EXPECT_TRUE(instance_.Approve(name).ok());
}

TEST_F(TransferTest, AfterTheApprovalTheVendorStopsFirst) {
  const std::string name = UnderReview();
  ASSERT_TRUE(instance_.Approve(name).ok());
  streams_.Accept(name, 1);
  instance_.Await(name, v1::APPLICATION_STATE_DISPATCHED);
  EXPECT_EQ(Transfer(name)->state(), v1::APPLICATION_STATE_TRANSFERRING);
  EXPECT_EQ(InListOf("620102"), 1);
  streams_.CancelOrder(name, 1);
  instance_.Await(name, v1::APPLICATION_STATE_SUBMITTED);
  EXPECT_EQ(InListOf("620102"), 0);
  EXPECT_EQ(InListOf("620103"), 1);
}

TEST_F(TransferTest, WhatIsOverOrNotBegunDoesNotMove) {
  const auto draft = instance_.Create(DraftOf(1));
  EXPECT_EQ(ReasonOf(Transfer(draft->name()).status()), "STATE_FORBIDS");
  ASSERT_TRUE(instance_.Withdraw(draft->name()).ok());
  EXPECT_EQ(ReasonOf(Transfer(draft->name()).status()), "STATE_FORBIDS");
}

// A draft is changed instead; its name stays.
TEST_F(TransferTest, ADraftIsUpdated) {
  const auto draft = instance_.Create(DraftOf(1));
  v1::UpdateApplicationRequest update;
  update.set_name(draft->name());
  update.mutable_application()->set_county_code("620103");
  update.mutable_update_mask()->add_paths("county_code");
  update.set_request_id(NewRequestId());
  const auto updated = instance_.Call(&Stub::UpdateApplication, update);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->name(), draft->name());
  EXPECT_EQ(updated->county_code(), "620103");
  EXPECT_EQ(InListOf("620102"), 0);
  EXPECT_EQ(InListOf("620103"), 1);
}

}  // namespace
}  // namespace fuju::applications
