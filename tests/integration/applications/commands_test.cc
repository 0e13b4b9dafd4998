// The commands over the wire: what the state forbids, etags, dry runs, and one open application a
// person and device division.

#include <string>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "integration/applications/applications_instance.h"
#include "integration/applications/foreign_streams.h"
#include "support/violations.h"

namespace fuju::applications {
namespace {

using chassis::MetadataOf;
using chassis::ReasonOf;
using Stub = v1::ApplicationsService::Stub;

class CommandsTest : public ::testing::Test {
 protected:
  v1::Application NewDraft(int person = 1) {
    const auto draft = instance_.Create(DraftOf(person));
    EXPECT_TRUE(draft.ok()) << draft.status();
    return draft.value_or(v1::Application());
  }
  v1::Application UnderReview(int person = 1) {
    const std::string name = NewDraft(person).name();
    EXPECT_TRUE(instance_.Submit(name).ok());
    streams_.Reserve(name);
    return instance_.Await(name, v1::APPLICATION_STATE_UNDER_REVIEW);
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  ApplicationsInstance instance_{redis_, &clock_};
  ForeignStreams streams_{&redis_};
};

TEST_F(CommandsTest, ADraftSaysWhereItLivesAndIsMasked) {
  const v1::Application draft = NewDraft();
  EXPECT_EQ(draft.name().substr(0, 20), "applications/620102-");
  EXPECT_EQ(draft.name().size(), 46u);
  EXPECT_EQ(draft.state(), v1::APPLICATION_STATE_DRAFT);
  EXPECT_EQ(draft.applicant().name(), "马*兰");
  EXPECT_FALSE(draft.etag().empty());
  const auto read = instance_.Get(draft.name());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->SerializeAsString(), draft.SerializeAsString());
}

TEST_F(CommandsTest, ValidateOnlyStoresNothing) {
  v1::CreateApplicationRequest request;
  *request.mutable_application() = DraftOf(1);
  request.set_request_id("dry");
  request.set_validate_only(true);
  const auto would_be = instance_.Call(&Stub::CreateApplication, request);
  ASSERT_TRUE(would_be.ok()) << would_be.status();
  EXPECT_EQ(would_be->name(), "");
  EXPECT_EQ(would_be->state(), v1::APPLICATION_STATE_DRAFT);
  v1::ListApplicationsRequest list;
  list.set_person_key(would_be->person_key());
  EXPECT_EQ(instance_.Call(&Stub::ListApplications, list)->applications_size(), 0);
}

TEST_F(CommandsTest, AnUpdateChangesWhatItsMaskNames) {
  const v1::Application draft = NewDraft();
  v1::UpdateApplicationRequest request;
  request.set_name(draft.name());
  request.set_request_id(NewRequestId());
  request.mutable_application()->mutable_request()->set_quote_fen(120000);
  request.mutable_application()->mutable_request()->set_item_code("not looked at");
  request.mutable_update_mask()->add_paths("request.quote_fen");
  request.mutable_application()->set_etag(draft.etag());
  request.set_validate_only(true);
  EXPECT_EQ(instance_.Call(&Stub::UpdateApplication, request)->request().quote_fen(), 120000);
  EXPECT_EQ(instance_.Get(draft.name())->request().quote_fen(), 98000);
  request.set_validate_only(false);
  const auto updated = instance_.Call(&Stub::UpdateApplication, request);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->request().quote_fen(), 120000);
  EXPECT_EQ(updated->request().item_code(), "M01");
  EXPECT_NE(updated->etag(), draft.etag());
  EXPECT_EQ(updated->applicant().name(), "马*兰");
  // The masked values that a client read back are refused, not stored.
  *request.mutable_application() = *updated;
  request.mutable_update_mask()->add_paths("applicant");
  request.set_request_id(NewRequestId());
  EXPECT_EQ(instance_.Call(&Stub::UpdateApplication, request).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(CommandsTest, ADraftMayGoToAnotherCountyAndKeepsItsName) {
  v1::UpdateApplicationRequest request;
  request.set_name(NewDraft().name());
  request.set_request_id(NewRequestId());
  *request.mutable_application() = DraftOf(1, "620103");
  request.mutable_update_mask()->add_paths("county_code");
  const auto updated = instance_.Call(&Stub::UpdateApplication, request);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->county_code(), "620103");
  EXPECT_EQ(updated->name(), request.name());
}

TEST_F(CommandsTest, AnOldEtagIsRefused) {
  const v1::Application draft = NewDraft();
  v1::SubmitApplicationRequest submit;
  submit.set_name(draft.name());
  submit.set_etag("999");
  submit.set_request_id(NewRequestId());
  for (const bool dry : {true, false}) {
    submit.set_validate_only(dry);
    const absl::Status status = instance_.Call(&Stub::SubmitApplication, submit).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
    EXPECT_EQ(ReasonOf(status), "ETAG_MISMATCH");
  }
  submit.set_etag(draft.etag());
  EXPECT_TRUE(instance_.Call(&Stub::SubmitApplication, submit).ok());
}

// The table of moves itself is a unit test; here its refusals travel.
TEST_F(CommandsTest, AForbiddenMoveNamesStateAndLegalMoves) {
  const auto expect = [](const absl::StatusOr<v1::Application>& result, const char* state,
                         const char* legal) {
    EXPECT_EQ(result.status().code(), absl::StatusCode::kFailedPrecondition) << result.status();
    EXPECT_EQ(ReasonOf(result.status()), "STATE_FORBIDS");
    EXPECT_EQ(MetadataOf(result.status(), "state"), state);
    EXPECT_EQ(MetadataOf(result.status(), "legal_moves"), legal);
  };
  const std::string name = NewDraft().name();
  constexpr char kOfDraft[] = "update, submit, withdraw, terminate, verify_fact";
  expect(instance_.Supplement(name), "DRAFT", kOfDraft);
  expect(instance_.Approve(name), "DRAFT", kOfDraft);
  expect(instance_.Reject(name), "DRAFT", kOfDraft);
  expect(instance_.Return(name), "DRAFT", kOfDraft);
  expect(instance_.ConfirmReceipt(name), "DRAFT", kOfDraft);
  expect(instance_.AnswerFollowUp(name), "DRAFT", kOfDraft);
  ASSERT_TRUE(instance_.Submit(name).ok());
  expect(instance_.Submit(name), "SUBMITTED", "withdraw, terminate, transfer");
  v1::UpdateApplicationRequest update;
  update.set_name(name);
  update.set_request_id(NewRequestId());
  update.mutable_application()->mutable_applicant()->set_address("别处");
  update.mutable_update_mask()->add_paths("applicant.address");
  expect(instance_.Call(&Stub::UpdateApplication, update), "SUBMITTED",
         "withdraw, terminate, transfer");
  ASSERT_TRUE(instance_.Withdraw(name).ok());
  expect(instance_.Withdraw(name), "WITHDRAWN", "");
}

// Domain invariant 9: of two decisions at once exactly one wins.
TEST_F(CommandsTest, OneOfTwoReviewersWins) {
  for (int person = 0; person < 5; ++person) {
    const std::string name = UnderReview(person).name();
    absl::StatusOr<v1::Application> rejected = absl::UnknownError("");
    std::thread other([&] { rejected = instance_.Reject(name); });
    const absl::StatusOr<v1::Application> approved = instance_.Approve(name);
    other.join();
    EXPECT_NE(approved.ok(), rejected.ok());
    const auto& winner = approved.ok() ? approved : rejected;
    const auto& loser = approved.ok() ? rejected : approved;
    EXPECT_EQ(ReasonOf(loser.status()), "STATE_FORBIDS") << loser.status();
    EXPECT_EQ(instance_.Get(name)->state(), winner->state());
  }
}

TEST_F(CommandsTest, TheReasonsOfAReturnReachTheApplicant) {
  const std::string name = UnderReview().name();
  const auto returned = instance_.Return(name);
  ASSERT_TRUE(returned.ok()) << returned.status();
  EXPECT_EQ(returned->state(), v1::APPLICATION_STATE_SUPPLEMENT);
  EXPECT_EQ(returned->outcome().text_zh(), "缺少材料说明：“请补户口本”");
  EXPECT_EQ(returned->holder().party(), "applicant");
  const auto supplemented = instance_.Supplement(name);
  ASSERT_TRUE(supplemented.ok());
  EXPECT_EQ(supplemented->state(), v1::APPLICATION_STATE_UNDER_REVIEW);
  EXPECT_FALSE(supplemented->has_outcome());
  EXPECT_TRUE(instance_.Reject(name).ok());
}

// Domain invariant 2.
TEST_F(CommandsTest, APersonHasOneOpenApplicationForADivision) {
  const std::string first = NewDraft().name();
  ASSERT_TRUE(instance_.Submit(first).ok());
  // In another county, which is another partition.
  const auto second = instance_.Create(DraftOf(1, "620103"));
  ASSERT_TRUE(second.ok());
  const auto refused = instance_.Submit(second->name());
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonOf(refused.status()), "OPEN_APPLICATION_EXISTS");
  EXPECT_EQ(MetadataOf(refused.status(), "holder"), first);
  EXPECT_EQ(instance_.Get(second->name())->state(), v1::APPLICATION_STATE_DRAFT);
  v1::SubmitApplicationRequest dry;
  dry.set_name(second->name());
  dry.set_request_id(NewRequestId());
  dry.set_validate_only(true);
  EXPECT_EQ(ReasonOf(instance_.Call(&Stub::SubmitApplication, dry).status()),
            "OPEN_APPLICATION_EXISTS");

