#include "unit/applications/sample_questionnaire.h"

#include "absl/strings/str_cat.h"
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

namespace fuju::applications::testing {

std::string SampleJson() {
  return R"json({
  "name": "questionnaires/sample", "version": 1,
  "titleZh": "样例", "titleEn": "Sample", "introZh": "请回答。", "introEn": "Please answer.",
  "noMatchZh": "请问县残联。", "noMatchEn": "Please ask the county.",
  "categories": ["DISABILITY_CATEGORY_PHYSICAL"],
  "questions": [
    {"id": "age", "textZh": "多大？", "textEn": "How old?", "kind": "QUESTION_KIND_NUMBER",
     "range": {"minimum": 0, "maximum": 120, "unitZh": "周岁", "unitEn": "years"}},
    {"id": "walk", "textZh": "怎么走？", "textEn": "How do you walk?", "kind": "QUESTION_KIND_SINGLE_CHOICE",
     "options": [{"id": "steady", "textZh": "稳", "textEn": "Steadily"},
                 {"id": "unsteady", "textZh": "不稳", "textEn": "Unsteadily"},
                 {"id": "not", "textZh": "走不了", "textEn": "Not at all"}]},
    {"id": "trouble", "textZh": "哪里难？", "textEn": "What is hard?", "kind": "QUESTION_KIND_MULTIPLE_CHOICE",
     "options": [{"id": "tired", "textZh": "累", "textEn": "I tire"},
                 {"id": "weak", "textZh": "没劲", "textEn": "I am weak"},
                 {"id": "none", "textZh": "都没有", "textEn": "None", "exclusive": true}],
     "showWhen": [{"allOf": [{"questionId": "walk", "anyOf": ["unsteady"]}]}]},
    {"id": "sore", "textZh": "有褥疮吗？", "textEn": "Have you a sore?", "helpZh": "看皮肤。",
     "helpEn": "Look at the skin.", "kind": "QUESTION_KIND_YES_NO",
     "showWhen": [{"allOf": [{"questionId": "walk", "anyOf": ["not"]}]}]}
  ],
  "rules": [
    {"id": "stick", "when": [{"allOf": [{"questionId": "trouble", "anyOf": ["tired"]}]}],
     "itemCodes": ["W03", "W01"], "reasonZh": "您容易累。", "reasonEn": "You tire.", "priority": 2},
    {"id": "frame", "when": [{"allOf": [{"questionId": "trouble", "anyOf": ["weak"]}]}],
     "itemCodes": ["W07", "W01"], "reasonZh": "您没劲。", "reasonEn": "You are weak.", "priority": 1},
    {"id": "cushion", "when": [{"allOf": [{"questionId": "sore", "anyOf": ["yes"]}]}],
     "itemCodes": ["H04"], "reasonZh": "保护皮肤。", "reasonEn": "It spares the skin.", "priority": 2},
    {"id": "chair", "when": [{"allOf": [{"questionId": "walk", "noneOf": ["steady", "unsteady"]},
                                        {"questionId": "age", "minimum": 18}]}],
     "itemCodes": ["M01"], "reasonZh": "您走不了。", "reasonEn": "You can not walk.", "priority": 2}
  ]
})json";
}

v1::Questionnaire SampleQuestionnaire() {
  v1::Questionnaire questionnaire;
  const auto parsed = google::protobuf::util::JsonStringToMessage(SampleJson(), &questionnaire);
  EXPECT_TRUE(parsed.ok()) << parsed.ToString();
  return questionnaire;
}

std::string ToJson(const v1::Questionnaire& questionnaire) {
  std::string json;
  const auto written = google::protobuf::util::MessageToJsonString(questionnaire, &json);
  EXPECT_TRUE(written.ok()) << written.ToString();
  return json;
}

const std::set<std::string>& ItemCodes() {
  static const auto* const kCodes = new std::set<std::string>{"H04", "M01", "W01", "W03", "W07"};
  return *kCodes;
}

QuestionnaireSet SampleSet(const std::vector<int>& versions) {
  std::vector<QuestionnaireFile> files;
  for (const int version : versions) {
    v1::Questionnaire questionnaire = SampleQuestionnaire();
    questionnaire.set_version(version);
    files.push_back({absl::StrCat("sample_", version, ".json"), ToJson(questionnaire)});
  }
  const absl::StatusOr<QuestionnaireSet> set = QuestionnaireSet::Load(files, ItemCodes());
  EXPECT_TRUE(set.ok()) << set.status();
  return *set;
}

v1::Answer Chosen(const std::string& question, const std::vector<std::string>& options) {
  v1::Answer answer;
  answer.set_question_id(question);
  for (const std::string& option : options) answer.add_option_ids(option);
  return answer;
}

v1::Answer Number(const std::string& question, int number) {
  v1::Answer answer;
  answer.set_question_id(question);
  answer.set_number(number);
  return answer;
}

v1::QuestionnaireAnswers AnswersOf(const std::vector<v1::Answer>& answers, int version) {
  v1::QuestionnaireAnswers all;
  all.set_questionnaire(kSample);
  all.set_version(version);
  for (const v1::Answer& answer : answers) *all.add_answers() = answer;
  return all;
}

}  // namespace fuju::applications::testing
