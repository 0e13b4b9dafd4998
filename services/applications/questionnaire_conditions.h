#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include <google/protobuf/repeated_field.h>

#include "fuju/applications/v1/questionnaire.pb.h"

namespace fuju::applications {

// The one option list of every yes/no question.
inline constexpr char kYes[] = "yes";
inline constexpr char kNo[] = "no";

// What is known of a person's answers at some moment.
struct KnownAnswers {
  // By question. A question that stands neither here nor below was not asked. The answers outlive
  // it.
  absl::flat_hash_map<std::string, const v1::Answer*> answers;
  // Questions that wait for their own answer, or for one that decides whether they are asked.
  absl::flat_hash_set<std::string> undecided;
};

// A condition about answers; unknown while it depends on a question that is undecided.
enum class Truth { kFalse, kUnknown, kTrue };

// Whether everything that the test asks for is true of the answer. Pure.
bool Matches(const v1::AnswerTest& test, const v1::Answer& answer);

// Whether all tests of the clause hold; a test about a question that was not asked does not. Pure.
Truth TruthOf(const v1::Clause& clause, const KnownAnswers& known);
// Whether at least one clause holds. Pure.
Truth TruthOfAny(const google::protobuf::RepeatedPtrField<v1::Clause>& clauses,
                 const KnownAnswers& known);
// Whether the question is to be asked. Pure.
Truth IsAsked(const v1::Question& question, const KnownAnswers& known);

}  // namespace fuju::applications
