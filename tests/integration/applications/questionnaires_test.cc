// Questionnaires over the wire: from question to item without an application, and answers that are
// kept with a case.

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chassis/values/refusal.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "integration/applications/applications_instance.h"
#include "integration/applications/foreign_streams.h"
#include "support/fact_log.h"
#include "support/violations.h"

namespace fuju::applications {
namespace {

using chassis::ReasonOf;
using test_support::PathsOf;
using test_support::ViolationsOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Stub = v1::ApplicationsService::Stub;

constexpr char kSeeing[] = "questionnaires/seeing";

std::vector<std::string> CodesOf(
    const google::protobuf::RepeatedPtrField<v1::RecommendedItem>& items) {
  std::vector<std::string> codes;
  for (const v1::RecommendedItem& item : items) codes.push_back(item.item_code());
  return codes;
}

std::vector<std::string> NamesOf(const v1::ListQuestionnairesResponse& page) {
  std::vector<std::string> names;
  for (const v1::Questionnaire& one : page.questionnaires()) names.push_back(one.name());
  return names;
}

class QuestionnairesTest : public ::testing::Test {
 protected:
  // Nobody says who asks.
  absl::StatusOr<v1::EvaluateAnswersResponse> Evaluate(const v1::QuestionnaireAnswers& answers) {
    v1::EvaluateAnswersRequest request;
    *request.mutable_questionnaire_answers() = answers;
    return instance_.Call(&Stub::EvaluateAnswers, request, "");
  }
  absl::StatusOr<v1::ListQuestionnairesResponse> List(
      const v1::ListQuestionnairesRequest& request) {
    return instance_.Call(&Stub::ListQuestionnaires, request, "");
  }
  static v1::Application DraftWith(const v1::QuestionnaireAnswers& answers) {
    v1::Application draft = DraftOf(1);
    *draft.add_questionnaire_answers() = answers;
    return draft;
  }
  // Replaces the answers of a draft.
  static absl::StatusOr<v1::Application> Answer(const ApplicationsInstance& instance,
                                                const std::string& name,
                                                const v1::QuestionnaireAnswers* answers) {
    v1::UpdateApplicationRequest request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    request.mutable_application();
    if (answers != nullptr) {
      *request.mutable_application()->add_questionnaire_answers() = *answers;
    }
    request.mutable_update_mask()->add_paths("questionnaire_answers");
    return instance.Call(&Stub::UpdateApplication, request);
  }

