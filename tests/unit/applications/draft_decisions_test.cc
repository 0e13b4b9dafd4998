#include "applications/draft_decisions.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include <google/rpc/error_details.pb.h>
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "unit/applications/sample_questionnaire.h"
#include "unit/applications/test_case.h"

namespace fuju::applications {
namespace {

using testing::Books;
using testing::Draft;
using testing::Keyer;
using testing::kId;
using testing::Questionnaires;
using testing::TestCase;

std::vector<std::string> FieldsOf(const absl::Status& status) {
  google::rpc::BadRequest details;
  const auto payload = status.GetPayload(std::string(chassis::kBadRequestUrl));
  if (payload.has_value()) details.ParseFromString(std::string(*payload));
  std::vector<std::string> fields;
  for (const auto& violation : details.field_violations()) fields.push_back(violation.field());
  return fields;
}

google::protobuf::FieldMask MaskOf(std::initializer_list<const char*> paths) {
  google::protobuf::FieldMask mask;
  for (const char* path : paths) mask.add_paths(path);
  return mask;
}

const Act kAct{testing::Start(), "a:b"};

Result Created(const v1::Application& draft) {
  const absl::StatusOr<v1::Application> normal = NormalDraft(draft, Books(), kAct);
  if (!normal.ok()) return normal.status();
  return DecideCreate(kId, *normal, testing::DefaultRules().intake, kAct);
}

TEST(DecideCreateTest, MakesADraftOfTheApplicant) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  const v1::Application& application = test_case.application();
  EXPECT_EQ(application.name(), absl::StrCat("applications/", kId));
  EXPECT_EQ(application.person_key().size(), 64u);
  EXPECT_EQ(application.holder().party(), "applicant");
  ASSERT_EQ(application.timeline_size(), 1);
  EXPECT_EQ(application.timeline(0).sequence(), 1);
  EXPECT_EQ(application.timeline(0).actor(), "county_reviewer:r1");
  EXPECT_EQ(application.create_time().seconds(), absl::ToUnixSeconds(testing::Start()));
}

TEST(DecideCreateTest, StoresTheNormalForm) {
  v1::Application draft = Draft();
  draft.mutable_applicant()->set_name(" 马 小兰 ");
  draft.mutable_applicant()->set_resident_id("11010519491231002x");
  draft.mutable_applicant()->set_certificate_number("11010519491231002x43b1");
  draft.mutable_applicant()->set_phone("+86 138 1234 5678");
  const Result result = Created(draft);
  ASSERT_TRUE(result.ok()) << result.status();
  const v1::Applicant& applicant = result->next.application().applicant();
  EXPECT_EQ(applicant.name(), "马小兰");
  EXPECT_EQ(applicant.resident_id(), "11010519491231002X");
  EXPECT_EQ(applicant.certificate_number(), "11010519491231002X43B1");
  EXPECT_EQ(applicant.phone(), "13812345678");
}

TEST(DecideCreateTest, IgnoresWhatTheCallerMayNotSet) {
  v1::Application draft = Draft();
  draft.set_state(v1::APPLICATION_STATE_APPROVED);
  draft.set_name("applications/620102-other");
  draft.set_person_key("forged");
  draft.mutable_subsidy()->set_reserved(true);
  draft.add_timeline()->set_text_zh("forged");
  const Result result = Created(draft);
  ASSERT_TRUE(result.ok());
  const v1::Application& application = result->next.application();
  EXPECT_EQ(application.state(), v1::APPLICATION_STATE_DRAFT);
  EXPECT_EQ(application.name(), absl::StrCat("applications/", kId));
  EXPECT_NE(application.person_key(), "forged");
  EXPECT_FALSE(application.has_subsidy());
  EXPECT_EQ(application.timeline_size(), 1);
}

TEST(DecideCreateTest, RefusesAnotherPersonsCertificate) {
  v1::Application draft = Draft();
  draft.mutable_applicant()->set_certificate_number("11010519491231002X43");
  const absl::Status status = Created(draft).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(chassis::ReasonOf(status), "CERTIFICATE_MISMATCH");
  EXPECT_EQ(FieldsOf(status), std::vector<std::string>{"application.applicant.certificate_number"});
}

TEST(DecideCreateTest, NamesAllBadFieldsAtOnce) {
  v1::Application draft = Draft();
  draft.mutable_applicant()->set_name("7");
  draft.mutable_applicant()->set_resident_id("620524190002290018");
  draft.mutable_applicant()->set_certificate_number("62010219000101001047");
  draft.mutable_applicant()->set_phone("12");
  const absl::Status status = Created(draft).status();
  EXPECT_EQ(FieldsOf(status),
            (std::vector<std::string>{
                "application.applicant.name", "application.applicant.resident_id",
                "application.applicant.certificate_number", "application.applicant.phone"}));
  EXPECT_EQ(status.message().find("620524190002290018"), absl::string_view::npos);
}

TEST(DecideCreateTest, AMissingPhoneRefusesNobody) {
  v1::Application draft = Draft();
  draft.mutable_applicant()->clear_phone();
  EXPECT_TRUE(Created(draft).ok());
}

TEST(DecideCreateTest, KeepsTheAnswersWithWhatTheyLeadTo) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  ASSERT_EQ(test_case.application().questionnaire_answers_size(), 1);
  const v1::QuestionnaireAnswers& answers = test_case.application().questionnaire_answers(0);
  EXPECT_EQ(answers.version(), 1);
  EXPECT_EQ(answers.answers_size(), 3);
  ASSERT_EQ(answers.recommended_items_size(), 2);
  EXPECT_EQ(answers.recommended_items(0).item_code(), "H04");
}

