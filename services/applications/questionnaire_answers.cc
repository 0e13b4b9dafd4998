#include "applications/questionnaire_answers.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "applications/questionnaire_conditions.h"

namespace fuju::applications {
namespace {

const v1::Question* FindQuestion(const v1::Questionnaire& questionnaire, const std::string& id) {
  const auto found = absl::c_find_if(questionnaire.questions(),
                                     [&id](const v1::Question& q) { return q.id() == id; });
  return found == questionnaire.questions().end() ? nullptr : &*found;
}

const v1::QuestionOption* FindOption(const v1::Question& question, const std::string& id) {
  const auto found = absl::c_find_if(question.options(),
                                     [&id](const v1::QuestionOption& o) { return o.id() == id; });
  return found == question.options().end() ? nullptr : &*found;
}

std::string OptionIds(const v1::Question& question) {
  return absl::StrJoin(question.options(), ", ", [](std::string* out, const v1::QuestionOption& o) {
    absl::StrAppend(out, o.id());
  });
}

std::string Indexed(absl::string_view list, int index) {
  return absl::StrCat(list, "[", index, "]");
}

// Walks through a questionnaire with the answers so far. Every question that is reached and waits
// for its answer goes to `open`, if given.
KnownAnswers WalkThrough(const v1::Questionnaire& questionnaire,
                         const v1::QuestionnaireAnswers& answers,
                         std::vector<const v1::Question*>* open) {
  absl::flat_hash_map<std::string, const v1::Answer*> given;
  for (const v1::Answer& answer : answers.answers()) given.emplace(answer.question_id(), &answer);
  KnownAnswers known;
  for (const v1::Question& question : questionnaire.questions()) {
    const Truth asked = IsAsked(question, known);
    if (asked == Truth::kFalse) continue;
    const auto found = given.find(question.id());
    if (asked == Truth::kTrue && found != given.end()) {
      known.answers.insert(*found);
      continue;
    }
    known.undecided.insert(question.id());
    if (asked == Truth::kTrue && open != nullptr) open->push_back(&question);
  }
  return known;
}

// What is wrong with one answer, whether or not its question is asked.
class AnswerCheck {
 public:
  AnswerCheck(const v1::Question& question, const v1::Answer& answer, const std::string& path,
              std::vector<AnswerComplaint>& complaints)
      : question_(question), answer_(answer), path_(path), complaints_(complaints) {}

  void Run() {
    if (question_.kind() == v1::QUESTION_KIND_NUMBER) {
      CheckNumber();
    } else {
      CheckOptions();
    }
  }

 private:
  void Add(absl::string_view below, std::string zh, std::string en) {
    complaints_.push_back({absl::StrCat(path_, ".", below), Text{std::move(zh), std::move(en)}});
  }

  void CheckNumber() {
    if (!answer_.option_ids().empty()) {
      Add("option_ids", "这个问题要填数字，请去掉选项",
          "this question is answered with a number: leave the options out");
    }
    const v1::NumberRange& range = question_.range();
    const bool right = answer_.has_number() && answer_.number() >= range.minimum() &&
                       answer_.number() <= range.maximum();
    if (right) return;
    Add("number",
        absl::StrCat("请填", range.minimum(), "到", range.maximum(), "之间的整数，单位是",
                     range.unit_zh()),
        absl::StrCat("send a whole number from ", range.minimum(), " to ", range.maximum(), ", in ",
                     range.unit_en()));
  }

  void CheckOptions() {
    if (answer_.has_number()) {
      Add("number", "这个问题要选选项，请去掉数字",
          "this question is answered with options: leave the number out");
    }
    if (answer_.option_ids().empty()) {
      Add("option_ids", absl::StrCat("请选择：", OptionIds(question_)),
          absl::StrCat("choose of: ", OptionIds(question_)));
    }
    CheckEachOption();
    const bool one_only = question_.kind() != v1::QUESTION_KIND_MULTIPLE_CHOICE;
    if (one_only && answer_.option_ids_size() > 1) {
      Add("option_ids", "这个问题只能选一项，请只留一项",
          "this question takes one option: leave only one");
    }
    CheckExclusive();
  }

