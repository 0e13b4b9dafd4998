// What deploy/data/gansu/README.md promises of the shipped questionnaires, and that they fit the
// shipped catalogue: by random walks, whatever a person answers.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "applications/questionnaire_answers.h"
#include "applications/questionnaire_paths_check.h"
#include "applications/questionnaire_set.h"
#include "vocabulary/csv.h"

namespace fuju::applications {
namespace {

using ::testing::UnorderedElementsAre;
using Random = std::mt19937;

constexpr char kData[] = "deploy/data/gansu";
constexpr int kWalks = 1500;

std::string TextOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Who may have an item.
struct Item {
  std::set<int> categories;
  std::set<int> grades;
  int age_min = 0;
  int age_max = 0;
};

std::set<int> Numbers(absl::string_view cell) {
  std::set<int> numbers;
  for (const absl::string_view part : absl::StrSplit(cell, '|')) {
    int number = 0;
    EXPECT_TRUE(absl::SimpleAtoi(part, &number)) << cell;
    numbers.insert(number);
  }
  return numbers;
}

std::map<std::string, Item> Catalogue() {
  const auto table =
      vocabulary::CsvTable::Parse(TextOf(std::filesystem::path(kData) / "catalogue.csv"));
  EXPECT_TRUE(table.ok()) << table.status();
  std::map<std::string, Item> items;
  for (const vocabulary::CsvRow& row : table->rows()) {
    items[std::string(*row.Field("item_code"))] = {
        Numbers(*row.Field("disability_categories")), Numbers(*row.Field("grades")),
        *Numbers(*row.Field("age_min")).begin(), *Numbers(*row.Field("age_max")).begin()};
  }
  return items;
}

// An answer as people give it; ages are often at the ends of what rules ask for.
v1::Answer RandomAnswer(const v1::Question& question, Random& random) {
  const auto below = [&random](int n) {
    return static_cast<int>(random() % static_cast<unsigned>(n));
  };
  v1::Answer answer;
  answer.set_question_id(question.id());
  if (question.kind() == v1::QUESTION_KIND_NUMBER) {
    constexpr int kAges[] = {0, 2, 3, 5, 6, 7, 15, 16, 17, 18, 44, 45, 59, 60, 120};
    const v1::NumberRange& range = question.range();
    const int number = below(2) == 0
                           ? kAges[below(std::size(kAges))]
                           : range.minimum() + below(range.maximum() - range.minimum() + 1);
    answer.set_number(std::clamp(number, range.minimum(), range.maximum()));
    return answer;
  }
  const v1::QuestionOption& first = question.options(below(question.options_size()));
  answer.add_option_ids(first.id());
  if (question.kind() != v1::QUESTION_KIND_MULTIPLE_CHOICE || first.exclusive()) return answer;
  for (const v1::QuestionOption& more : question.options()) {
    if (more.id() != first.id() && !more.exclusive() && below(3) == 0) {
      answer.add_option_ids(more.id());
    }
  }
  return answer;
}

class ShippedQuestionnairesTest : public ::testing::Test {
 protected:
  ShippedQuestionnairesTest() {
    std::set<std::string> codes;
    for (const auto& [code, item] : catalogue_) codes.insert(code);
    std::vector<QuestionnaireFile> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(kData) / "questionnaires")) {
      files.push_back({entry.path().filename().string(), TextOf(entry.path())});
    }
    absl::StatusOr<QuestionnaireSet> set = QuestionnaireSet::Load(files, codes);
    EXPECT_TRUE(set.ok()) << set.status().message();
    if (set.ok()) set_ = *std::move(set);
  }

  // Answers at random until nothing is asked any more, in one of the orders that are possible.
  v1::QuestionnaireAnswers Walk(const v1::Questionnaire& questionnaire, Random& random) const {
    v1::QuestionnaireAnswers answers;
    answers.set_questionnaire(questionnaire.name());
    answers.set_version(questionnaire.version());
    for (int steps = 0;; ++steps) {
      const auto next = NextQuestions(questionnaire, answers);
      if (next.empty()) return answers;
      if (steps > questionnaire.questions_size()) {
        ADD_FAILURE() << questionnaire.name() << " does not end";
        return answers;
      }
      *answers.add_answers() = RandomAnswer(*next[random() % next.size()], random);
      const auto complaints = CheckAnswers(questionnaire, answers);
      EXPECT_TRUE(complaints.empty())
          << questionnaire.name() << ", " << complaints[0].path << ": " << complaints[0].text.en;
    }
  }

  const std::map<std::string, Item> catalogue_ = Catalogue();
  QuestionnaireSet set_;
};

const v1::Answer* AnswerTo(const v1::QuestionnaireAnswers& answers, const char* question) {
  const auto found =
      std::find_if(answers.answers().begin(), answers.answers().end(),
                   [question](const auto& a) { return a.question_id() == question; });
  return found == answers.answers().end() ? nullptr : &*found;
}

// 0 if the person has no certificate or does not know.
int GradeOf(const v1::QuestionnaireAnswers& answers) {
  int grade = 0;
  const v1::Answer* answer = AnswerTo(answers, "grade");
  if (answer != nullptr && absl::StartsWith(answer->option_ids(0), "grade_")) {
    EXPECT_TRUE(absl::SimpleAtoi(answer->option_ids(0).substr(6), &grade));
  }
  return grade;
}

