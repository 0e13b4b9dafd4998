#include "applications/questionnaire_paths.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/algorithm/container.h"

namespace fuju::applications {
namespace {

using Tests = std::vector<const v1::AnswerTest*>;

// Every set of options that may be chosen together.
void AddChoices(const v1::Question& question, std::vector<v1::Answer>& answers) {
  const bool several = question.kind() == v1::QUESTION_KIND_MULTIPLE_CHOICE;
  const uint32_t sets = uint32_t{1} << question.options_size();
  for (uint32_t set = 1; set < sets; ++set) {
    v1::Answer answer;
    bool exclusive = false;
    for (int i = 0; i < question.options_size(); ++i) {
      if ((set >> i & 1) == 0) continue;
      answer.add_option_ids(question.options(i).id());
      exclusive |= question.options(i).exclusive();
    }
    if (answer.option_ids_size() > 1 && (!several || exclusive)) continue;
    answers.push_back(std::move(answer));
  }
}

// The ends of the range, and of each span that a test asks for with its neighbours outside.
void AddNumbers(const v1::Question& question, const Tests& tests,
                std::vector<v1::Answer>& answers) {
  std::set<int64_t> numbers = {question.range().minimum(), question.range().maximum()};
  for (const v1::AnswerTest* test : tests) {
    if (test->has_minimum()) numbers.insert({int64_t{test->minimum()} - 1, test->minimum()});
    if (test->has_maximum()) numbers.insert({test->maximum(), int64_t{test->maximum()} + 1});
  }
  for (const int64_t number : numbers) {
    if (number < question.range().minimum() || number > question.range().maximum()) continue;
    answers.emplace_back().set_number(static_cast<int32_t>(number));
  }
}

// One answer of each kind that the tests tell apart.
std::vector<v1::Answer> KindsOfAnswers(const v1::Question& question, const Tests& tests) {
  std::vector<v1::Answer> all;
  if (question.kind() == v1::QUESTION_KIND_NUMBER) {
    AddNumbers(question, tests, all);
  } else {
    AddChoices(question, all);
  }
  std::map<std::vector<bool>, v1::Answer> kinds;
  for (v1::Answer& answer : all) {
    std::vector<bool> signature;
    for (const v1::AnswerTest* test : tests) signature.push_back(Matches(*test, answer));
    kinds.emplace(std::move(signature), std::move(answer));
  }
  std::vector<v1::Answer> answers;
  for (auto& [signature, answer] : kinds) answers.push_back(std::move(answer));
  return answers;
}

void AddTests(const v1::Clause& clause, Tests& tests) {
  for (const v1::AnswerTest& test : clause.all_of()) tests.push_back(&test);
}

}  // namespace

void QuestionnairePaths::AddQuestionsOf(const v1::Clause& clause, Questions& questions) const {
  for (const v1::AnswerTest& test : clause.all_of()) {
    const auto found = absl::c_find_if(questionnaire_.questions(), [&test](const v1::Question& q) {
      return q.id() == test.question_id();
    });
    const int index = static_cast<int>(found - questionnaire_.questions().begin());
    if (!questions.insert(index).second) continue;
    for (const v1::Clause& earlier : found->show_when()) AddQuestionsOf(earlier, questions);
  }
}

bool QuestionnairePaths::TryAll(const Questions& matter, const Tests& tests,
                                const std::function<bool(const KnownAnswers&)>& look) const {
  std::vector<const v1::Question*> questions;
  std::vector<std::vector<v1::Answer>> answers;
  for (const int index : matter) {
    const v1::Question& question = questionnaire_.questions(index);
    Tests own;
    absl::c_copy_if(tests, std::back_inserter(own), [&question](const v1::AnswerTest* test) {
      return test->question_id() == question.id();
    });
    questions.push_back(&question);
    answers.push_back(KindsOfAnswers(question, own));
  }
  KnownAnswers known;
  int paths = 0;
  bool too_many = false;
  // Answers the questions from `i` on; false to end it.
  const std::function<bool(size_t)> go_on = [&](size_t i) {
    if (i == questions.size()) {
      too_many = ++paths > kMostTriedPaths;
      return !too_many && look(known);
    }
    if (IsAsked(*questions[i], known) != Truth::kTrue) return go_on(i + 1);
    const bool all = absl::c_all_of(answers[i], [&](const v1::Answer& answer) {
      known.answers[questions[i]->id()] = &answer;
      return go_on(i + 1);
    });
    known.answers.erase(questions[i]->id());
    return all;
  };
  go_on(0);
  return !too_many;
}

std::optional<bool> QuestionnairePaths::CanHold(const v1::Clause& clause) const {
  Questions matter;
  AddQuestionsOf(clause, matter);
  Tests tests;
  AddTests(clause, tests);
  for (const int index : matter) {
    for (const v1::Clause& shown : questionnaire_.questions(index).show_when()) {
      AddTests(shown, tests);
    }
  }
  bool holds = false;
  const bool tried = TryAll(matter, tests, [&](const KnownAnswers& known) {
    holds = TruthOf(clause, known) == Truth::kTrue;
    return !holds;
  });
  if (!tried && !holds) return std::nullopt;
  return holds;
}

std::optional<int> QuestionnairePaths::LongestPath() const {
  Questions matter;
  Tests tests;
  for (const v1::Question& question : questionnaire_.questions()) {
    for (const v1::Clause& clause : question.show_when()) {
      AddQuestionsOf(clause, matter);
      AddTests(clause, tests);
    }
  }
  int most = 0;
  const bool tried = TryAll(matter, tests, [&](const KnownAnswers& known) {
    most = std::max(most, static_cast<int>(absl::c_count_if(
                              questionnaire_.questions(), [&known](const v1::Question& question) {
                                return IsAsked(question, known) == Truth::kTrue;
                              })));
    return true;
  });
  if (!tried) return std::nullopt;
  return most;
}

}  // namespace fuju::applications
