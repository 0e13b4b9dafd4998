// Who applies, and with what, over the wire.

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/applications/v1/intake_service.grpc.pb.h"
#include "integration/applications/applications_instance.h"
#include "integration/applications/foreign_streams.h"
#include "support/awaited.h"
#include "support/bad_input.h"
#include "support/complete_applicant.h"
#include "support/violations.h"

namespace fuju::applications {
namespace {

using chassis::ReasonOf;
using test_support::DocumentOf;
using test_support::PathsOf;
using Stub = v1::ApplicationsService::Stub;
using IntakeStub = v1::IntakeService::Stub;

class IntakeTest : public ::testing::Test {
 protected:
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (IntakeStub::*method)(grpc::ClientContext*,
                                                                   const Request&, Response*),
                                const Request& request, const std::string& actor = "mobile:m1") {
    return test_support::Call(*intake_, method, request, actor, absl::Seconds(20));
  }

  static v1::PrefillApplicationRequest PrefillOf(int person) {
    v1::PrefillApplicationRequest request;
    const v1::Application draft = DraftOf(person, "620103");
    request.set_resident_id(draft.applicant().resident_id());
    request.set_county_code(draft.county_code());
    *request.mutable_request() = draft.request();
    request.mutable_request()->set_device_division("120606");
    *request.mutable_consents() = draft.applicant().consents();
    request.set_request_id(NewRequestId());
    return request;
  }

