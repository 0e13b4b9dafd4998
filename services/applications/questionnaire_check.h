#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "fuju/applications/v1/questionnaire.pb.h"

namespace fuju::applications {

// Sets what a file leaves to the service: the options of yes/no questions.
void CompleteQuestionnaire(v1::Questionnaire& questionnaire);

// Everything that is wrong with a completed questionnaire, a line each:
//   "<file>: questions[walk].options[stick].textZh: <what is wrong and how to mend it> / <the same
//   in English>"
// Places are those of the file, with the ids of questions, options and rules, or "#3" for the third
// one if it has no id of its own. While references are wrong, nobody can say what can be reached,
// so that is looked at only when all else is right. `item_codes` are those of the catalogue. Pure.
std::vector<std::string> CheckQuestionnaire(absl::string_view file,
                                            const v1::Questionnaire& questionnaire,
                                            const std::set<std::string>& item_codes);

}  // namespace fuju::applications
