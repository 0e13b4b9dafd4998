#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "fuju/applications/v1/questionnaire.pb.h"

namespace fuju::applications {

// A file that holds one version of one questionnaire, in protobuf's JSON.
struct QuestionnaireFile {
  // As complaints name it.
  std::string name;
  std::string json;
};

// The questionnaires of a process, of each one or more versions. A value; what it points to lives
// as long as the set does.
class QuestionnaireSet {
 public:
  // No questionnaire.
  QuestionnaireSet() = default;

  // Reads and checks all files, which may only name items of `item_codes`. INVALID_ARGUMENT has
  // everything that is wrong in any of them, a line each, as CheckQuestionnaire writes it; of a
  // file that is no JSON of a questionnaire, what the parser says. Pure.
  static absl::StatusOr<QuestionnaireSet> Load(absl::Span<const QuestionnaireFile> files,
                                               const std::set<std::string>& item_codes);

  // Null if it is not loaded. `name` is such as "questionnaires/seeing".
  const v1::Questionnaire* Find(const std::string& name, int version) const;
  const v1::Questionnaire* FindNewest(const std::string& name) const;

  // The newest version of each, by name; those for the category unless it is UNSPECIFIED.
  std::vector<const v1::Questionnaire*> ListNewest(type::v1::DisabilityCategory category) const;

 private:
  // By name and version.
  std::map<std::string, std::map<int, v1::Questionnaire>> questionnaires_;
};

}  // namespace fuju::applications