TEST(DecideCreateTest, NamesBadAnswersTogetherWithTheApplicant) {
  v1::Application draft = Draft();
  draft.mutable_applicant()->set_phone("12");
  draft.mutable_questionnaire_answers(0)->mutable_answers(0)->set_number(300);
  EXPECT_EQ(FieldsOf(Created(draft).status()),
            (std::vector<std::string>{"application.questionnaire_answers[0].answers[0].number",
                                      "application.applicant.phone"}));
}

TEST(CheckUpdateMaskTest, OpensApplicantRequestAndAnswersOnly) {
  EXPECT_TRUE(
      CheckUpdateMask(MaskOf({"applicant", "county_code", "request", "questionnaire_answers"}))
          .ok());
  EXPECT_TRUE(CheckUpdateMask(MaskOf({"applicant.phone", "request.quote_fen"})).ok());
  const absl::Status status = CheckUpdateMask(
      MaskOf({"applicant.phone", "name", "state", "applicant.nothing", "*", "applicantx"}));
  EXPECT_EQ(FieldsOf(status),
            (std::vector<std::string>{"update_mask.paths[1]", "update_mask.paths[2]",
                                      "update_mask.paths[3]", "update_mask.paths[4]",
                                      "update_mask.paths[5]"}));
}

TEST(DecideUpdateTest, ChangesTheMaskedFieldsOnly) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  v1::Application patch;
  patch.set_county_code("620103");
  patch.mutable_applicant()->set_phone("0931-8412345");
  patch.mutable_applicant()->set_address("别处");
  patch.mutable_request()->set_quote_fen(5);
  ASSERT_TRUE(test_case.Take(DecideUpdate(test_case.record(), patch, MaskOf({"applicant.phone"}),
                                          Books(), test_case.act())));
  const v1::Application& application = test_case.application();
  EXPECT_EQ(application.applicant().phone(), "0931-8412345");
  EXPECT_EQ(application.applicant().address(), testing::kAddress);
  EXPECT_EQ(application.request().quote_fen(), 98000);
  EXPECT_EQ(application.county_code(), "620102");
  EXPECT_EQ(application.timeline_size(), 1);
  EXPECT_NE(dynamic_cast<const v1::ApplicationUpdated*>(&test_case.last_fact()), nullptr);
}

TEST(DecideUpdateTest, CanEmptyAFieldThatMayBeEmpty) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  ASSERT_TRUE(test_case.Take(DecideUpdate(test_case.record(), v1::Application(),
                                          MaskOf({"applicant.phone"}), Books(), test_case.act())));
  EXPECT_EQ(test_case.application().applicant().phone(), "");
}

// The person decides where the application lives.
TEST(DecideUpdateTest, ADraftStaysItsPersons) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  v1::Application patch = Draft();
  patch.mutable_applicant()->set_resident_id("11010519491231002X");
  EXPECT_EQ(
      chassis::ReasonOf(DecideUpdate(test_case.record(), patch, MaskOf({"applicant.resident_id"}),
                                     Books(), test_case.act())
                            .status()),
      "CERTIFICATE_MISMATCH");
  patch.mutable_applicant()->set_certificate_number("11010519491231002X43");
  EXPECT_EQ(FieldsOf(DecideUpdate(test_case.record(), patch, MaskOf({"applicant"}), Books(),
                                  test_case.act())
                         .status()),
            std::vector<std::string>{"application.applicant.resident_id"});
}

TEST(DecideUpdateTest, TheSameValuesChangeNothing) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  EXPECT_FALSE(test_case.Take(DecideUpdate(
      test_case.record(), Draft(), MaskOf({"applicant", "request"}), Books(), test_case.act())));
}

