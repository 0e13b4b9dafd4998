#pragma once

#include <string>
#include <vector>

#include "applications/questionnaire_set.h"

namespace fuju::applications::testing {

// A small questionnaire "questionnaires/sample" with every kind of question:
//   age     number, 0 to 120
//   walk    single: steady, unsteady, not
//   trouble multiple, if unsteady: tired, weak, none (exclusive)
//   sore    yes/no, if not
// and the rules stick (unsteady and tired: W03, W01), frame (weak: W07, W01; before stick), cushion
// (sore: H04), chair (not: M01, from 18 years).
inline constexpr char kSample[] = "questionnaires/sample";

// Its file, as JSON, and as a message without what the service adds.
std::string SampleJson();
v1::Questionnaire SampleQuestionnaire();
std::string ToJson(const v1::Questionnaire& questionnaire);

// Items that a test's catalogue has.
const std::set<std::string>& ItemCodes();

// The sample in the versions given.
QuestionnaireSet SampleSet(const std::vector<int>& versions);

v1::Answer Chosen(const std::string& question, const std::vector<std::string>& options);
v1::Answer Number(const std::string& question, int number);
v1::QuestionnaireAnswers AnswersOf(const std::vector<v1::Answer>& answers, int version = 1);

}  // namespace fuju::applications::testing
