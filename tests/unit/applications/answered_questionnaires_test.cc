#include "applications/answered_questionnaires.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/violations.h"
#include "unit/applications/sample_questionnaire.h"

namespace fuju::applications {
namespace {

using test_support::PathsOf;
using test_support::ViolationsOf;
using testing::AnswersOf;
using testing::Chosen;
using ::testing::HasSubstr;
using testing::Number;

class AnsweredQuestionnairesTest : public ::testing::Test {
 protected:
  static v1::Application DraftWith(const std::vector<v1::QuestionnaireAnswers>& all) {
    v1::Application draft;
    for (const v1::QuestionnaireAnswers& answers : all) {
      *draft.add_questionnaire_answers() = answers;
    }
    return draft;
  }

  std::string PathsOfDraft(v1::Application draft) const {
    chassis::Refusal refusal = chassis::InvalidFields();
    NormaliseAnswers(set_, draft, refusal);
    return PathsOf(refusal.Build());
  }

  const QuestionnaireSet set_ = testing::SampleSet({1, 2});
  const v1::QuestionnaireAnswers complete_ =
      AnswersOf({Number("age", 30), Chosen("walk", {"unsteady"}), Chosen("trouble", {"weak"})});
};

TEST_F(AnsweredQuestionnairesTest, APersonIsLedFromQuestionToItem) {
  auto step = EvaluateAnswers(set_, AnswersOf({}));
  ASSERT_TRUE(step.ok()) << step.status();
  EXPECT_FALSE(step->complete());
  ASSERT_EQ(step->next_questions_size(), 2);
  EXPECT_EQ(step->next_questions(0).id(), "age");
  EXPECT_EQ(step->next_questions(1).options_size(), 3);
  EXPECT_TRUE(step->recommended_items().empty());

  step = EvaluateAnswers(set_, complete_);
  ASSERT_TRUE(step.ok());
  EXPECT_TRUE(step->complete());
  EXPECT_TRUE(step->next_questions().empty());
  ASSERT_EQ(step->recommended_items_size(), 2);
  EXPECT_EQ(step->recommended_items(0).item_code(), "W07");
  EXPECT_EQ(step->recommended_items(0).reason_zh(), "您没劲。");
  EXPECT_EQ(step->no_match_zh(), "");
}

TEST_F(AnsweredQuestionnairesTest, NobodyIsLeftWithoutAWord) {
  const auto step =
      EvaluateAnswers(set_, AnswersOf({Number("age", 5), Chosen("walk", {"steady"})}));
  ASSERT_TRUE(step.ok());
  EXPECT_TRUE(step->complete());
  EXPECT_TRUE(step->recommended_items().empty());
  EXPECT_EQ(step->no_match_zh(), "请问县残联。");
  EXPECT_EQ(step->no_match_en(), "Please ask the county.");
}

TEST_F(AnsweredQuestionnairesTest, BadAnswersAreNamed) {
  const absl::Status status =
      EvaluateAnswers(set_, AnswersOf({Number("age", 300), Chosen("walk", {"flying"})})).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(PathsOf(status),
            "questionnaire_answers.answers[0].number "
            "questionnaire_answers.answers[1].option_ids[0]");
}

TEST_F(AnsweredQuestionnairesTest, AVersionThatIsNotLoadedIsNamedWithTheNewest) {
  const absl::Status status = EvaluateAnswers(set_, AnswersOf({}, 3)).status();
  EXPECT_EQ(PathsOf(status), "questionnaire_answers.version");
  EXPECT_THAT(ViolationsOf(status).begin()->second, HasSubstr("version 2"));
  v1::QuestionnaireAnswers other = AnswersOf({});
  other.set_questionnaire("questionnaires/other");
  EXPECT_EQ(PathsOf(EvaluateAnswers(set_, other).status()), "questionnaire_answers.questionnaire");
}

TEST_F(AnsweredQuestionnairesTest, ADraftGetsWhatIsRecommendedOnceItIsComplete) {
  v1::Application draft = DraftWith({complete_});
  // What a caller says is recommended does not count.
  draft.mutable_questionnaire_answers(0)->add_recommended_items()->set_item_code("H02");
  chassis::Refusal refusal = chassis::InvalidFields();
  NormaliseAnswers(set_, draft, refusal);
  EXPECT_FALSE(refusal.has_fields());
  ASSERT_EQ(draft.questionnaire_answers(0).recommended_items_size(), 2);
  EXPECT_EQ(draft.questionnaire_answers(0).recommended_items(1).item_code(), "W01");

  draft.mutable_questionnaire_answers(0)->mutable_answers()->RemoveLast();
  NormaliseAnswers(set_, draft, refusal);
  EXPECT_FALSE(refusal.has_fields()) << "a draft may be incomplete";
  EXPECT_TRUE(draft.questionnaire_answers(0).recommended_items().empty());
}

TEST_F(AnsweredQuestionnairesTest, AllThatIsWrongWithADraftIsNamedAtOnce) {
  v1::QuestionnaireAnswers unknown = AnswersOf({});
  unknown.set_questionnaire("questionnaires/other");
  EXPECT_EQ(PathsOfDraft(DraftWith(
                {AnswersOf({Number("age", 300)}), unknown, AnswersOf({Chosen("walk", {})}, 2)})),
            "application.questionnaire_answers[0].answers[0].number "
            "application.questionnaire_answers[1].questionnaire "
            "application.questionnaire_answers[2].questionnaire");
  EXPECT_EQ(PathsOfDraft(DraftWith({AnswersOf({}, 7)})),
            "application.questionnaire_answers[0].version");
}

absl::Status Missing(const QuestionnaireSet& set, const v1::Application& draft) {
  chassis::Refusal refusal = chassis::InvalidFields();
  CheckAnswersComplete(set, draft, refusal);
  return refusal;
}

TEST_F(AnsweredQuestionnairesTest, ADraftWithoutAQuestionnaireIsComplete) {
  EXPECT_EQ(PathsOf(Missing(set_, DraftWith({}))), "");
  EXPECT_EQ(PathsOf(Missing(QuestionnaireSet(), DraftWith({}))), "");
  EXPECT_EQ(PathsOf(Missing(set_, DraftWith({complete_}))), "");
}

TEST_F(AnsweredQuestionnairesTest, EachMissingAnswerIsNamedInWords) {
  const absl::Status status = Missing(set_, DraftWith({complete_, AnswersOf({}, 2)}));
  EXPECT_EQ(PathsOf(status), "application.questionnaire_answers[1].answers");
  const std::string words = ViolationsOf(status).begin()->second;
  EXPECT_THAT(words, HasSubstr("请回答“多大？”（age）"));
  EXPECT_THAT(words, HasSubstr("How do you walk?"));
}

// A draft that lived for weeks: an older version that is still loaded is good.
TEST_F(AnsweredQuestionnairesTest, AnswersStayGoodAsLongAsTheirVersionIsLoaded) {
  EXPECT_EQ(PathsOf(Missing(testing::SampleSet({1, 2}), DraftWith({complete_}))), "");
  const absl::Status gone = Missing(testing::SampleSet({2}), DraftWith({complete_}));
  EXPECT_EQ(PathsOf(gone), "application.questionnaire_answers[0].version");
  EXPECT_THAT(ViolationsOf(gone).begin()->second, HasSubstr("请按现在的第2版重新回答"));
  EXPECT_EQ(PathsOf(Missing(QuestionnaireSet(), DraftWith({complete_}))),
            "application.questionnaire_answers[0].questionnaire");
}

}  // namespace
}  // namespace fuju::applications