// The categories that the person may be of: as answered, else those of the questionnaire.
std::set<int> CategoriesOf(const v1::Questionnaire& questionnaire,
                           const v1::QuestionnaireAnswers& answers) {
  if (const v1::Answer* kind = AnswerTo(answers, "kind"); kind != nullptr) {
    const std::string& id = kind->option_ids(0);
    if (id == "physical") return {4};
    if (id == "intellectual") return {5};
    if (id == "psychiatric") return {6};
    if (id == "multiple") return {7};
  }
  if (const v1::Answer* trouble = AnswerTo(answers, "trouble"); trouble != nullptr) {
    const std::string& id = trouble->option_ids(0);
    if (id == "hearing") return {2, 7};
    if (id == "speech") return {3, 7};
  }
  return {questionnaire.categories().begin(), questionnaire.categories().end()};
}

TEST_F(ShippedQuestionnairesTest, AreFour) {
  std::vector<std::string> names;
  for (const v1::Questionnaire* one : set_.ListNewest(type::v1::DISABILITY_CATEGORY_UNSPECIFIED)) {
    names.push_back(one->name());
  }
  EXPECT_THAT(names, UnorderedElementsAre("questionnaires/daily_living", "questionnaires/hearing",
                                          "questionnaires/limbs", "questionnaires/seeing"));
}

TEST_F(ShippedQuestionnairesTest, ThereIsOneForEveryCategory) {
  for (int category = 1; category <= type::v1::DisabilityCategory_MAX; ++category) {
    EXPECT_FALSE(set_.ListNewest(static_cast<type::v1::DisabilityCategory>(category)).empty())
        << category;
  }
}

TEST_F(ShippedQuestionnairesTest, EveryWalkEndsIsValidAndIsShort) {
  Random random(2026);
  for (const v1::Questionnaire* one : set_.ListNewest(type::v1::DISABILITY_CATEGORY_UNSPECIFIED)) {
    for (int i = 0; i < kWalks; ++i) {
      const v1::QuestionnaireAnswers answers = Walk(*one, random);
      EXPECT_LE(answers.answers_size(), kMostAskedQuestions) << one->name();
      EXPECT_TRUE(CheckAnswers(*one, answers).empty());
      if (HasFailure()) return;
    }
  }
}

TEST_F(ShippedQuestionnairesTest, EveryRuleIsReachedByAWalk) {
  Random random(7);
  for (const v1::Questionnaire* one : set_.ListNewest(type::v1::DISABILITY_CATEGORY_UNSPECIFIED)) {
    std::set<std::string> reasons;
    for (int i = 0; i < kWalks; ++i) {
      for (const v1::RecommendedItem& item : Recommend(*one, Walk(*one, random))) {
        reasons.insert(item.reason_zh());
      }
    }
    for (const v1::RecommendationRule& rule : one->rules()) {
      EXPECT_TRUE(reasons.contains(rule.reason_zh())) << one->name() << " " << rule.id();
    }
  }
}

// A recommended item is one that the catalogue gives to a person of this category, grade and age.
TEST_F(ShippedQuestionnairesTest, RecommendOnlyWhatThePersonMayHave) {
  Random random(11);
  int looked_at = 0;
  for (const v1::Questionnaire* one : set_.ListNewest(type::v1::DISABILITY_CATEGORY_UNSPECIFIED)) {
    for (int i = 0; i < kWalks; ++i) {
      const v1::QuestionnaireAnswers answers = Walk(*one, random);
      const int grade = GradeOf(answers);
      const int age = AnswerTo(answers, "age")->number();
      const std::set<int> categories = CategoriesOf(*one, answers);
      for (const v1::RecommendedItem& recommended : Recommend(*one, answers)) {
        const Item& item = catalogue_.at(recommended.item_code());
        ++looked_at;
        EXPECT_TRUE(grade == 0 || item.grades.contains(grade))
            << one->name() << " " << recommended.item_code() << " for grade " << grade;
        EXPECT_TRUE(age >= item.age_min && age <= item.age_max)
            << one->name() << " " << recommended.item_code() << " for " << age << " years";
        EXPECT_TRUE(std::any_of(categories.begin(), categories.end(),
                                [&item](int c) { return item.categories.contains(c); }))
            << one->name() << " " << recommended.item_code();
      }
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(looked_at, kWalks);
}

// Nobody who needs a device for what the questionnaire is about is sent away with nothing: of the
// graded ones most get one.
TEST_F(ShippedQuestionnairesTest, MostWalksLeadToAnItem) {
  Random random(13);
  for (const v1::Questionnaire* one : set_.ListNewest(type::v1::DISABILITY_CATEGORY_UNSPECIFIED)) {
    int with_item = 0;
    for (int i = 0; i < kWalks; ++i) {
      if (!Recommend(*one, Walk(*one, random)).empty()) ++with_item;
    }
    EXPECT_GT(with_item, kWalks / 2) << one->name();
    EXPECT_LT(with_item, kWalks) << one->name() << ": a word for who gets none would be idle";
  }
}

}  // namespace
}  // namespace fuju::applications
