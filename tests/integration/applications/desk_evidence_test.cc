// The evidence of a case on one screen, with and without the catalogue service.

#include <memory>
#include <string>
#include <utility>

#include "absl/synchronization/notification.h"
#include <gtest/gtest.h>

#include "chassis/rpc/status.h"
#include "chassis/values/refusal.h"
#include "fuju/catalogue/v1/catalogue_service.grpc.pb.h"
#include "integration/applications/desk_fixture.h"

namespace fuju::applications {
namespace {

using chassis::ReasonOf;

// A catalogue service that knows one grant and budget, whatever is asked for.
class PlayedCatalogue final : public catalogue::v1::CatalogueService::Service {
 public:
  PlayedCatalogue() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
  }
  ~PlayedCatalogue() override {
    if (!let_go_.HasBeenNotified()) let_go_.Notify();
    Stop();
  }
  void Stop() {
    if (server_ != nullptr) server_->Shutdown();
    server_ = nullptr;
  }
  void HoldAnswers() { held_ = true; }

  const std::string& address() const { return address_; }
  const std::string& asked_grant() const { return asked_grant_; }
  const std::string& asked_budget() const { return asked_budget_; }

  grpc::Status GetGrant(grpc::ServerContext* context, const catalogue::v1::GetGrantRequest* request,
                        catalogue::v1::Grant* response) override {
    if (held_) let_go_.WaitForNotification();
    asked_grant_ = request->name();
    EXPECT_EQ(context->client_metadata().count("traceparent"), 1u);
    catalogue::v1::SubsidyDecision* decision = response->mutable_decision();
    decision->set_catalogue_version("gansu-2026-1");
    decision->set_decision_date("2026-01-05");
    decision->set_eligible(true);
    decision->set_subsidy_fen(98000);
    for (const char* code : {"AGE_WINDOW", "ECONOMIC_GROUP", "REPLACEMENT_INTERVAL"}) {
      catalogue::v1::RuleResult* rule = decision->add_rules();
      rule->set_code(code);
      rule->set_passed(true);
      rule->set_values("what it looked at");
    }
    return grpc::Status::OK;
  }
  grpc::Status GetBudget(grpc::ServerContext* /*context*/,
                         const catalogue::v1::GetBudgetRequest* request,
                         catalogue::v1::Budget* response) override {
    asked_budget_ = request->name();
    if (request->name() != "budgets/620102-2026") {
      return chassis::ToGrpcStatus(chassis::NotFound(request->name()));
    }
    response->set_available_fen(123456);
    return grpc::Status::OK;
  }

 private:
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
  std::string asked_grant_;
  std::string asked_budget_;
  bool held_ = false;
  absl::Notification let_go_;
};

// Made before the instance that asks it.
struct Played {
  PlayedCatalogue catalogue;
  RemoteCatalogue remote{catalogue.address()};
};

class DeskEvidenceTest : protected Played, public DeskFixture {
 protected:
  DeskEvidenceTest() : DeskFixture({.catalogue = &remote}) {}