  test_support::RedisServer redis_;
  test_support::FakeClock clock_;
  ApplicationsInstance instance_{redis_, &clock_};
  ForeignStreams streams_{&redis_};
};

TEST_F(QuestionnairesTest, AreListedByCategoryAndPage) {
  v1::ListQuestionnairesRequest request;
  auto page = List(request);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(NamesOf(*page), ElementsAre("questionnaires/daily_living", "questionnaires/hearing",
                                          "questionnaires/limbs", kSeeing));
  EXPECT_EQ(page->next_page_token(), "");
  request.set_category(type::v1::DISABILITY_CATEGORY_PHYSICAL);
  EXPECT_THAT(NamesOf(*List(request)),
              ElementsAre("questionnaires/daily_living", "questionnaires/limbs"));

  request.clear_category();
  request.set_page_size(3);
  page = List(request);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->questionnaires_size(), 3);
  request.set_page_token(page->next_page_token());
  page = List(request);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(NamesOf(*page), ElementsAre(kSeeing));
  EXPECT_EQ(page->next_page_token(), "");
  request.set_category(type::v1::DISABILITY_CATEGORY_VISUAL);
  EXPECT_EQ(ReasonOf(List(request).status()), "PAGE_TOKEN_INVALID");
}

TEST_F(QuestionnairesTest, AreReadInAVersion) {
  v1::GetQuestionnaireRequest request;
  request.set_name(kSeeing);
  const auto newest = instance_.Call(&Stub::GetQuestionnaire, request, "");
  ASSERT_TRUE(newest.ok()) << newest.status();
  EXPECT_EQ(newest->version(), 1);
  EXPECT_EQ(newest->title_zh(), "看东西");
  request.set_version(1);
  EXPECT_EQ(instance_.Call(&Stub::GetQuestionnaire, request, "")->SerializeAsString(),
            newest->SerializeAsString());
  request.set_version(2);
  EXPECT_EQ(ReasonOf(instance_.Call(&Stub::GetQuestionnaire, request, "").status()),
            "RESOURCE_NOT_FOUND");
  request.clear_version();
  request.set_name("questionnaires/unknown");
  EXPECT_EQ(instance_.Call(&Stub::GetQuestionnaire, request, "").status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(QuestionnairesTest, LeadAPersonWithoutAnApplicationToItems) {
  const v1::QuestionnaireAnswers given = SeeingAnswers();
  v1::QuestionnaireAnswers answers = given;
  answers.clear_answers();
  // The person answers what is asked, one after the other.
  int asked = 0;
  absl::StatusOr<v1::EvaluateAnswersResponse> step = Evaluate(answers);
  for (; step.ok() && !step->complete(); step = Evaluate(answers)) {
    ASSERT_FALSE(step->next_questions().empty());
    ASSERT_LT(++asked, 10);
    for (const v1::Answer& answer : given.answers()) {
      if (answer.question_id() == step->next_questions(0).id()) *answers.add_answers() = answer;
    }
  }
  ASSERT_TRUE(step.ok()) << step.status();
  EXPECT_EQ(asked, given.answers_size());
  EXPECT_THAT(CodesOf(step->recommended_items()), ElementsAre("V01", "V07"));
  EXPECT_THAT(step->recommended_items(1).reason_zh(), HasSubstr("读屏软件"));
  EXPECT_THAT(step->recommended_items(1).reason_en(), HasSubstr("screen"));
}

TEST_F(QuestionnairesTest, NameAllBadAnswersAtOnce) {
  v1::QuestionnaireAnswers answers = SeeingAnswers();
  answers.mutable_answers(0)->set_number(-3);
  answers.mutable_answers(1)->add_option_ids("grade_2");
  answers.mutable_answers(3)->add_option_ids("flying");
  const absl::Status status = Evaluate(answers).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(PathsOf(status),
            "questionnaire_answers.answers[0].number "
            "questionnaire_answers.answers[1].option_ids "
            "questionnaire_answers.answers[3].option_ids[2]");
  EXPECT_EQ(PathsOf(instance_.Create(DraftWith(answers)).status()),
            "application.questionnaire_answers[0].answers[0].number "
            "application.questionnaire_answers[0].answers[1].option_ids "
            "application.questionnaire_answers[0].answers[3].option_ids[2]");
}

TEST_F(QuestionnairesTest, AnswersAreKeptWithTheCaseForItsReviewerAlone) {
  test_support::FactLog log(instance_.fanout(), 16);
  const auto draft = instance_.Create(DraftWith(SeeingAnswers()));
  ASSERT_TRUE(draft.ok()) << draft.status();
  ASSERT_TRUE(instance_.Submit(draft->name()).ok());
  streams_.Reserve(draft->name());
  const v1::Application shown = instance_.Await(draft->name(), v1::APPLICATION_STATE_UNDER_REVIEW);
  ASSERT_EQ(shown.questionnaire_answers_size(), 1);
  EXPECT_EQ(shown.questionnaire_answers(0).version(), 1);
  EXPECT_EQ(shown.questionnaire_answers(0).answers_size(), SeeingAnswers().answers_size());
  EXPECT_THAT(CodesOf(shown.questionnaire_answers(0).recommended_items()),
              ElementsAre("V01", "V07"));

  v1::ListApplicationsRequest list;
  list.set_county_code("620102");
  const auto page = instance_.Call(&Stub::ListApplications, list);
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page->applications_size(), 1);
  EXPECT_TRUE(page->applications(0).questionnaire_answers().empty());

  log.Await<v1::ApplicationReviewStarted>(1);
  const auto events = log.All();
  EXPECT_EQ(events.size(), 3u);
  for (const event::v1::Event& event : events) {
    EXPECT_FALSE(absl::StrContains(event.SerializeAsString(), kSeeing)) << event.type();
    EXPECT_FALSE(absl::StrContains(event.SerializeAsString(), "eye_lost")) << event.type();
  }
}

TEST_F(QuestionnairesTest, ADraftIsHandedInWithAWholeQuestionnaireOrNone) {
  v1::QuestionnaireAnswers begun = SeeingAnswers();
  begun.mutable_answers()->DeleteSubrange(4, 2);
  const std::string name = instance_.Create(DraftWith(begun))->name();
  EXPECT_TRUE(instance_.Get(name)->questionnaire_answers(0).recommended_items().empty());
  v1::SubmitApplicationRequest dry;
  dry.set_name(name);
  dry.set_request_id(NewRequestId());
  dry.set_validate_only(true);
  for (const absl::Status& status :
       {instance_.Submit(name).status(), instance_.Call(&Stub::SubmitApplication, dry).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    EXPECT_EQ(ReasonOf(status), "DRAFT_INCOMPLETE");
    EXPECT_EQ(PathsOf(status), "application.questionnaire_answers[0].answers");
    const std::string words = ViolationsOf(status).begin()->second;
    EXPECT_THAT(words, HasSubstr("braille"));
    EXPECT_THAT(words, HasSubstr("eye_lost"));
  }
  const v1::QuestionnaireAnswers whole = SeeingAnswers();
  EXPECT_THAT(
      CodesOf(Answer(instance_, name, &whole)->questionnaire_answers(0).recommended_items()),
      ElementsAre("V01", "V07"));
  EXPECT_TRUE(Answer(instance_, name, nullptr)->questionnaire_answers().empty());
  EXPECT_TRUE(instance_.Submit(name).ok());
}

// A draft that lived for weeks while the questionnaires were renewed.
TEST_F(QuestionnairesTest, AnswersOutliveANewVersionButNotTheirOwn) {
  const auto draft = instance_.Create(DraftWith(SeeingAnswers()));
  ASSERT_TRUE(draft.ok()) << draft.status();
  const ApplicationsInstance only_new(
      redis_, &clock_, {.name = "b", .questionnaires = ShippedQuestionnaires(Versions::kSecond)});
  const absl::Status gone = only_new.Submit(draft->name()).status();
  EXPECT_EQ(ReasonOf(gone), "DRAFT_INCOMPLETE");
  EXPECT_EQ(PathsOf(gone), "application.questionnaire_answers[0].version");

  const ApplicationsInstance both(
      redis_, &clock_, {.name = "c", .questionnaires = ShippedQuestionnaires(Versions::kBoth)});
  v1::SubmitApplicationRequest dry;
  dry.set_name(draft->name());
  dry.set_request_id(NewRequestId());
  dry.set_validate_only(true);
  EXPECT_TRUE(both.Call(&Stub::SubmitApplication, dry).ok());

  v1::QuestionnaireAnswers again = SeeingAnswers();
  again.set_version(2);
  ASSERT_TRUE(Answer(only_new, draft->name(), &again).ok());
  const auto submitted = only_new.Submit(draft->name());
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  EXPECT_EQ(submitted->questionnaire_answers(0).version(), 2);
}

}  // namespace
}  // namespace fuju::applications