  std::string InReview(int person) {
    const std::string name = instance_.Create(DraftOf(person))->name();
    EXPECT_TRUE(instance_.Submit(name).ok());
    streams_.Reserve(name);
    instance_.Await(name, v1::APPLICATION_STATE_UNDER_REVIEW);
    return name;
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  ForeignStreams streams_{&redis_};
  ApplicationsInstance instance_{redis_, &clock_};
  const std::unique_ptr<IntakeStub> intake_ = v1::IntakeService::NewStub(
      grpc::CreateChannel(instance_.address(), grpc::InsecureChannelCredentials()));
};

// From the draft to the withdrawal by a village officer, partly from a phone call: no step needs
// the applicant's own hand, or a phone number.
TEST_F(IntakeTest, AnOfficerDoesEveryStepForSomebodyWithoutAPhone) {
  v1::CreateApplicationRequest create;
  *create.mutable_application() = DraftOf(1);
  create.mutable_application()->mutable_applicant()->clear_phone();
  create.mutable_acting()->set_relation(v1::RELATION_OFFICER);
  create.mutable_acting()->set_channel(v1::ACT_CHANNEL_HOME_VISIT);
  v1::Representative& officer = *create.mutable_acting()->mutable_helper();
  officer.set_relation(v1::RELATION_OFFICER);
  officer.set_name("虚构专员");
  create.set_request_id(NewRequestId());
  const std::string kOfficer = "village_officer:v1";
  const auto draft = instance_.Call(&Stub::CreateApplication, create, kOfficer);
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_EQ(draft->applicant().representatives(0).name(), "虚**员");
  EXPECT_EQ(draft->applicant().consents(0).actor(), kOfficer);
  EXPECT_EQ(draft->applicant().consents(0).acted_for().relation(), v1::RELATION_OFFICER);

  v1::SubmitApplicationRequest submit;
  submit.set_name(draft->name());
  submit.set_request_id(NewRequestId());
  submit.mutable_acting()->set_relation(v1::RELATION_OFFICER);
  submit.mutable_acting()->set_channel(v1::ACT_CHANNEL_PHONE);
  ASSERT_TRUE(instance_.Call(&Stub::SubmitApplication, submit, kOfficer).ok());
  v1::WithdrawApplicationRequest withdraw;
  withdraw.set_name(draft->name());
  withdraw.set_request_id(NewRequestId());
  *withdraw.mutable_acting() = submit.acting();
  const auto withdrawn = instance_.Call(&Stub::WithdrawApplication, withdraw, kOfficer);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  ASSERT_EQ(withdrawn->timeline_size(), 3);
  EXPECT_TRUE(absl::StrContains(withdrawn->timeline(0).text_zh(),
                                "（由村（社区）专职委员虚**员代办，上门）"));
  EXPECT_TRUE(absl::StrContains(withdrawn->timeline(1).text_zh(), "代办，电话）"));
  EXPECT_TRUE(absl::StrContains(withdrawn->timeline(2).text_zh(), "代办，电话）"));
}

TEST_F(IntakeTest, SomebodyElsesHelperIsRefused) {
  const std::string name = instance_.Create(DraftOf(1))->name();
  v1::WithdrawApplicationRequest withdraw;
  withdraw.set_name(name);
  withdraw.set_request_id(NewRequestId());
  withdraw.mutable_acting()->set_relation(v1::RELATION_AGENT);
  EXPECT_EQ(ReasonOf(instance_.Call(&Stub::WithdrawApplication, withdraw).status()),
            "NOT_A_REPRESENTATIVE");
  EXPECT_EQ(instance_.Get(name)->state(), v1::APPLICATION_STATE_DRAFT);
}

TEST_F(IntakeTest, ADrySubmissionSaysAllThatIsMissingAndChangesNothing) {
  v1::Application draft = DraftOf(1);
  draft.mutable_applicant()->clear_consents();
  draft.mutable_applicant()->clear_documents();
  const auto made = instance_.Create(draft);
  ASSERT_TRUE(made.ok()) << made.status();
  v1::SubmitApplicationRequest submit;
  submit.set_name(made->name());
  submit.set_request_id(NewRequestId());
  submit.set_validate_only(true);
  const absl::Status dry = instance_.Call(&Stub::SubmitApplication, submit).status();
  EXPECT_EQ(ReasonOf(dry), "DRAFT_INCOMPLETE");
  EXPECT_EQ(PathsOf(dry), "application.applicant.consents application.applicant.documents");
  EXPECT_EQ(instance_.Get(made->name())->etag(), made->etag());

  v1::ListRequiredDocumentsRequest list;
  list.set_name(made->name());
  const auto documents = Call(&IntakeStub::ListRequiredDocuments, list);
  ASSERT_TRUE(documents.ok()) << documents.status();
  ASSERT_EQ(documents->documents_size(), 1);
  EXPECT_EQ(documents->documents(0).kind(), "economic_proof");
  EXPECT_FALSE(documents->documents(0).attached());
}

// Every button press has a request id of its own.
TEST_F(IntakeTest, ADoubleClickWithTwoRequestIdsSubmitsOnce) {
  const std::string name = instance_.Create(DraftOf(1))->name();
  std::vector<absl::StatusOr<v1::Application>> answers(8, absl::UnknownError(""));
  std::vector<std::thread> clicks;
  clicks.reserve(answers.size());
  for (auto& answer : answers) {
    clicks.emplace_back([this, &answer, &name] { answer = instance_.Submit(name); });
  }
  for (std::thread& click : clicks) click.join();
  int submitted = 0;
  for (const auto& answer : answers) {
    if (answer.ok()) {
      ++submitted;
      continue;
    }
    EXPECT_EQ(ReasonOf(answer.status()), "STATE_FORBIDS") << answer.status();
    EXPECT_EQ(chassis::MetadataOf(answer.status(), "state"), "SUBMITTED");
  }
  EXPECT_EQ(submitted, 1);
  EXPECT_EQ(instance_.Get(name)->timeline_size(), 2);
}

TEST_F(IntakeTest, ListsConsentsAndDocumentsBeforeThereIsADraft) {
  const auto consents = Call(&IntakeStub::ListConsents, v1::ListConsentsRequest(), "");
  ASSERT_TRUE(consents.ok());
  ASSERT_EQ(consents->consents_size(), 5);
  EXPECT_TRUE(consents->consents(0).required());

  v1::ListRequiredDocumentsRequest list;
  EXPECT_EQ(PathsOf(Call(&IntakeStub::ListRequiredDocuments, list).status()), "name situation");
  v1::DocumentSituation& boy = *list.mutable_situation();
  boy.set_county_code("620102");
  boy.set_item_code("E02");
  boy.set_age(8);
  boy.set_uncertified(true);
  boy.add_relations(v1::RELATION_GUARDIAN);
  const auto documents = Call(&IntakeStub::ListRequiredDocuments, list, "");
  ASSERT_TRUE(documents.ok()) << documents.status();
  ASSERT_EQ(documents->documents_size(), 2);
  EXPECT_EQ(documents->documents(0).kind(), "guardian_proof");
  EXPECT_EQ(documents->documents(1).kind(), "diagnosis");
}

TEST_F(IntakeTest, WhatTheOfficeKnowsIsFilledInAndShownMasked) {
  EXPECT_EQ(ReasonOf(Call(&IntakeStub::PrefillApplication, PrefillOf(1)).status()),
            "PERSON_UNKNOWN");
  v1::Application first = DraftOf(1);
  first.mutable_applicant()->mutable_residence()->set_kind(v1::RESIDENCE_KIND_HUKOU);
  first.mutable_applicant()->mutable_residence()->set_county_code("620103");
  first.set_county_code("620103");
  const auto made = instance_.Create(first);
  EXPECT_EQ(ReasonOf(Call(&IntakeStub::PrefillApplication, PrefillOf(1)).status()),
            "PERSON_UNKNOWN")
      << "a draft is not known yet";
  ASSERT_TRUE(instance_.Submit(made->name()).ok());

  v1::PrefillApplicationRequest dry = PrefillOf(1);
  dry.set_validate_only(true);
  const auto would_be = Call(&IntakeStub::PrefillApplication, dry);
  ASSERT_TRUE(would_be.ok()) << would_be.status();
  EXPECT_EQ(would_be->name(), "");

  const v1::PrefillApplicationRequest request = PrefillOf(1);
  const auto draft = Call(&IntakeStub::PrefillApplication, request);
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_EQ(draft->applicant().name(), "马*兰");
  EXPECT_TRUE(absl::StrContains(draft->applicant().address(), "****"));
  EXPECT_EQ(draft->person_key(), made->person_key());
  EXPECT_EQ(Call(&IntakeStub::PrefillApplication, request)->name(), draft->name());
  // It is complete without a further word.
  const auto submitted = instance_.Submit(draft->name());
  EXPECT_TRUE(submitted.ok()) << submitted.status();

  // Who takes the consent back is not known any more.
  v1::WithdrawConsentRequest withdraw;
  withdraw.set_name(draft->name());
  withdraw.set_purpose("prefill");
  withdraw.set_request_id(NewRequestId());
  ASSERT_TRUE(Call(&IntakeStub::WithdrawConsent, withdraw).ok());
  EXPECT_EQ(ReasonOf(Call(&IntakeStub::PrefillApplication, PrefillOf(1)).status()),
            "PERSON_UNKNOWN");
}

TEST_F(IntakeTest, ASurveyMakesAPersonKnown) {
  Surveyed surveyed;
  surveyed.found = DraftOf(1).applicant();
  surveyed.found.clear_consents();
  surveyed.found.clear_documents();
  surveyed.day = absl::CivilDay(2026, 3, 1);
  ApplicationsInstance after_survey(redis_, &clock_, {.name = "b", .surveyed = surveyed});
  const auto stub = v1::IntakeService::NewStub(
      grpc::CreateChannel(after_survey.address(), grpc::InsecureChannelCredentials()));
  const auto draft = test_support::Call(*stub, &IntakeStub::PrefillApplication, PrefillOf(1),
                                        "mobile:m1", absl::Seconds(20));
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_EQ(draft->applicant().economic_proof().source(), v1::FACT_SOURCE_SURVEY);
  EXPECT_EQ(draft->applicant().economic_proof().verify_date(), "2026-03-01");
  // What the survey saw needs no paper.
  EXPECT_TRUE(instance_.Submit(draft->name()).ok());
}

TEST_F(IntakeTest, AnOfficerVerifiesAndCanNotUndoWhatWasDecided) {
  const std::string name = InReview(1);
  v1::VerifyPersonFactRequest verify;
  verify.set_name(name);
  verify.set_economic_status(type::v1::ECONOMIC_STATUS_DB);
  verify.set_source(v1::FACT_SOURCE_CIVIL_AFFAIRS);
  verify.set_remark("已查");
  verify.set_request_id(NewRequestId());
  EXPECT_EQ(Call(&IntakeStub::VerifyPersonFact, verify).status().code(),
            absl::StatusCode::kPermissionDenied);
  const auto verified = Call(&IntakeStub::VerifyPersonFact, verify, kReviewer);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->applicant().economic_proof().actor(), kReviewer);
  verify.set_economic_status(type::v1::ECONOMIC_STATUS_YB);
  verify.set_request_id(NewRequestId());
  EXPECT_EQ(ReasonOf(Call(&IntakeStub::VerifyPersonFact, verify, kReviewer).status()),
            "FACT_DECIDED");
  EXPECT_TRUE(instance_.Approve(name).ok());
}

TEST_F(IntakeTest, AForgottenDraftEndsAfterSixtyDays) {
  const std::string name = instance_.Create(DraftOf(1))->name();
  clock_.Advance(absl::Hours(60 * 24));
  const v1::Application ended = instance_.Await(name, v1::APPLICATION_STATE_EXPIRED);
  EXPECT_EQ(ended.outcome().reason_codes(0), "DRAFT_EXPIRED");
}

TEST_F(IntakeTest, BadInputIsNamed) {
  const auto prefill = std::make_shared<v1::PrefillApplicationRequest>(PrefillOf(1));
  const auto situation = std::make_shared<v1::ListRequiredDocumentsRequest>();
  situation->mutable_situation()->set_county_code("620102");
  situation->mutable_situation()->set_item_code("M01");
  const auto withdraw = std::make_shared<v1::WithdrawConsentRequest>();
  withdraw->set_name("applications/620102-01JH8R5V7E0000000000000001");
  withdraw->set_purpose("follow_up");
  withdraw->set_request_id(NewRequestId());
  const auto verify = std::make_shared<v1::VerifyPersonFactRequest>();
  verify->set_name(withdraw->name());
  verify->set_economic_status(type::v1::ECONOMIC_STATUS_DB);
  verify->set_source(v1::FACT_SOURCE_OFFICE_CHECK);
  verify->set_remark("已查");
  verify->set_request_id(NewRequestId());
  const test_support::BadInput input(
      v1::ListConsentsRequest::descriptor()->file()->FindServiceByName("IntakeService"),
      instance_.address(),
      {prefill, situation, withdraw, verify, std::make_shared<v1::ListConsentsRequest>()});
  EXPECT_GT(input.ExpectEachBadValueIsNamed(), 40);
  input.ExpectEveryBadFieldIsNamed();
  input.ExpectNamesOfAnotherFormAreRefused();
  input.ExpectLongListsAreRefused();
  EXPECT_EQ(input.ExpectMutationsNeedAnActor(), 3);
}

}  // namespace
}  // namespace fuju::applications
