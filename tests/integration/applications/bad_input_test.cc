#include "support/bad_input.h"

#include <memory>
#include <string>

#include "absl/strings/match.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/type/v1/constraints.pb.h"
#include "integration/applications/applications_instance.h"
#include "support/violations.h"

namespace fuju::applications {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Stub = v1::ApplicationsService::Stub;
using test_support::PathsOf;

constexpr char kUnknown[] = "applications/620102-01JH8R5V7E0000000000000001";
constexpr char kUnknownQuestionnaire[] = "questionnaires/unknown";

// A good request about an application that does not exist.
template <typename Request>
std::shared_ptr<Request> Good() {
  const auto request = std::make_shared<Request>();
  request->set_name(kUnknown);
  const google::protobuf::Reflection* reflection = request->GetReflection();
  const auto set = [&](const char* field, const std::string& value) {
    const FieldDescriptor* found = Request::descriptor()->FindFieldByName(field);
    if (found == nullptr) return;
    if (found->is_repeated()) {
      reflection->AddString(request.get(), found, value);
    } else {
      reflection->SetString(request.get(), found, value);
    }
  };
  set("request_id", NewRequestId());
  set("remark", "说明");
  set("reason", "说明");
  set("explanation", "说明");
  set("reason_codes", "OTHER");
  set("serial_number", "SN-1");
  if (const auto* field = Request::descriptor()->FindFieldByName("satisfaction")) {
    reflection->SetInt32(request.get(), field, 5);
  }
  if (const auto* field = Request::descriptor()->FindFieldByName("cause")) {
    reflection->SetEnumValue(request.get(), field, v1::TERMINATION_CAUSE_DEATH);
  }
  return request;
}

test_support::BadInput::Requests GoodRequests() {
  const auto create = std::make_shared<v1::CreateApplicationRequest>();
  *create->mutable_application() = DraftOf(1);
  *create->mutable_application()->add_questionnaire_answers() = SeeingAnswers();
  v1::Applicant& applicant = *create->mutable_application()->mutable_applicant();
  applicant.mutable_contact()->set_language("zh");
  v1::Representative& guardian = *applicant.add_representatives();
  guardian.set_relation(v1::RELATION_GUARDIAN);
  guardian.set_name("虚构监护");
  guardian.set_phone("13912345678");
  guardian.set_basis("父亲");
  guardian.set_since("2020-01-01");
  applicant.mutable_certificate()->set_issue_date("2020-01-01");
  applicant.mutable_residence()->set_kind(v1::RESIDENCE_KIND_HUKOU);
  applicant.mutable_residence()->set_county_code("620102");
  create->set_request_id("good");
  const auto update = Good<v1::UpdateApplicationRequest>();
  *update->mutable_application() = create->application();
  update->mutable_update_mask()->add_paths("applicant");
  update->mutable_update_mask()->add_paths("questionnaire_answers");
  update->mutable_update_mask()->add_paths("request");
  const auto list = std::make_shared<v1::ListApplicationsRequest>();
  list->set_county_code("620102");
  const auto questionnaire = std::make_shared<v1::GetQuestionnaireRequest>();
  questionnaire->set_name(kUnknownQuestionnaire);
  const auto evaluate = std::make_shared<v1::EvaluateAnswersRequest>();
  *evaluate->mutable_questionnaire_answers() = SeeingAnswers();
  const auto transfer = Good<v1::TransferApplicationRequest>();
  transfer->set_county_code("620103");
  transfer->set_address("虚构村2号");
  const auto fix_price = Good<v1::FixPriceRequest>();
  fix_price->set_price_fen(90000);
  return {create,
          update,
          list,
          questionnaire,
          evaluate,
          std::make_shared<v1::ListQuestionnairesRequest>(),
          Good<v1::SubmitApplicationRequest>(),
          Good<v1::SupplementApplicationRequest>(),
          Good<v1::WithdrawApplicationRequest>(),
          Good<v1::TerminateApplicationRequest>(),
          transfer,
          fix_price,
          Good<v1::ApproveApplicationRequest>(),
          Good<v1::RejectApplicationRequest>(),
          Good<v1::ReturnApplicationRequest>(),
          Good<v1::HoldApplicationRequest>(),
          Good<v1::ResumeApplicationRequest>(),
          Good<v1::AppealApplicationRequest>(),
          Good<v1::DismissAppealRequest>(),
          Good<v1::GrantAppealRequest>(),
          Good<v1::ConfirmReceiptRequest>(),
          Good<v1::AnswerFollowUpRequest>(),
          Good<v1::GetApplicationRequest>(),
          Good<v1::WatchApplicationRequest>()};
}

class BadInputTest : public ::testing::Test {
 protected:
  const google::protobuf::ServiceDescriptor* const service_ =
      v1::GetApplicationRequest::descriptor()->file()->FindServiceByName("ApplicationsService");
  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  ApplicationsInstance instance_{redis_, &clock_};
  const test_support::BadInput input_{service_, instance_.address(), GoodRequests()};
};

TEST_F(BadInputTest, EachBadValueIsNamed) { EXPECT_GT(input_.ExpectEachBadValueIsNamed(), 190); }

TEST_F(BadInputTest, EveryBadFieldIsNamedAtOnce) { input_.ExpectEveryBadFieldIsNamed(); }

TEST_F(BadInputTest, EveryMissingFieldIsNamedAtOnce) { input_.ExpectEveryMissingFieldIsNamed(); }

TEST_F(BadInputTest, NamesOfAnotherFormAreRefused) { input_.ExpectNamesOfAnotherFormAreRefused(); }

TEST_F(BadInputTest, LongListsAreRefused) { input_.ExpectLongListsAreRefused(); }

TEST_F(BadInputTest, MutationsNeedAnActor) { EXPECT_EQ(input_.ExpectMutationsNeedAnActor(), 18); }

TEST_F(BadInputTest, BadAndMissingFieldsAreNamedTogether) {
  v1::CreateApplicationRequest create;
  create.mutable_application()->mutable_applicant()->set_resident_id("620524190002290018");
  create.mutable_application()->mutable_applicant()->set_phone("1");
  create.mutable_application()->mutable_request()->set_quote_fen(-5);
  const absl::Status status = instance_.Call(&Stub::CreateApplication, create).status();
  EXPECT_EQ(PathsOf(status),
            "application.applicant.address "
            "application.applicant.economic_status application.applicant.name "
            "application.applicant.phone application.applicant.resident_id "
            "application.county_code application.request.device_division "
            "application.request.item_code application.request.quote_fen request_id");
  EXPECT_FALSE(absl::StrContains(status.ToString(), "620524190002290018"));
}

TEST_F(BadInputTest, OfAnotherPersonsCertificateIsNamed) {
  v1::Application draft = DraftOf(1);
  draft.mutable_applicant()->set_certificate_number(DraftOf(2).applicant().certificate_number());
  const absl::Status status = instance_.Create(draft).status();
  EXPECT_EQ(chassis::ReasonOf(status), "CERTIFICATE_MISMATCH");
  EXPECT_EQ(PathsOf(status), "application.applicant.certificate_number");
}

TEST_F(BadInputTest, ACountyThatDoesNotReviewIsRefused) {
  for (const char* county : {"620100", "620000", "110101"}) {
    EXPECT_EQ(PathsOf(instance_.Create(DraftOf(1, county)).status()), "application.county_code")
        << county;
  }
  // Offices with a statistical code do review.
  EXPECT_TRUE(instance_.Create(DraftOf(1, "620171")).ok());
}

TEST_F(BadInputTest, AListNeedsACountyOrAPerson) {
  const absl::Status status =
      instance_.Call(&Stub::ListApplications, v1::ListApplicationsRequest()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(PathsOf(status), "county_code person_key");
}

TEST_F(BadInputTest, AnUnknownNameIsNotFound) {
  for (int i = 0; i < service_->method_count(); ++i) {
    const auto* method = service_->method(i);
    const FieldDescriptor* field = method->input_type()->FindFieldByName("name");
    const bool of_application =
        field != nullptr &&
        field->options().GetExtension(type::v1::field).resource() == "applications/*";
    if (!of_application) continue;
    const Message* good = input_.GoodRequestOf(method);
    ASSERT_NE(good, nullptr) << method->name();
    const std::unique_ptr<Message> request(good->New());
    request->CopyFrom(*good);
    for (const char* name : {kUnknown, "applications/x", "applications/-"}) {
      request->GetReflection()->SetString(request.get(), field, name);
      const absl::Status status = input_.Call(method, *request);
      EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << method->name() << " " << status;
      EXPECT_EQ(chassis::ReasonOf(status), "RESOURCE_NOT_FOUND") << method->name();
    }
  }
}

}  // namespace
}  // namespace fuju::applications
