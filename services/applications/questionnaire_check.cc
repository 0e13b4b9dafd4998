#include "applications/questionnaire_check.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "applications/questionnaire_conditions.h"
#include "applications/questionnaire_paths_check.h"
#include "applications/questionnaire_report.h"

namespace fuju::applications {
namespace {

using absl::string_view;

constexpr string_view kCollection = "questionnaires/";
constexpr int kHighestVersion = 1'000'000;
constexpr int kMostOptions = 10;
constexpr int kHighestNumber = 1'000'000;

std::string Below(string_view place, string_view field) { return absl::StrCat(place, ".", field); }

class Check {
 public:
  Check(string_view file, const v1::Questionnaire& questionnaire,
        const std::set<std::string>& item_codes)
      : report_(file), questionnaire_(questionnaire), item_codes_(item_codes) {}

  std::vector<std::string> Run() {
    CheckHead();
    for (int i = 0; i < questionnaire_.questions_size(); ++i) CheckQuestion(i);
    for (int i = 0; i < questionnaire_.rules_size(); ++i) CheckRule(i);
    if (report_.empty()) CheckPaths(questionnaire_, report_);
    return report_.Take();
  }

 private:
  // --- the questionnaire itself ---

  void CheckHead() {
    const string_view name = questionnaire_.name();
    if (!IsQuestionnaireId(absl::StripPrefix(name, kCollection)) ||
        !absl::StartsWith(name, kCollection)) {
      report_.Add("name", "应为questionnaires加斜线加编号，如questionnaires/seeing",
                  "is questionnaires/ and an id, such as questionnaires/seeing");
    }
    if (questionnaire_.version() < 1 || questionnaire_.version() > kHighestVersion) {
      report_.Add("version", "版本号应为1到1000000的整数", "a version is 1 to 1000000");
    }
    report_.CheckText("title", questionnaire_.title_zh(), questionnaire_.title_en());
    report_.CheckText("intro", questionnaire_.intro_zh(), questionnaire_.intro_en());
    // Without it a way that no rule knows would end with silence.
    report_.CheckText("noMatch", questionnaire_.no_match_zh(), questionnaire_.no_match_en());
    CheckCategories();
    if (questionnaire_.questions().empty()) {
      report_.Add("questions", "没有问题，请至少写一个", "has no question: write at least one");
    }
    if (questionnaire_.rules().empty()) {
      report_.Add("rules", "没有推荐规则，请至少写一条", "has no rule: write at least one");
    }
    report_.CheckIds("questions", questionnaire_.questions());
    report_.CheckIds("rules", questionnaire_.rules());
  }

  void CheckCategories() {
    std::set<int> seen;
    if (questionnaire_.categories().empty()) {
      report_.Add("categories", "没有写适用的残疾类别", "names no disability category");
    }
    for (const int category : questionnaire_.categories()) {
      const bool known = category != type::v1::DISABILITY_CATEGORY_UNSPECIFIED &&
                         type::v1::DisabilityCategory_IsValid(category);
      if (known && seen.insert(category).second) continue;
      report_.Add("categories", "残疾类别应为已有的类别，各写一次",
                  "a category is one of the list, and stands once");
    }
  }

  // --- questions ---

  void CheckQuestion(int index) {
    const v1::Question& question = questionnaire_.questions(index);
    const std::string place = PlaceOf("questions", questionnaire_.questions(), index);
    report_.CheckText(Below(place, "text"), question.text_zh(), question.text_en());
    if (!question.help_zh().empty() || !question.help_en().empty()) {
      report_.CheckText(Below(place, "help"), question.help_zh(), question.help_en());
    }
    switch (question.kind()) {
      case v1::QUESTION_KIND_SINGLE_CHOICE:
      case v1::QUESTION_KIND_MULTIPLE_CHOICE:
        CheckOptions(place, question);
        break;
      case v1::QUESTION_KIND_YES_NO:
        CheckYesNo(place, question);
        break;
      case v1::QUESTION_KIND_NUMBER:
        CheckRange(place, question);
        break;
      default:
        report_.Add(Below(place, "kind"), "没有写是哪种问题：单选、多选、数字或者是否",
                    "does not say what kind of question it is");
        break;
    }
    if (question.kind() != v1::QUESTION_KIND_NUMBER && question.has_range()) {
      report_.Add(Below(place, "range"), "只有数字题才有范围，请去掉",
                  "only a number has a range: remove it");
    }
    CheckClauses(Below(place, "showWhen"), question.show_when(), index);
  }

