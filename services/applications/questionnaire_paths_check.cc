#include "applications/questionnaire_paths_check.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "applications/questionnaire_paths.h"

namespace fuju::applications {
namespace {

using Clauses = google::protobuf::RepeatedPtrField<v1::Clause>;

// What is said of something whose conditions never hold.
struct NeverText {
  absl::string_view zh, en;
};

constexpr NeverText kNeverAsked = {"永远不会问到这一题，请改条件或去掉",
                                   "is never asked: change the condition or remove it"};
constexpr NeverText kNeverUsed = {"什么回答都用不到这条规则，请改条件或去掉",
                                  "can never hold: change the condition or remove it"};

void AddTangled(absl::string_view place, QuestionnaireReport& report) {
  report.Add(place, "条件太复杂，检查不完，请改简单些",
             "is too tangled to be checked: simplify its conditions");
}

// One of the clauses in the field `list` of what stands at `place` can hold, and so can each other.
void CheckCanHold(const QuestionnairePaths& paths, const std::string& place, absl::string_view list,
                  const Clauses& clauses, const NeverText& never, QuestionnaireReport& report) {
  const std::string field = absl::StrCat(place, ".", list);
  std::vector<int> dead;
  for (int i = 0; i < clauses.size(); ++i) {
    const std::optional<bool> can = paths.CanHold(clauses[i]);
    if (!can.has_value()) return AddTangled(field, report);
    if (!*can) dead.push_back(i);
  }
  if (!dead.empty() && dead.size() == static_cast<size_t>(clauses.size())) {
    return report.Add(place, never.zh, never.en);
  }
  for (const int i : dead) {
    report.Add(absl::StrCat(field, "[#", i + 1, "]"), "没有一种回答能满足这个条件，请改正或去掉",
               "no way of answering meets this condition: change or remove it");
  }
}

}  // namespace

void CheckPaths(const v1::Questionnaire& questionnaire, QuestionnaireReport& report) {
  const QuestionnairePaths paths(questionnaire);
  const std::optional<int> longest = paths.LongestPath();
  if (!longest.has_value()) {
    AddTangled("questions", report);
  } else if (*longest > kMostAskedQuestions) {
    report.Add("questions",
               absl::StrCat("有人要答", *longest, "题，最多", kMostAskedQuestions,
                            "题，请减少或多用showWhen"),
               absl::StrCat("somebody is asked ", *longest, " questions, at most ",
                            kMostAskedQuestions, " are allowed: leave some out or use showWhen"));
  }
  for (int i = 0; i < questionnaire.questions_size(); ++i) {
    CheckCanHold(paths, PlaceOf("questions", questionnaire.questions(), i), "showWhen",
                 questionnaire.questions(i).show_when(), kNeverAsked, report);
  }
  for (int i = 0; i < questionnaire.rules_size(); ++i) {
    CheckCanHold(paths, PlaceOf("rules", questionnaire.rules(), i), "when",
                 questionnaire.rules(i).when(), kNeverUsed, report);
  }
}

}  // namespace fuju::applications
