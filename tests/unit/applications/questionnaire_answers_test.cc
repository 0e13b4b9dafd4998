#include "applications/questionnaire_answers.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <gtest/gtest.h>

#include "unit/applications/sample_questionnaire.h"

namespace fuju::applications {
namespace {

using testing::AnswersOf;
using testing::Chosen;
using testing::Number;
using Given = std::vector<v1::Answer>;

const v1::Questionnaire& Sample() {
  static const auto* const kSet = new QuestionnaireSet(testing::SampleSet({1}));
  return *kSet->Find(testing::kSample, 1);
}

std::string NextOf(const Given& given) {
  return absl::StrJoin(
      NextQuestions(Sample(), AnswersOf(given)), " ",
      [](std::string* out, const v1::Question* q) { absl::StrAppend(out, q->id()); });
}

std::string RecommendedFor(const Given& given) {
  return absl::StrJoin(Recommend(Sample(), AnswersOf(given)), " ",
                       [](std::string* out, const v1::RecommendedItem& item) {
                         absl::StrAppend(out, item.item_code());
                       });
}

std::string PathsOfComplaints(const Given& given) {
  return absl::StrJoin(
      CheckAnswers(Sample(), AnswersOf(given)), " ",
      [](std::string* out, const AnswerComplaint& c) { absl::StrAppend(out, c.path); });
}

TEST(NextQuestionsTest, FollowTheAnswers) {
  const struct {
    Given given;
    const char* next;
  } cases[] = {
      // What depends on an open question is not asked yet.
      {{}, "age walk"},
      {{Number("age", 30)}, "walk"},
      {{Chosen("walk", {"steady"})}, "age"},
      {{Chosen("walk", {"unsteady"})}, "age trouble"},
      {{Number("age", 30), Chosen("walk", {"unsteady"})}, "trouble"},
      {{Number("age", 30), Chosen("walk", {"not"})}, "sore"},
      {{Number("age", 30), Chosen("walk", {"steady"})}, ""},
      // In any order.
      {{Chosen("sore", {"no"}), Chosen("walk", {"not"}), Number("age", 0)}, ""},
  };
  for (const auto& [given, next] : cases) EXPECT_EQ(NextOf(given), next);
}

TEST(CheckAnswersTest, TakesGoodAnswersCompleteOrNot) {
  EXPECT_EQ(PathsOfComplaints({}), "");
  EXPECT_EQ(PathsOfComplaints({Chosen("walk", {"unsteady"}), Chosen("trouble", {"weak", "tired"})}),
            "");
  EXPECT_EQ(PathsOfComplaints({Number("age", 0), Chosen("walk", {"not"}), Chosen("sore", {"yes"})}),
            "");
  EXPECT_EQ(PathsOfComplaints({Number("age", 120)}), "");
}

TEST(CheckAnswersTest, NamesEachBadAnswer) {
  v1::Answer both = Number("age", 5);
  both.add_option_ids("steady");
  v1::Answer chosen_number = Chosen("walk", {"steady"});
  chosen_number.set_number(1);
  const v1::Answer unsteady = Chosen("walk", {"unsteady"});
  const struct {
    const char* what;
    Given given;
    const char* paths;
  } cases[] = {
      {"an unknown question", {Chosen("nothing", {"x"})}, "answers[0].question_id"},
      {"a second answer", {Number("age", 1), Number("age", 2)}, "answers[1].question_id"},
      {"an empty answer", {Chosen("walk", {})}, "answers[0].option_ids"},
      {"an unknown option", {Chosen("walk", {"flying"})}, "answers[0].option_ids[0]"},
      {"several of a single choice", {Chosen("walk", {"steady", "not"})}, "answers[0].option_ids"},
      {"yes and no",
       {Chosen("walk", {"not"}), Chosen("sore", {"yes", "no"})},
       "answers[1].option_ids"},
      {"neither yes nor no",
       {Chosen("walk", {"not"}), Chosen("sore", {"maybe"})},
       "answers[1].option_ids[0]"},
      {"the same option twice",
       {unsteady, Chosen("trouble", {"weak", "weak"})},
       "answers[1].option_ids[1]"},
      {"none of these, and one of these",
       {unsteady, Chosen("trouble", {"weak", "none"})},
       "answers[1].option_ids[1]"},
      {"a number for a choice", {chosen_number}, "answers[0].number"},
      {"an option for a number", {both}, "answers[0].option_ids"},
      {"no number", {Chosen("age", {})}, "answers[0].number"},
      {"too small", {Number("age", -1)}, "answers[0].number"},
      {"too large", {Number("age", 121)}, "answers[0].number"},
      {"an answer to a question that is not asked",
       {Chosen("walk", {"steady"}), Chosen("sore", {"yes"})},
       "answers[1].question_id"},
      {"an answer to a question that may not be asked",
       {Chosen("sore", {"yes"})},
       "answers[0].question_id"},
  };
  for (const auto& [what, given, paths] : cases) {
    EXPECT_EQ(PathsOfComplaints(given), paths) << what;
    for (const AnswerComplaint& complaint : CheckAnswers(Sample(), AnswersOf(given))) {
      EXPECT_FALSE(complaint.text.zh.empty()) << what;
      EXPECT_FALSE(complaint.text.en.empty()) << what;
    }
  }
}

TEST(CheckAnswersTest, NamesAllAtOnce) {
  EXPECT_EQ(
      PathsOfComplaints({Number("age", 200), Chosen("nothing", {"x"}), Chosen("walk", {"unsteady"}),
                         Chosen("sore", {"maybe"}), Chosen("trouble", {"none", "weak"})}),
      "answers[0].number answers[1].question_id answers[3].option_ids[0] "
      "answers[4].option_ids[0] answers[3].question_id");
}

// It may be asked once the answer before is mended.
TEST(CheckAnswersTest, DoesNotComplainOfWhatAWrongAnswerDecides) {
  EXPECT_EQ(PathsOfComplaints({Chosen("walk", {"flying"}), Chosen("sore", {"yes"})}),
            "answers[0].option_ids[0]");
}

TEST(RecommendTest, TheBestFirstEachOnceWithItsFirstReason) {
  const Given tired_and_weak = {Number("age", 30), Chosen("walk", {"unsteady"}),
                                Chosen("trouble", {"tired", "weak"})};
  EXPECT_EQ(RecommendedFor(tired_and_weak), "W07 W01 W03");
  const auto items = Recommend(Sample(), AnswersOf(tired_and_weak));
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[1].reason_zh(), "您没劲。");
  EXPECT_EQ(items[2].reason_en(), "You tire.");
}

TEST(RecommendTest, LooksAtOptionsAndNumbers) {
  const auto sitting = [](int age, const char* sore) {
    return Given{Number("age", age), Chosen("walk", {"not"}), Chosen("sore", {sore})};
  };
  // Equal priorities go in the order of the rules.
  EXPECT_EQ(RecommendedFor(sitting(18, "yes")), "H04 M01");
  EXPECT_EQ(RecommendedFor(sitting(17, "yes")), "H04");
  EXPECT_EQ(RecommendedFor(sitting(17, "no")), "");
  EXPECT_EQ(RecommendedFor({Number("age", 30), Chosen("walk", {"steady"})}), "");
}

}  // namespace
}  // namespace fuju::applications
