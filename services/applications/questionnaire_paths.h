#pragma once

#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "applications/questionnaire_conditions.h"
#include "fuju/applications/v1/questionnaire.pb.h"

namespace fuju::applications {

// Ways that were tried at most for one question about a questionnaire.
inline constexpr int kMostTriedPaths = 50'000;

// What can happen in a questionnaire, whatever people answer. It tries all ways of answering, but
// only the questions that matter, and of their answers one of each kind that conditions tell apart.
// Not thread-safe. The questionnaire outlives it; its ids are unique, and every condition is about
// earlier questions and options that they have.
class QuestionnairePaths {
 public:
  explicit QuestionnairePaths(const v1::Questionnaire& questionnaire)
      : questionnaire_(questionnaire) {}

  // Whether the clause can ever hold; nullopt: not found out within kMostTriedPaths.
  std::optional<bool> CanHold(const v1::Clause& clause) const;

  // The most questions that anybody is asked; nullopt as above.
  std::optional<int> LongestPath() const;

 private:
  // Indexes of questions, in their order.
  using Questions = std::set<int>;

  // Adds what the clauses are about, and what decides whether that is asked.
  void AddQuestionsOf(const v1::Clause& clause, Questions& questions) const;

  // Answers every one of `matter` that is asked in every way that the tests tell apart. `look` sees
  // the answers of each way, and returns false to end it. False: there were too many.
  bool TryAll(const Questions& matter, const std::vector<const v1::AnswerTest*>& tests,
              const std::function<bool(const KnownAnswers&)>& look) const;

  const v1::Questionnaire& questionnaire_;
};

}  // namespace fuju::applications
