#pragma once

#include "applications/questionnaire_report.h"
#include "fuju/applications/v1/questionnaire.pb.h"

namespace fuju::applications {

// The most questions that one person may be asked by one questionnaire.
inline constexpr int kMostAskedQuestions = 10;

// Adds to the report what can not be seen in one place, because it depends on what people answer:
// questions that are never asked, rules and single conditions that never hold, a path of more than
// kMostAskedQuestions, and conditions that are too tangled to say so. The questionnaire is as
// QuestionnairePaths wants it. Pure.
void CheckPaths(const v1::Questionnaire& questionnaire, QuestionnaireReport& report);

}  // namespace fuju::applications