  void CheckOptions(const std::string& place, const v1::Question& question) {
    if (question.options_size() < 2 || question.options_size() > kMostOptions) {
      report_.Add(
          Below(place, "options"),
          absl::StrCat("有", question.options_size(), "个选项，应为2到", kMostOptions, "个"),
          absl::StrCat("has ", question.options_size(), " options, it should have 2 to ",
                       kMostOptions));
    }
    report_.CheckIds(Below(place, "options"), question.options());
    for (int i = 0; i < question.options_size(); ++i) {
      const v1::QuestionOption& option = question.options(i);
      const std::string inner = PlaceOf(Below(place, "options"), question.options(), i);
      report_.CheckText(Below(inner, "text"), option.text_zh(), option.text_en());
      if (option.exclusive() && question.kind() != v1::QUESTION_KIND_MULTIPLE_CHOICE) {
        report_.Add(Below(inner, "exclusive"), "只有多选题的选项才写exclusive，请去掉",
                    "only an option of a multiple choice is exclusive: remove it");
      }
    }
  }

  void CheckYesNo(const std::string& place, const v1::Question& question) {
    const bool standard = question.options_size() == 2 && question.options(0).id() == kYes &&
                          question.options(1).id() == kNo;
    if (standard) return;
    report_.Add(Below(place, "options"), "是否题的选项由系统填写，请去掉",
                "the options of a yes/no question are set by the service: remove them");
  }

  void CheckRange(const std::string& place, const v1::Question& question) {
    if (!question.options().empty()) {
      report_.Add(Below(place, "options"), "数字题没有选项，请去掉",
                  "a number has no options: remove them");
    }
    if (!question.has_range()) {
      return report_.Add(Below(place, "range"), "没有写数字的范围和单位", "has no range and unit");
    }
    const v1::NumberRange& range = question.range();
    const std::string inner = Below(place, "range");
    if (range.minimum() >= range.maximum()) {
      report_.Add(inner, absl::StrCat("最小值", range.minimum(), "应小于最大值", range.maximum()),
                  absl::StrCat("the minimum ", range.minimum(), " should be less than the maximum ",
                               range.maximum()));
    }
    if (range.minimum() < -kHighestNumber || range.maximum() > kHighestNumber) {
      report_.Add(inner, "数字应在正负1000000之间", "numbers are between -1000000 and 1000000");
    }
    report_.CheckText(Below(inner, "unit"), range.unit_zh(), range.unit_en());
  }

  // --- conditions ---

  // Conditions of something that comes after the questions before `end`.
  template <typename Clauses>
  void CheckClauses(const std::string& place, const Clauses& clauses, int end) {
    for (int i = 0; i < clauses.size(); ++i) {
      const std::string clause = absl::StrCat(place, "[#", i + 1, "]");
      if (clauses[i].all_of().empty()) {
        report_.Add(clause, "条件是空的，请写上要看哪个回答，或者去掉",
                    "is an empty condition: say which answer it looks at, or remove it");
      }
      for (int k = 0; k < clauses[i].all_of_size(); ++k) {
        CheckTest(absl::StrCat(clause, ".allOf[#", k + 1, "]"), clauses[i].all_of(k), end);
      }
    }
  }

  void CheckTest(const std::string& place, const v1::AnswerTest& test, int end) {
    const auto& questions = questionnaire_.questions();
    const auto found = absl::c_find_if(
        questions, [&test](const v1::Question& q) { return q.id() == test.question_id(); });
    if (found == questions.end()) {
      return report_.Add(Below(place, "questionId"),
                         absl::StrCat("没有编号为“", test.question_id(), "”的问题"),
                         absl::StrCat("there is no question '", test.question_id(), "'"));
    }
    if (found - questions.begin() >= end) {
      report_.Add(
          Below(place, "questionId"),
          absl::StrCat("问题“", test.question_id(), "”排在后面或就是这一题，条件只能看前面的问题"),
          absl::StrCat("question '", test.question_id(),
                       "' comes later or is this one: a condition looks at earlier ones"));
    }
    if (found->kind() == v1::QUESTION_KIND_NUMBER) {
      CheckNumberTest(place, test);
    } else {
      CheckOptionTest(place, test, *found);
    }
  }

