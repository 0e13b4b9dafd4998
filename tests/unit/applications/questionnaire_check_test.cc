#include "applications/questionnaire_check.h"

#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/applications/sample_questionnaire.h"

namespace fuju::applications {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ItemCodes;
using testing::SampleQuestionnaire;
using ::testing::StartsWith;
using testing::ToJson;

// What loading the files complains of, a line each.
std::vector<std::string> ComplaintsOf(const std::vector<QuestionnaireFile>& files) {
  const absl::Status status = QuestionnaireSet::Load(files, ItemCodes()).status();
  if (status.ok()) return {};
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return absl::StrSplit(status.message(), '\n');
}

std::vector<std::string> ComplaintsOf(const v1::Questionnaire& questionnaire) {
  return ComplaintsOf(std::vector<QuestionnaireFile>{{"s.json", ToJson(questionnaire)}});
}

v1::AnswerTest* AddTest(v1::Question* question, const char* about) {
  v1::AnswerTest* test = question->add_show_when()->add_all_of();
  test->set_question_id(about);
  return test;
}

TEST(CheckQuestionnaireTest, HasNothingAgainstTheSample) {
  EXPECT_THAT(ComplaintsOf(SampleQuestionnaire()), ElementsAre());
}

// One way to break a questionnaire: exactly that is complained of, at its place, in two languages.
TEST(CheckQuestionnaireTest, NamesEachMistakeWithItsPlace) {
  using Q = v1::Questionnaire;
  const auto question = [](Q& q, int i) { return q.mutable_questions(i); };
  const struct {
    std::function<void(Q&)> spoil;
    const char* place;
    const char* words;
  } cases[] = {
      {[](Q& q) { q.set_name("seeing"); }, "name", "questionnaires/ and an id"},
      {[](Q& q) { q.set_name("questionnaires/See"); }, "name", "questionnaires/ and an id"},
      {[](Q& q) { q.set_version(0); }, "version", "1 to 1000000"},
      {[](Q& q) { q.clear_title_zh(); }, "titleZh", "Chinese text is missing"},
      {[](Q& q) { q.clear_intro_en(); }, "introEn", "English text is missing"},
      {[](Q& q) { q.clear_no_match_zh(); }, "noMatchZh", "Chinese text is missing"},
      {[](Q& q) { q.clear_categories(); }, "categories", "no disability category"},
      {[](Q& q) { q.add_categories(q.categories(0)); }, "categories", "once"},
      {[](Q& q) { q.add_categories(type::v1::DISABILITY_CATEGORY_UNSPECIFIED); }, "categories",
       "one of the list"},
      {[](Q& q) { q.clear_rules(); }, "rules", "no rule"},
      // Texts.
      {[&](Q& q) { question(q, 1)->clear_text_zh(); }, "questions[walk].textZh", "is missing"},
      {[&](Q& q) { question(q, 1)->clear_text_en(); }, "questions[walk].textEn", "is missing"},
      {[&](Q& q) { question(q, 3)->clear_help_en(); }, "questions[sore].helpEn", "is missing"},
      {[&](Q& q) { question(q, 1)->mutable_options(2)->clear_text_zh(); },
       "questions[walk].options[not].textZh", "is missing"},
      {[&](Q& q) { question(q, 1)->set_text_zh("How?"); }, "questions[walk].textZh",
       "no Chinese character"},
      {[&](Q& q) { question(q, 1)->set_text_en("怎么走？"); }, "questions[walk].textEn",
       "has Chinese characters"},
      {[&](Q& q) { question(q, 1)->set_text_en("**How** do you walk?"); }, "questions[walk].textEn",
       "can not be spoken"},
      {[&](Q& q) { question(q, 1)->set_text_zh("怎么\n走？"); }, "questions[walk].textZh",
       "can not be spoken"},
      {[&](Q& q) { question(q, 1)->set_text_en(std::string(401, 'a')); }, "questions[walk].textEn",
       "401 characters"},
      // Questions.
      {[&](Q& q) { question(q, 1)->set_kind(v1::QUESTION_KIND_UNSPECIFIED); },
       "questions[walk].kind", "kind of question"},
      {[&](Q& q) { *q.add_questions() = q.questions(0); }, "questions[#5].id", "used twice"},
      {[&](Q& q) {
         *q.add_questions() = q.questions(0);
         question(q, 4)->set_id("Age");
       },
       "questions[#5].id", "lower-case"},
      {[&](Q& q) { question(q, 3)->mutable_range()->set_maximum(1); }, "questions[sore].range",
       "only a number"},
      {[&](Q& q) { question(q, 3)->add_options()->set_id("yes"); }, "questions[sore].options",
       "set by the service"},
      {[&](Q& q) { question(q, 0)->add_options()->set_id("young"); }, "questions[age].options",
       "a number has no options"},
      {[&](Q& q) { question(q, 0)->clear_range(); }, "questions[age].range", "no range"},
      {[&](Q& q) { question(q, 0)->mutable_range()->set_minimum(121); }, "questions[age].range",
       "minimum 121 should be less than the maximum 120"},
      {[&](Q& q) { question(q, 0)->mutable_range()->set_maximum(2'000'000); },
       "questions[age].range", "between -1000000 and 1000000"},
      {[&](Q& q) { question(q, 0)->mutable_range()->clear_unit_zh(); },
       "questions[age].range.unitZh", "is missing"},
      // Options.
      {[&](Q& q) {
         v1::Question* one = q.add_questions();
         *one = q.questions(1);
         one->set_id("again");
         one->mutable_options()->DeleteSubrange(1, 2);
       },
       "questions[again].options", "has 1 options"},
      {[&](Q& q) {
         for (int i = 0; i < 8; ++i) {
           *question(q, 1)->add_options() = q.questions(1).options(0);
           question(q, 1)->mutable_options(3 + i)->set_id(absl::StrCat("more_", i));
         }
       },
       "questions[walk].options", "has 11 options"},
      {[&](Q& q) { *question(q, 1)->add_options() = q.questions(1).options(0); },
       "questions[walk].options[#4].id", "used twice"},
      {[&](Q& q) { question(q, 1)->mutable_options(0)->set_exclusive(true); },
       "questions[walk].options[steady].exclusive", "multiple choice"},
      // Conditions.
      {[&](Q& q) { question(q, 0)->add_show_when(); }, "questions[age].showWhen[#1]", "empty"},
      {[&](Q& q) { AddTest(question(q, 3), "pain")->add_any_of("yes"); },
       "questions[sore].showWhen[#2].allOf[#1].questionId", "there is no question 'pain'"},
      {[&](Q& q) { AddTest(question(q, 0), "walk")->add_any_of("not"); },
       "questions[age].showWhen[#1].allOf[#1].questionId", "comes later or is this one"},
      // A question that waits for itself: the way would have no end.
      {[&](Q& q) { AddTest(question(q, 3), "sore")->add_any_of("yes"); },
       "questions[sore].showWhen[#2].allOf[#1].questionId", "comes later or is this one"},
      {[&](Q& q) { AddTest(question(q, 3), "walk")->add_any_of("flying"); },
       "questions[sore].showWhen[#2].allOf[#1].anyOf", "has no option 'flying'"},
      {[&](Q& q) { AddTest(question(q, 3), "walk")->add_none_of("flying"); },
       "questions[sore].showWhen[#2].allOf[#1].noneOf", "has no option 'flying'"},
      {[&](Q& q) { AddTest(question(q, 3), "walk"); }, "questions[sore].showWhen[#2].allOf[#1]",
       "neither anyOf nor noneOf"},
      {[&](Q& q) { AddTest(question(q, 3), "walk")->set_minimum(1); },
       "questions[sore].showWhen[#2].allOf[#1]", "a choice has no size"},
      {[&](Q& q) { AddTest(question(q, 3), "age"); }, "questions[sore].showWhen[#2].allOf[#1]",
       "neither minimum nor maximum"},
      {[&](Q& q) {
         v1::AnswerTest* test = AddTest(question(q, 3), "age");
         test->set_minimum(60);
         test->set_maximum(17);
       },
       "questions[sore].showWhen[#2].allOf[#1]", "minimum 60 is greater than its maximum 17"},
      // Rules.
      {[](Q& q) { q.mutable_rules(0)->clear_when(); }, "rules[stick].when", "for which answers"},
      {[](Q& q) { q.mutable_rules(0)->clear_reason_zh(); }, "rules[stick].reasonZh", "is missing"},
      {[](Q& q) { q.mutable_rules(0)->set_priority(0); }, "rules[stick].priority", "1 or more"},
      {[](Q& q) { q.mutable_rules(0)->clear_item_codes(); }, "rules[stick].itemCodes", "no item"},
      {[](Q& q) { q.mutable_rules(0)->add_item_codes("Z99"); }, "rules[stick].itemCodes",
       "no item 'Z99'"},
      {[](Q& q) { q.mutable_rules(0)->add_item_codes("W01"); }, "rules[stick].itemCodes",
       "stands twice"},
      {[](Q& q) { *q.add_rules() = q.rules(0); }, "rules[#5].id", "used twice"},
      {[](Q& q) {
         q.mutable_rules(0)->mutable_when(0)->mutable_all_of(0)->set_question_id("pain");
       },
       "rules[stick].when[#1].allOf[#1].questionId", "there is no question 'pain'"},
  };
  for (const auto& [spoil, place, words] : cases) {
    v1::Questionnaire questionnaire = SampleQuestionnaire();
    spoil(questionnaire);
    const std::vector<std::string> complaints = ComplaintsOf(questionnaire);
    ASSERT_EQ(complaints.size(), 1u)
        << place << ", " << words << ": " << ::testing::PrintToString(complaints);
    EXPECT_THAT(complaints[0], StartsWith(absl::StrCat("s.json: ", place, ": ")));
    EXPECT_THAT(complaints[0], HasSubstr(words));
    EXPECT_THAT(complaints[0], HasSubstr(" / ")) << "both languages";
  }
}

// No reference is wrong here: what can happen has to be tried.
TEST(CheckQuestionnaireTest, NamesWhatCanNeverHappen) {
  using Q = v1::Questionnaire;
  const struct {
    std::function<void(Q&)> spoil;
    const char* place;
    const char* words;
  } cases[] = {
      {[](Q& q) {
         // "sore" is asked of who can not walk only, and here of who is asked about "trouble", too.
         AddTest(q.add_questions(), "trouble")->add_any_of("weak");
         v1::Question& last = *q.mutable_questions(4);
         v1::AnswerTest* test = last.mutable_show_when(0)->add_all_of();
         test->set_question_id("sore");
         test->add_any_of("yes");
         last.set_id("last");
         last.set_text_zh("还有吗？");
         last.set_text_en("Anything else?");
         last.set_kind(v1::QUESTION_KIND_YES_NO);
       },
       "questions[last]", "is never asked"},
      {[](Q& q) {
         v1::AnswerTest* test = AddTest(q.mutable_questions(3), "age");
         test->set_minimum(121);
       },
       "questions[sore].showWhen[#2]", "no way of answering"},
      {[](Q& q) {
         v1::AnswerTest* test = q.mutable_rules(0)->mutable_when(0)->add_all_of();
         test->set_question_id("sore");
         test->add_any_of("no");
       },
       "rules[stick]", "can never hold"},
      {[](Q& q) {
         // "none" goes with nothing else.
         v1::AnswerTest* test = q.mutable_rules(0)->mutable_when(0)->add_all_of();
         test->set_question_id("trouble");
         test->add_any_of("none");
       },
       "rules[stick]", "can never hold"},
      {[](Q& q) {
         v1::AnswerTest* test = q.mutable_rules(3)->mutable_when(0)->add_all_of();
         test->set_question_id("age");
         test->set_maximum(17);
       },
       "rules[chair]", "can never hold"},
  };
  for (const auto& [spoil, place, words] : cases) {
    v1::Questionnaire questionnaire = SampleQuestionnaire();
    spoil(questionnaire);
    EXPECT_THAT(
        ComplaintsOf(questionnaire),
        ElementsAre(AllOf(StartsWith(absl::StrCat("s.json: ", place, ": ")), HasSubstr(words))));
  }
}

TEST(CheckQuestionnaireTest, CountsTheQuestionsOfTheLongestPath) {
  v1::Questionnaire questionnaire = SampleQuestionnaire();
  // Of the sample everybody is asked at most three; with seven more it is ten.
  for (int i = 0; i < 7; ++i) {
    v1::Question* more = questionnaire.add_questions();
    *more = questionnaire.questions(0);
    more->set_id(absl::StrCat("more_", i));
  }
  EXPECT_THAT(ComplaintsOf(questionnaire), ElementsAre());
  // This one is asked only of who is asked nothing else after "walk".
  v1::Question* steady = questionnaire.add_questions();
  *steady = questionnaire.questions(0);
  steady->set_id("steady_only");
  AddTest(steady, "walk")->add_any_of("steady");
  EXPECT_THAT(ComplaintsOf(questionnaire), ElementsAre());
  *questionnaire.add_questions() = questionnaire.questions(0);
  questionnaire.mutable_questions(questionnaire.questions_size() - 1)->set_id("too_many");
  EXPECT_THAT(ComplaintsOf(questionnaire),
              ElementsAre(AllOf(StartsWith("s.json: questions: "), HasSubstr("asked 11"))));
}

// Who can not be told within reason what happens is told so, and waits for nothing.
TEST(CheckQuestionnaireTest, RefusesWhatIsTooTangled) {
  v1::Questionnaire questionnaire = SampleQuestionnaire();
  v1::RecommendationRule* rule = questionnaire.add_rules();
  *rule = questionnaire.rules(0);
  rule->set_id("tangled");
  for (int i = 0; i < 4; ++i) {
    v1::Question* more = questionnaire.add_questions();
    *more = questionnaire.questions(2);
    more->clear_show_when();
    more->set_id(absl::StrCat("more_", i));
    more->mutable_options(2)->set_exclusive(false);
    for (int k = 0; k < 7; ++k) {
      *more->add_options() = more->options(0);
      more->mutable_options(3 + k)->set_id(absl::StrCat("option_", k));
    }
    // Tells every set of options apart, and no set meets all.
    for (const v1::QuestionOption& option : more->options()) {
      for (const bool chosen : {true, false}) {
        v1::AnswerTest* test = rule->mutable_when(0)->add_all_of();
        test->set_question_id(more->id());
        (chosen ? test->add_any_of() : test->add_none_of())->assign(option.id());
      }
    }
  }
  EXPECT_THAT(
      ComplaintsOf(questionnaire),
      ElementsAre(AllOf(StartsWith("s.json: rules[tangled].when: "), HasSubstr("too tangled"))));
}

TEST(LoadQuestionnairesTest, NamesEveryMistakeOfEveryFileAtOnce) {
  v1::Questionnaire first = SampleQuestionnaire();
  first.clear_title_en();
  first.mutable_rules(1)->set_item_codes(0, "Z99");
  first.mutable_questions(1)->mutable_options(0)->clear_text_en();
  v1::Questionnaire second = SampleQuestionnaire();
  second.mutable_questions(2)->mutable_show_when(0)->mutable_all_of(0)->set_question_id("sore");
  EXPECT_THAT(
      ComplaintsOf({{"a.json", ToJson(first)},
                    {"b.json", "{\"name\": "},
                    {"c.json", "{\"nmae\": \"questionnaires/x\"}"},
                    {"d.json", ToJson(second)}}),
      ElementsAre(StartsWith("a.json: titleEn: "),
                  StartsWith("a.json: questions[walk].options[steady].textEn: "),
                  StartsWith("a.json: rules[frame].itemCodes: "), StartsWith("b.json: JSON: "),
                  AllOf(StartsWith("c.json: JSON: "), HasSubstr("nmae")),
                  StartsWith("d.json: questions[trouble].showWhen[#1].allOf[#1].questionId: "),
                  StartsWith("d.json: questions[trouble].showWhen[#1].allOf[#1].anyOf: "),
                  AllOf(StartsWith("d.json: version: "), HasSubstr("a.json"))));
}

TEST(LoadQuestionnairesTest, AnEmptyQuestionnaireIsNamedWhole) {
  EXPECT_THAT(ComplaintsOf(v1::Questionnaire()),
              ElementsAre(StartsWith("s.json: name: "), StartsWith("s.json: version: "),
                          StartsWith("s.json: titleZh: "), StartsWith("s.json: titleEn: "),
                          StartsWith("s.json: introZh: "), StartsWith("s.json: introEn: "),
                          StartsWith("s.json: noMatchZh: "), StartsWith("s.json: noMatchEn: "),
                          StartsWith("s.json: categories: "), StartsWith("s.json: questions: "),
                          StartsWith("s.json: rules: ")));
}

TEST(QuestionnaireSetTest, HoldsSeveralVersions) {
  const QuestionnaireSet set = testing::SampleSet({1, 10, 9});
  ASSERT_NE(set.Find(testing::kSample, 9), nullptr);
  EXPECT_EQ(set.Find(testing::kSample, 9)->version(), 9);
  EXPECT_EQ(set.Find(testing::kSample, 2), nullptr);
  EXPECT_EQ(set.Find("questionnaires/other", 1), nullptr);
  ASSERT_NE(set.FindNewest(testing::kSample), nullptr);
  EXPECT_EQ(set.FindNewest(testing::kSample)->version(), 10);
  EXPECT_EQ(set.FindNewest("questionnaires/other"), nullptr);
  ASSERT_EQ(set.ListNewest(type::v1::DISABILITY_CATEGORY_UNSPECIFIED).size(), 1u);
  EXPECT_EQ(set.ListNewest(type::v1::DISABILITY_CATEGORY_PHYSICAL)[0]->version(), 10);
  EXPECT_TRUE(set.ListNewest(type::v1::DISABILITY_CATEGORY_VISUAL).empty());
}

TEST(QuestionnaireSetTest, GivesYesNoQuestionsTheirOptions) {
  const QuestionnaireSet set = testing::SampleSet({1});
  const v1::Question& sore = set.Find(testing::kSample, 1)->questions(3);
  ASSERT_EQ(sore.options_size(), 2);
  EXPECT_EQ(sore.options(0).id(), "yes");
  EXPECT_EQ(sore.options(1).text_zh(), "否");
}

}  // namespace
}  // namespace fuju::applications
