// The RPCs of ApplicationsService about questionnaires. They read what was loaded at start.

#include <utility>

#include "absl/strings/str_cat.h"

#include "applications/answered_questionnaires.h"
#include "applications/applications_service.h"
#include "chassis/rpc/page_token.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {

ApplicationsService::Reactor* ApplicationsService::GetQuestionnaire(
    Context* context, const v1::GetQuestionnaireRequest* request, v1::Questionnaire* response) {
  using GetDone = std::function<void(absl::StatusOr<v1::Questionnaire>)>;
  return parts_.gate->Unary<v1::GetQuestionnaireRequest, v1::Questionnaire>(
      context, request, response,
      [this](const chassis::CallInfo&, const v1::GetQuestionnaireRequest& asked, GetDone done) {
        const v1::Questionnaire* found =
            asked.version() == 0 ? parts_.questionnaires->FindNewest(asked.name())
                                 : parts_.questionnaires->Find(asked.name(), asked.version());
        if (found == nullptr) return done(chassis::NotFound(asked.name()));
        done(*found);
      });
}

ApplicationsService::Reactor* ApplicationsService::ListQuestionnaires(
    Context* context, const v1::ListQuestionnairesRequest* request,
    v1::ListQuestionnairesResponse* response) {
  using ListDone = std::function<void(absl::StatusOr<v1::ListQuestionnairesResponse>)>;
  return parts_.gate->Unary<v1::ListQuestionnairesRequest, v1::ListQuestionnairesResponse>(
      context, request, response,
      [this](const chassis::CallInfo&, const v1::ListQuestionnairesRequest& asked, ListDone done) {
        const absl::StatusOr<std::string> cursor = chassis::CursorOf(asked);
        if (!cursor.ok()) return done(cursor.status());
        const int size = chassis::PageSize(asked.page_size());
        v1::ListQuestionnairesResponse answer;
        for (const v1::Questionnaire* one : parts_.questionnaires->ListNewest(asked.category())) {
          if (one->name() <= *cursor) continue;
          if (answer.questionnaires_size() == size) {
            answer.set_next_page_token(
                chassis::MakePageToken(asked, answer.questionnaires(size - 1).name()));
            break;
          }
          *answer.add_questionnaires() = *one;
        }
        done(std::move(answer));
      });
}

ApplicationsService::Reactor* ApplicationsService::EvaluateAnswers(
    Context* context, const v1::EvaluateAnswersRequest* request,
    v1::EvaluateAnswersResponse* response) {
  using EvaluateDone = std::function<void(absl::StatusOr<v1::EvaluateAnswersResponse>)>;
  return parts_.gate->Unary<v1::EvaluateAnswersRequest, v1::EvaluateAnswersResponse>(
      context, request, response,
      [this](const chassis::CallInfo&, const v1::EvaluateAnswersRequest& asked, EvaluateDone done) {
        done(applications::EvaluateAnswers(*parts_.questionnaires, asked.questionnaire_answers()));
      });
}

}  // namespace fuju::applications