  void CheckNumberTest(const std::string& place, const v1::AnswerTest& test) {
    if (!test.any_of().empty() || !test.none_of().empty()) {
      report_.Add(place, "数字题没有选项，请用minimum和maximum",
                  "a number has no options: use minimum and maximum");
    } else if (!test.has_minimum() && !test.has_maximum()) {
      report_.Add(place, "没有写minimum或maximum", "has neither minimum nor maximum");
    }
    if (test.has_minimum() && test.has_maximum() && test.minimum() > test.maximum()) {
      report_.Add(place, absl::StrCat("minimum ", test.minimum(), "大于maximum ", test.maximum()),
                  absl::StrCat("its minimum ", test.minimum(), " is greater than its maximum ",
                               test.maximum()));
    }
  }

  void CheckOptionTest(const std::string& place, const v1::AnswerTest& test,
                       const v1::Question& question) {
    if (test.has_minimum() || test.has_maximum()) {
      report_.Add(place, "选择题没有大小，请用anyOf和noneOf",
                  "a choice has no size: use anyOf and noneOf");
    } else if (test.any_of().empty() && test.none_of().empty()) {
      report_.Add(place, "没有写anyOf或noneOf", "has neither anyOf nor noneOf");
    }
    const auto check = [&](const auto& ids, string_view field) {
      for (const std::string& id : ids) {
        const bool known = absl::c_any_of(
            question.options(), [&id](const v1::QuestionOption& o) { return o.id() == id; });
        if (known) continue;
        report_.Add(Below(place, field),
                    absl::StrCat("问题“", question.id(), "”没有选项“", id, "”"),
                    absl::StrCat("question '", question.id(), "' has no option '", id, "'"));
      }
    };
    check(test.any_of(), "anyOf");
    check(test.none_of(), "noneOf");
  }

  // --- rules ---

  void CheckRule(int index) {
    const v1::RecommendationRule& rule = questionnaire_.rules(index);
    const std::string place = PlaceOf("rules", questionnaire_.rules(), index);
    report_.CheckText(Below(place, "reason"), rule.reason_zh(), rule.reason_en());
    if (rule.when().empty()) {
      report_.Add(Below(place, "when"), "没有写什么回答会用到这条规则",
                  "does not say for which answers");
    }
    CheckClauses(Below(place, "when"), rule.when(), questionnaire_.questions_size());
    if (rule.priority() < 1) {
      report_.Add(Below(place, "priority"), "先后应从1开始，1最先",
                  "a priority is 1 or more, 1 comes first");
    }
    if (rule.item_codes().empty()) {
      report_.Add(Below(place, "itemCodes"), "没有推荐任何品目", "recommends no item");
    }
    std::set<std::string> seen;
    for (const std::string& code : rule.item_codes()) {
      if (!item_codes_.contains(code)) {
        report_.Add(Below(place, "itemCodes"), absl::StrCat("补贴目录中没有品目“", code, "”"),
                    absl::StrCat("the catalogue has no item '", code, "'"));
      } else if (!seen.insert(code).second) {
        report_.Add(Below(place, "itemCodes"), absl::StrCat("品目“", code, "”写了两次"),
                    absl::StrCat("item '", code, "' stands twice"));
      }
    }
  }

  QuestionnaireReport report_;
  const v1::Questionnaire& questionnaire_;
  const std::set<std::string>& item_codes_;
};

}  // namespace

void CompleteQuestionnaire(v1::Questionnaire& questionnaire) {
  const auto add = [](v1::Question& question, const char* id, const char* zh, const char* en) {
    v1::QuestionOption* option = question.add_options();
    option->set_id(id);
    option->set_text_zh(zh);
    option->set_text_en(en);
  };
  for (v1::Question& question : *questionnaire.mutable_questions()) {
    if (question.kind() != v1::QUESTION_KIND_YES_NO) continue;
    add(question, kYes, "是", "Yes");
    add(question, kNo, "否", "No");
  }
}

std::vector<std::string> CheckQuestionnaire(absl::string_view file,
                                            const v1::Questionnaire& questionnaire,
                                            const std::set<std::string>& item_codes) {
  return Check(file, questionnaire, item_codes).Run();
}

}  // namespace fuju::applications
