#include "applications/answered_questionnaires.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "applications/questionnaire_answers.h"

namespace fuju::applications {
namespace {

std::string PathOf(int index) {
  return absl::StrCat("application.questionnaire_answers[", index, "]");
}

// The questionnaire that was answered; null if its version is not loaded or an answer is wrong,
// which goes to the refusal, at `path`.
const v1::Questionnaire* CheckAgainst(const QuestionnaireSet& questionnaires,
                                      const v1::QuestionnaireAnswers& answers,
                                      const std::string& path, chassis::Refusal& refusal) {
  const v1::Questionnaire* questionnaire =
      questionnaires.Find(answers.questionnaire(), answers.version());
  if (questionnaire != nullptr) {
    const std::vector<AnswerComplaint> complaints = CheckAnswers(*questionnaire, answers);
    for (const AnswerComplaint& complaint : complaints) {
      refusal.Field(absl::StrCat(path, ".", complaint.path), complaint.text.zh, complaint.text.en);
    }
    return complaints.empty() ? questionnaire : nullptr;
  }
  const v1::Questionnaire* newest = questionnaires.FindNewest(answers.questionnaire());
  if (newest == nullptr) {
    refusal.Field(absl::StrCat(path, ".questionnaire"), "没有这份问卷，请用问卷列表里的名称",
                  "there is no such questionnaire: take a name from the list");
  } else {
    refusal.Field(
        absl::StrCat(path, ".version"),
        absl::StrCat("问卷没有这一版，请按现在的第", newest->version(), "版重新回答"),
        absl::StrCat("this version is not in use: answer version ", newest->version(), " again"));
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<v1::EvaluateAnswersResponse> EvaluateAnswers(
    const QuestionnaireSet& questionnaires, const v1::QuestionnaireAnswers& answers) {
  chassis::Refusal refusal = chassis::InvalidFields();
  const v1::Questionnaire* questionnaire =
      CheckAgainst(questionnaires, answers, "questionnaire_answers", refusal);
  if (questionnaire == nullptr) return refusal.Build();
  v1::EvaluateAnswersResponse response;
  for (const v1::Question* question : NextQuestions(*questionnaire, answers)) {
    *response.add_next_questions() = *question;
  }
  if (!response.next_questions().empty()) return response;
  response.set_complete(true);
  for (v1::RecommendedItem& item : Recommend(*questionnaire, answers)) {
    response.mutable_recommended_items()->Add(std::move(item));
  }
  if (response.recommended_items().empty()) {
    response.set_no_match_zh(questionnaire->no_match_zh());
    response.set_no_match_en(questionnaire->no_match_en());
  }
  return response;
}

void NormaliseAnswers(const QuestionnaireSet& questionnaires, v1::Application& draft,
                      chassis::Refusal& refusal) {
  std::set<std::string> seen;
  for (int i = 0; i < draft.questionnaire_answers_size(); ++i) {
    v1::QuestionnaireAnswers& answers = *draft.mutable_questionnaire_answers(i);
    answers.clear_recommended_items();
    if (!seen.insert(answers.questionnaire()).second) {
      refusal.Field(absl::StrCat(PathOf(i), ".questionnaire"), "这份问卷前面已经有了，请只留一份",
                    "this questionnaire stands before already: keep one");
      continue;
    }
    const v1::Questionnaire* questionnaire =
        CheckAgainst(questionnaires, answers, PathOf(i), refusal);
    if (questionnaire == nullptr || !NextQuestions(*questionnaire, answers).empty()) continue;
    for (v1::RecommendedItem& item : Recommend(*questionnaire, answers)) {
      answers.mutable_recommended_items()->Add(std::move(item));
    }
  }
}

void CheckAnswersComplete(const QuestionnaireSet& questionnaires, const v1::Application& draft,
                          chassis::Refusal& refusal) {
  for (int i = 0; i < draft.questionnaire_answers_size(); ++i) {
    const v1::QuestionnaireAnswers& answers = draft.questionnaire_answers(i);
    const v1::Questionnaire* questionnaire =
        CheckAgainst(questionnaires, answers, PathOf(i), refusal);
    if (questionnaire == nullptr) continue;
    for (const v1::Question* question : NextQuestions(*questionnaire, answers)) {
      refusal.Field(absl::StrCat(PathOf(i), ".answers"),
                    absl::StrCat("请回答“", question->text_zh(), "”（", question->id(), "）"),
                    absl::StrCat("answer \"", question->text_en(), "\" (", question->id(), ")"));
    }
  }
}

}  // namespace fuju::applications
