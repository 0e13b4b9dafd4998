#pragma once

#include <string>

#include "absl/status/statusor.h"

#include "applications/questionnaire_set.h"
#include "chassis/values/refusal.h"
#include "fuju/applications/v1/applications_service.pb.h"

namespace fuju::applications {

// The questionnaires that a person answered, as a request or an application has them. Pure.

// What to ask next, or what is recommended. INVALID_ARGUMENT names all bad answers, and a
// questionnaire or version that is not loaded.
absl::StatusOr<v1::EvaluateAnswersResponse> EvaluateAnswers(
    const QuestionnaireSet& questionnaires, const v1::QuestionnaireAnswers& answers);

// Checks all answers of a draft, which may be incomplete, and sets what is recommended for them.
// Adds what is wrong to the refusal, at "application.questionnaire_answers[...]".
void NormaliseAnswers(const QuestionnaireSet& questionnaires, v1::Application& draft,
                      chassis::Refusal& refusal);

// A draft may be handed in without any questionnaire, but not with one that was begun only, or that
// was answered in a version which is no longer loaded: nobody could say what its answers mean.
// Complains of every question without an answer.
void CheckAnswersComplete(const QuestionnaireSet& questionnaires, const v1::Application& draft,
                          chassis::Refusal& refusal);

}  // namespace fuju::applications