  // Another division, and another person, are free.
  v1::Application walker = DraftOf(1);
  walker.mutable_request()->set_device_division("120606");
  EXPECT_TRUE(instance_.Submit(instance_.Create(walker)->name()).ok());
  EXPECT_TRUE(instance_.Submit(NewDraft(2).name()).ok());
}

TEST_F(CommandsTest, TheEndOfTheOpenApplicationFreesTheName) {
  const std::string first = NewDraft().name();
  ASSERT_TRUE(instance_.Submit(first).ok());
  const std::string second = NewDraft().name();
  EXPECT_FALSE(instance_.Submit(second).ok());
  ASSERT_TRUE(instance_.Withdraw(first).ok());
  EXPECT_TRUE(instance_.Submit(second).ok());
}

// Without this a late repeat of a submission would take the name of a case that is over.
TEST_F(CommandsTest, ARepeatedSubmissionOfAnEndedCaseTakesNoName) {
  v1::SubmitApplicationRequest submit;
  submit.set_name(NewDraft().name());
  submit.set_request_id("once");
  const auto first = instance_.Call(&Stub::SubmitApplication, submit);
  ASSERT_TRUE(first.ok());
  ASSERT_TRUE(instance_.Withdraw(submit.name()).ok());
  const std::string claim =
      absl::StrCat("open:", first->person_key(), ":", first->request().device_division());
  const std::string key =
      instance_.keys().Claim(instance_.keys().PartitionOf(PersonRoute(first->person_key())), claim);
  const auto again = instance_.Call(&Stub::SubmitApplication, submit);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->state(), v1::APPLICATION_STATE_WITHDRAWN);
  EXPECT_EQ(redis_.Call({"EXISTS", key}).integer(), 0);
}

TEST_F(CommandsTest, TheReceiptNeedsTheSerialNumberHandedOver) {
  const std::string name = UnderReview().name();
  ASSERT_TRUE(instance_.Approve(name).ok());
  streams_.Accept(name, 1);
  streams_.Schedule(name, 1);
  streams_.Complete(name, 1);
  instance_.Await(name, v1::APPLICATION_STATE_FITTED);
  v1::ConfirmReceiptRequest receipt;
  receipt.set_name(name);
  receipt.set_serial_number("SN-2026-2");
  receipt.set_request_id(NewRequestId());
  EXPECT_EQ(test_support::PathsOf(instance_.Call(&Stub::ConfirmReceipt, receipt).status()),
            "serial_number");
  EXPECT_TRUE(instance_.ConfirmReceipt(name).ok());
}

}  // namespace
}  // namespace fuju::applications
