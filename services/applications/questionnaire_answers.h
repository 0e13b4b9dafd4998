#pragma once

#include <string>
#include <vector>

#include "applications/timeline_texts.h"
#include "fuju/applications/v1/questionnaire.pb.h"

namespace fuju::applications {

// What a person's answers to one questionnaire lead to. The questionnaire is one of a
// QuestionnaireSet, the answers are to its version. Pure.

// Something wrong with answers: where, such as "answers[2].option_ids[0]", and how to mend it.
struct AnswerComplaint {
  std::string path;
  Text text;
};

// Everything that is wrong with the answers given, in their order; missing ones are not wrong. An
// answer to a question that waits for a wrong answer is not complained of.
std::vector<AnswerComplaint> CheckAnswers(const v1::Questionnaire& questionnaire,
                                          const v1::QuestionnaireAnswers& answers);

// The questions that can be asked now, in order: those without an answer of which is certain that
// they are asked. None: the answers are complete. CheckAnswers had no complaint.
std::vector<const v1::Question*> NextQuestions(const v1::Questionnaire& questionnaire,
                                               const v1::QuestionnaireAnswers& answers);

// What complete answers lead to, the best first; each item once, with the reason that came first.
std::vector<v1::RecommendedItem> Recommend(const v1::Questionnaire& questionnaire,
                                           const v1::QuestionnaireAnswers& answers);

}  // namespace fuju::applications