  absl::StatusOr<v1::CaseEvidence> Evidence(const std::string& name,
                                            const std::string& actor = kReviewer) {
    v1::GetCaseEvidenceRequest request;
    request.set_name(name);
    return Ask(&Desk::GetCaseEvidence, request, actor);
  }
};

TEST_F(DeskEvidenceTest, IsWholeInOneCall) {
  const std::string name = Waiting(1);
  const std::string elsewhere = instance_.Create(DraftOf(1, "620201"))->name();
  ASSERT_TRUE(Claim(name).ok());
  const auto evidence = Evidence(name);
  ASSERT_TRUE(evidence.ok()) << evidence.status();
  EXPECT_EQ(evidence->application().name(), name);
  EXPECT_EQ(evidence->application().applicant().name(), "马*兰");
  EXPECT_EQ(evidence->queued_case().claim().officer(), kReviewer);
  ASSERT_EQ(evidence->subsidy().rules_size(), 3);
  for (const v1::RuleEvidence& rule : evidence->subsidy().rules()) {
    EXPECT_TRUE(rule.passed());
    EXPECT_EQ(rule.values(), "what it looked at");
    EXPECT_NE(rule.source(), v1::RULE_SOURCE_UNSPECIFIED);
    EXPECT_EQ(rule.source_date(), "2026-01-05");
    EXPECT_EQ(rule.catalogue_version(), "gansu-2026-1");
  }
  ASSERT_EQ(evidence->person().other_counties_size(), 1);
  EXPECT_EQ(evidence->person().other_counties(0).application(), elsewhere);
  EXPECT_EQ(evidence->budget().budget().available_fen(), 123456);
  EXPECT_EQ(catalogue.asked_grant(), "grants/" + IdOf(name));
  EXPECT_EQ(catalogue.asked_budget(), "budgets/620102-2026");
}

TEST_F(DeskEvidenceTest, NamesWhatThePersonReceivedBefore) {
  const std::string first = Waiting(1);
  ASSERT_TRUE(instance_.Approve(first).ok());
  streams_.Accept(first, 1);
  instance_.Await(first, v1::APPLICATION_STATE_DISPATCHED);
  streams_.OpenOrder(first, 1);
  streams_.Complete(first, 1);
  instance_.Await(first, v1::APPLICATION_STATE_FITTED);
  ASSERT_TRUE(instance_.ConfirmReceipt(first).ok());
  streams_.Settle(first);
  instance_.Await(first, v1::APPLICATION_STATE_PAID);
  v1::Application other = DraftOf(1);
  other.mutable_request()->set_item_code("H01");
  other.mutable_request()->set_device_division("220606");
  const std::string second = WaitingOf({other}).front();
  const auto evidence = Evidence(second);
  ASSERT_TRUE(evidence.ok()) << evidence.status();
  ASSERT_EQ(evidence->person().past_devices_size(), 1);
  EXPECT_EQ(evidence->person().past_devices(0).application(), first);
  EXPECT_EQ(evidence->person().past_devices(0).serial_number(), kSerial);
  EXPECT_EQ(evidence->person().same_county_size(), 1);
}

TEST_F(DeskEvidenceTest, WithoutTheCatalogueTheRestIsWhole) {
  const std::string name = Waiting(1);
  catalogue.Stop();
  const auto evidence = Evidence(name);
  ASSERT_TRUE(evidence.ok()) << evidence.status();
  EXPECT_EQ(evidence->subsidy().missing().reason(), "SOURCE_UNAVAILABLE");
  EXPECT_FALSE(evidence->subsidy().missing().text_zh().empty());
  EXPECT_FALSE(evidence->subsidy().missing().text_en().empty());
  EXPECT_EQ(evidence->budget().missing().reason(), "SOURCE_UNAVAILABLE");
  EXPECT_FALSE(evidence->person().has_missing());
  EXPECT_EQ(evidence->queued_case().application(), name);
}

TEST_F(DeskEvidenceTest, ACatalogueThatDoesNotAnswerIsNotWaitedFor) {
  const std::string name = Waiting(1);
  catalogue.HoldAnswers();
  const auto evidence = Evidence(name);
  ASSERT_TRUE(evidence.ok()) << evidence.status();
  EXPECT_TRUE(evidence->subsidy().has_missing());
  EXPECT_EQ(evidence->budget().budget().available_fen(), 123456);
}

TEST_F(DeskEvidenceTest, WhatTheCatalogueDoesNotHaveIsSaidSo) {
  const auto draft = instance_.Create(DraftOf(1, "620201"));
  const auto evidence = Evidence(draft->name());
  ASSERT_TRUE(evidence.ok()) << evidence.status();
  EXPECT_EQ(evidence->budget().missing().reason(), "RESOURCE_NOT_FOUND");
  EXPECT_FALSE(evidence->has_queued_case());
}

TEST_F(DeskEvidenceTest, IsForStaffOnly) {
  const std::string name = Waiting(1);
  EXPECT_EQ(Evidence(name, "mobile:m1").status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(ReasonOf(Evidence(name, "").status()), "ACTOR_MISSING");
  EXPECT_EQ(Evidence("applications/620102-01JH8R5V7E0000000000000001").status().code(),
            absl::StatusCode::kNotFound);
}

// As a deployment that names no catalogue.
using DeskWithoutCatalogueTest = DeskFixture;

TEST_F(DeskWithoutCatalogueTest, EvidenceSaysThatItIsMissing) {
  v1::GetCaseEvidenceRequest request;
  request.set_name(Waiting(1));
  const auto evidence = Ask(&Desk::GetCaseEvidence, request);
  ASSERT_TRUE(evidence.ok()) << evidence.status();
  EXPECT_EQ(evidence->subsidy().missing().reason(), "SOURCE_UNAVAILABLE");
}

}  // namespace
}  // namespace fuju::applications
