#include "applications/questionnaire_conditions.h"

#include <algorithm>

#include "absl/algorithm/container.h"

namespace fuju::applications {
namespace {

Truth TruthOf(const v1::AnswerTest& test, const KnownAnswers& known) {
  if (known.undecided.contains(test.question_id())) return Truth::kUnknown;
  const auto found = known.answers.find(test.question_id());
  if (found == known.answers.end()) return Truth::kFalse;
  return Matches(test, *found->second) ? Truth::kTrue : Truth::kFalse;
}

}  // namespace

bool Matches(const v1::AnswerTest& test, const v1::Answer& answer) {
  const auto chosen = [&answer](const std::string& option) {
    return absl::c_linear_search(answer.option_ids(), option);
  };
  if (!test.any_of().empty() && absl::c_none_of(test.any_of(), chosen)) return false;
  if (absl::c_any_of(test.none_of(), chosen)) return false;
  if (test.has_minimum() && answer.number() < test.minimum()) return false;
  return !test.has_maximum() || answer.number() <= test.maximum();
}

Truth TruthOf(const v1::Clause& clause, const KnownAnswers& known) {
  Truth least = Truth::kTrue;
  for (const v1::AnswerTest& test : clause.all_of()) least = std::min(least, TruthOf(test, known));
  return least;
}

Truth TruthOfAny(const google::protobuf::RepeatedPtrField<v1::Clause>& clauses,
                 const KnownAnswers& known) {
  Truth most = Truth::kFalse;
  for (const v1::Clause& clause : clauses) most = std::max(most, TruthOf(clause, known));
  return most;
}

Truth IsAsked(const v1::Question& question, const KnownAnswers& known) {
  return question.show_when().empty() ? Truth::kTrue : TruthOfAny(question.show_when(), known);
}

}  // namespace fuju::applications
