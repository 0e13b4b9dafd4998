#include "applications/questionnaire_set.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include <google/protobuf/util/json_util.h>

#include "applications/questionnaire_check.h"
#include "applications/questionnaire_report.h"

namespace fuju::applications {

absl::StatusOr<QuestionnaireSet> QuestionnaireSet::Load(absl::Span<const QuestionnaireFile> files,
                                                        const std::set<std::string>& item_codes) {
  QuestionnaireSet set;
  std::vector<std::string> complaints;
  std::map<std::pair<std::string, int>, std::string> file_of;
  for (const QuestionnaireFile& file : files) {
    QuestionnaireReport report(file.name);
    v1::Questionnaire questionnaire;
    const auto parsed = google::protobuf::util::JsonStringToMessage(file.json, &questionnaire);
    if (!parsed.ok()) {
      // The parser shows the place in lines of their own.
      std::string why = absl::StrReplaceAll(
          absl::string_view(parsed.message().data(), parsed.message().size()), {{"\n", " "}});
      absl::RemoveExtraAsciiWhitespace(&why);
      report.Add("JSON", absl::StrCat("不是问卷的JSON，请改正：", why),
                 absl::StrCat("is no JSON of a questionnaire, correct it: ", why));
      absl::c_move(report.Take(), std::back_inserter(complaints));
      continue;
    }
    CompleteQuestionnaire(questionnaire);
    absl::c_move(CheckQuestionnaire(file.name, questionnaire, item_codes),
                 std::back_inserter(complaints));
    const auto [first, is_new] =
        file_of.emplace(std::pair(questionnaire.name(), questionnaire.version()), file.name);
    if (!is_new && !first->first.first.empty()) {
      report.Add("version",
                 absl::StrCat("与", first->second, "是同一份问卷的同一版本，请把版本号加1"),
                 absl::StrCat("is the same version of the same questionnaire as ", first->second,
                              ": give the newer one the next version"));
      absl::c_move(report.Take(), std::back_inserter(complaints));
    }
    set.questionnaires_[questionnaire.name()][questionnaire.version()] = std::move(questionnaire);
  }
  if (complaints.empty()) return set;
  return absl::InvalidArgumentError(absl::StrJoin(complaints, "\n"));
}

const v1::Questionnaire* QuestionnaireSet::Find(const std::string& name, int version) const {
  const auto versions = questionnaires_.find(name);
  if (versions == questionnaires_.end()) return nullptr;
  const auto found = versions->second.find(version);
  return found == versions->second.end() ? nullptr : &found->second;
}

const v1::Questionnaire* QuestionnaireSet::FindNewest(const std::string& name) const {
  const auto versions = questionnaires_.find(name);
  return versions == questionnaires_.end() ? nullptr : &versions->second.rbegin()->second;
}

std::vector<const v1::Questionnaire*> QuestionnaireSet::ListNewest(
    type::v1::DisabilityCategory category) const {
  std::vector<const v1::Questionnaire*> newest;
  for (const auto& [name, versions] : questionnaires_) {
    const v1::Questionnaire& last = versions.rbegin()->second;
    const bool asked = category == type::v1::DISABILITY_CATEGORY_UNSPECIFIED ||
                       absl::c_linear_search(last.categories(), static_cast<int>(category));
    if (asked) newest.push_back(&last);
  }
  return newest;
}

}  // namespace fuju::applications