TEST(DecideUpdateTest, ReplacesTheAnswersAsAWhole) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  v1::Application patch;
  *patch.add_questionnaire_answers() = testing::AnswersOf({testing::Chosen("walk", {"unsteady"})});
  const auto update = [&test_case, &patch] {
    return DecideUpdate(test_case.record(), patch, MaskOf({"questionnaire_answers"}), Books(),
                        test_case.act());
  };
  ASSERT_TRUE(test_case.Take(update()));
  ASSERT_EQ(test_case.application().questionnaire_answers_size(), 1);
  EXPECT_EQ(test_case.application().questionnaire_answers(0).answers_size(), 1);
  EXPECT_TRUE(test_case.application().questionnaire_answers(0).recommended_items().empty());
  EXPECT_FALSE(test_case.Take(update())) << "the same answers";
  patch.clear_questionnaire_answers();
  ASSERT_TRUE(test_case.Take(update()));
  EXPECT_TRUE(test_case.application().questionnaire_answers().empty());
}

TEST(DecideUpdateTest, NamesBadAnswers) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  v1::Application patch;
  *patch.add_questionnaire_answers() = testing::AnswersOf({testing::Chosen("walk", {"flying"})});
  EXPECT_EQ(
      FieldsOf(DecideUpdate(test_case.record(), patch, MaskOf({"questionnaire_answers"}), Books(),
                            test_case.act())
                   .status()),
      std::vector<std::string>{"application.questionnaire_answers[0].answers[0].option_ids[0]"});
}

// The version that was answered is gone; the phone number has nothing to do with it.
TEST(DecideUpdateTest, OldAnswersDoNotStandInTheWayOfAnotherField) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  v1::Application patch;
  patch.mutable_applicant()->set_phone("0931-8412345");
  const QuestionnaireSet newer = testing::SampleSet({2});
  ASSERT_TRUE(test_case.Take(DecideUpdate(test_case.record(), patch, MaskOf({"applicant.phone"}),
                                          {newer, testing::DefaultRules().intake, Keyer()},
                                          test_case.act())));
  EXPECT_EQ(test_case.application().questionnaire_answers(0).version(), 1);
}

TEST(DecideSubmitTest, RefusesAQuestionnaireThatWasBegunOnly) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  v1::Application patch;
  *patch.add_questionnaire_answers() = testing::AnswersOf({testing::Number("age", 40)});
  const auto mask = MaskOf({"questionnaire_answers"});
  ASSERT_TRUE(
      test_case.Take(DecideUpdate(test_case.record(), patch, mask, Books(), test_case.act())));
  const absl::Status begun =
      DecideSubmit(test_case.record(), Questionnaires(), testing::DefaultRules(), test_case.act())
          .status();
  EXPECT_EQ(chassis::ReasonOf(begun), "DRAFT_INCOMPLETE");
  EXPECT_EQ(FieldsOf(begun),
            std::vector<std::string>{"application.questionnaire_answers[0].answers"});
  // Without any questionnaire it may be handed in.
  ASSERT_TRUE(test_case.Take(
      DecideUpdate(test_case.record(), v1::Application(), mask, Books(), test_case.act())));
  EXPECT_TRUE(
      DecideSubmit(test_case.record(), Questionnaires(), testing::DefaultRules(), test_case.act())
          .ok());
}

TEST(DecideSubmitTest, AsksToAnswerAgainWhenTheVersionIsGone) {
  const TestCase test_case = TestCase::In(v1::APPLICATION_STATE_DRAFT);
  EXPECT_TRUE(DecideSubmit(test_case.record(), testing::SampleSet({1, 2}), testing::DefaultRules(),
                           test_case.act())
                  .ok());
  EXPECT_EQ(FieldsOf(DecideSubmit(test_case.record(), testing::SampleSet({2}),
                                  testing::DefaultRules(), test_case.act())
                         .status()),
            std::vector<std::string>{"application.questionnaire_answers[0].version"});
}

TEST(DecideSubmitTest, PublishesWhatTheCatalogueLooksAt) {
  TestCase test_case = TestCase::In(v1::APPLICATION_STATE_SUBMITTED);
  const auto* fact = dynamic_cast<const v1::ApplicationSubmitted*>(&test_case.last_fact());
  ASSERT_NE(fact, nullptr);
  EXPECT_EQ(fact->facts().birth_date(), "1900-01-01");
  EXPECT_EQ(fact->facts().category(), type::v1::DISABILITY_CATEGORY_PHYSICAL);
  EXPECT_EQ(fact->facts().grade(), 3);
  EXPECT_EQ(fact->facts().economic_status(), type::v1::ECONOMIC_STATUS_DB);
  EXPECT_EQ(fact->facts().county_code(), "620102");
  EXPECT_EQ(fact->facts().early_ground(), type::v1::EARLY_REPLACEMENT_GROUND_UNSPECIFIED);
  EXPECT_EQ(fact->facts().person_key(), test_case.application().person_key());
  EXPECT_TRUE(test_case.application().has_submit_time());
  EXPECT_EQ(test_case.application().holder().party(), "subsidy_check");
}

}  // namespace
}  // namespace fuju::applications