  void CheckEachOption() {
    absl::flat_hash_set<std::string> seen;
    for (int i = 0; i < answer_.option_ids_size(); ++i) {
      const std::string& id = answer_.option_ids(i);
      if (FindOption(question_, id) == nullptr) {
        Add(Indexed("option_ids", i), absl::StrCat("没有这个选项，可选：", OptionIds(question_)),
            absl::StrCat("there is no such option, choose of: ", OptionIds(question_)));
      } else if (!seen.insert(id).second) {
        Add(Indexed("option_ids", i), "这一项选了两次，请去掉一个",
            "this option is chosen twice: remove one");
      }
    }
  }

  void CheckExclusive() {
    if (answer_.option_ids_size() < 2) return;
    for (int i = 0; i < answer_.option_ids_size(); ++i) {
      const v1::QuestionOption* option = FindOption(question_, answer_.option_ids(i));
      if (option == nullptr || !option->exclusive()) continue;
      Add(Indexed("option_ids", i), "这一项不能和别的一起选，请只留一边",
          "this option goes with no other: keep it alone, or leave it out");
    }
  }

  const v1::Question& question_;
  const v1::Answer& answer_;
  const std::string& path_;
  std::vector<AnswerComplaint>& complaints_;
};

}  // namespace

std::vector<AnswerComplaint> CheckAnswers(const v1::Questionnaire& questionnaire,
                                          const v1::QuestionnaireAnswers& answers) {
  std::vector<AnswerComplaint> complaints;
  v1::QuestionnaireAnswers good;
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < answers.answers_size(); ++i) {
    const v1::Answer& answer = answers.answers(i);
    const std::string path = Indexed("answers", i);
    const v1::Question* question = FindQuestion(questionnaire, answer.question_id());
    if (question == nullptr) {
      complaints.push_back({absl::StrCat(path, ".question_id"),
                            {"这份问卷里没有这个问题，请去掉这个回答",
                             "this questionnaire has no such question: leave the answer out"}});
      continue;
    }
    if (!seen.insert(answer.question_id()).second) {
      complaints.push_back({absl::StrCat(path, ".question_id"),
                            {"这个问题已经答过了，请只留一个回答",
                             "this question is answered before: keep one answer"}});
      continue;
    }
    const size_t before = complaints.size();
    AnswerCheck(*question, answer, path, complaints).Run();
    if (complaints.size() == before) *good.add_answers() = answer;
  }

  const bool all_good = complaints.empty();
  const KnownAnswers known = WalkThrough(questionnaire, good, nullptr);
  for (int i = 0; i < answers.answers_size(); ++i) {
    const std::string& id = answers.answers(i).question_id();
    if (!seen.contains(id) || known.answers.contains(id)) continue;
    const bool undecided = known.undecided.contains(id);
    // What a wrong answer decides is told when it is mended.
    if (undecided && !all_good) continue;
    complaints.push_back(
        {absl::StrCat(Indexed("answers", i), ".question_id"),
         undecided ? Text{"要先答前面的问题，才知道问不问这一题，请先不答",
                          "an earlier question decides whether this one is asked: answer it first"}
                   : Text{"照前面的回答，这一题不用问，请去掉这个回答",
                          "by the answers before, this question is not asked: leave it out"}});
  }
  return complaints;
}

std::vector<const v1::Question*> NextQuestions(const v1::Questionnaire& questionnaire,
                                               const v1::QuestionnaireAnswers& answers) {
  std::vector<const v1::Question*> open;
  WalkThrough(questionnaire, answers, &open);
  return open;
}

std::vector<v1::RecommendedItem> Recommend(const v1::Questionnaire& questionnaire,
                                           const v1::QuestionnaireAnswers& answers) {
  const KnownAnswers known = WalkThrough(questionnaire, answers, nullptr);
  std::vector<const v1::RecommendationRule*> rules;
  for (const v1::RecommendationRule& rule : questionnaire.rules()) {
    if (TruthOfAny(rule.when(), known) == Truth::kTrue) rules.push_back(&rule);
  }
  absl::c_stable_sort(rules,
                      [](const auto* a, const auto* b) { return a->priority() < b->priority(); });
  std::vector<v1::RecommendedItem> items;
  absl::flat_hash_set<std::string> seen;
  for (const v1::RecommendationRule* rule : rules) {
    for (const std::string& code : rule->item_codes()) {
      if (!seen.insert(code).second) continue;
      v1::RecommendedItem& item = items.emplace_back();
      item.set_item_code(code);
      item.set_reason_zh(rule->reason_zh());
      item.set_reason_en(rule->reason_en());
    }
  }
  return items;
}

}  // namespace fuju::applications
