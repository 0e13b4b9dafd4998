#include "applications/notices/text_book.h"

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/match.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "applications/notices/notice_kinds.h"
#include "applications/notices/text_pattern.h"

namespace fuju::applications {
namespace {

using ::testing::HasSubstr;

nlohmann::json Shipped() {
  std::ifstream file("deploy/data/gansu/notices.json");
  return nlohmann::json::parse(file);
}

std::string Complaints(const nlohmann::json& texts) {
  return std::string(NoticeTextBook::Parse(texts.dump()).status().message());
}

TEST(NoticeTextBookTest, TheShippedTextsAreGood) {
  const auto book = NoticeTextBook::Parse(Shipped().dump());
  ASSERT_TRUE(book.ok()) << book.status();
  EXPECT_EQ(book->edition(), "gansu-2026-1");
  for (const v1::NoticeKind kind : AllNoticeKinds()) {
    EXPECT_EQ(book->FormsOf(kind, "zh").sms().empty(), book->IsSilent(kind))
        << NoticeKindName(kind);
    // English is shipped for all of them.
    EXPECT_EQ(book->LanguageOf(kind, "en"), book->IsSilent(kind) ? "zh" : "en");
    EXPECT_EQ(book->LanguageOf(kind, "bo"), "zh");
  }
  EXPECT_FALSE(book->IsSilent(v1::NOTICE_KIND_RETURNED));
  EXPECT_TRUE(book->IsSilent(v1::NOTICE_KIND_RECEIPT_SIGNED));
}

TEST(NoticeTextBookTest, AnOfficeIsTheCountysUnlessItSaysElse) {
  const auto book = NoticeTextBook::Parse(Shipped().dump());
  ASSERT_TRUE(book.ok()) << book.status();
  EXPECT_EQ(book->OfficeOf("620102", "兰州市城关区"), "兰州市城关区残疾人联合会");
  EXPECT_EQ(book->OfficeOf("620171", "兰州新区"), "兰州新区民政司法和社会保障局");
  EXPECT_EQ(book->PhoneOf("620102"), "12385");
}

TEST(NoticeTextBookTest, EachMistakeIsNamed) {
  struct Case {
    const char* pointer;
    nlohmann::json value;
    const char* complaint;
  };
  const std::string long_text(400, 'x');
  const Case cases[] = {
      {"/edition", "", "edition is missing"},
      {"/phone", "", "phone is missing"},
      {"/sms_max_characters", 69, "sms_max_characters must be 70 to 469"},
      {"/offices/62", {{"phone", "1"}}, "offices.62 is no county code"},
      {"/frames/zh/letter_help", "", "frames.zh.letter_help is missing"},
      {"/frames/en/letter_to", "{visit}", "frames.en.letter_to has {visit}, which is not there"},
      {"/kinds/APROVED", {{"silent", true}}, "kinds.APROVED is no kind of notice"},
      {"/kinds/CLOSED/silent", true, "kinds.CLOSED is silent and has texts"},
      {"/kinds/CLOSED/languages/bo", Shipped()["kinds"]["CLOSED"]["languages"]["en"],
       "frames.bo is missing"},
      {"/kinds/CLOSED/languages/zh/voice", "", "kinds.CLOSED.zh.voice is missing"},
      {"/kinds/CLOSED/languages/zh/letter", "{colour}",
       "kinds.CLOSED.zh.letter has {colour}, which is not known"},
      {"/kinds/CLOSED/languages/zh/letter", "{visit}",
       "kinds.CLOSED.zh.letter has {visit}, which is not there"},
      {"/kinds/CLOSED/languages/zh/letter", "{visit", "has a brace without its other one"},
      {"/kinds/CLOSED/languages/zh/letter", "{Visit}", "{Visit} is no placeholder"},
      {"/kinds/CLOSED/languages/zh/sms", "{name}",
       "kinds.CLOSED.zh.sms has {name}, which belongs into a letter"},
      {"/kinds/INELIGIBLE/languages/zh/sms", "{conditions}",
       "kinds.INELIGIBLE.zh.sms has {conditions}, which belongs into a letter"},
      {"/kinds/RETURNED/languages/zh/voice", "{note}",
       "kinds.RETURNED.zh.voice has {note}, which belongs into a letter"},
      {"/kinds/CLOSED/languages/zh/sms", long_text,
       "kinds.CLOSED.zh.sms can get 400 characters long; 335 are allowed"},
      // The value counts with its longest.
      {"/kinds/RETURNED/languages/zh/sms", std::string(200, 'x') + "{reasons}",
       "kinds.RETURNED.zh.sms can get 360 characters long; 335 are allowed"},
      {"/colour", "red", "is not the form of notice_texts.proto"},
  };
  for (const Case& c : cases) {
    nlohmann::json texts = Shipped();
    texts[nlohmann::json::json_pointer(c.pointer)] = c.value;
    EXPECT_THAT(Complaints(texts), HasSubstr(c.complaint)) << c.pointer;
  }
}

TEST(NoticeTextBookTest, WhatIsMissingIsNamedTogether) {
  nlohmann::json texts = Shipped();
  texts["frames"].erase("zh");
  texts["kinds"].erase("APPROVED");
  texts["kinds"]["PAID"]["languages"].erase("zh");
  texts["kinds"]["CLOSED"]["languages"]["zh"].erase("sms");
  texts["edition"] = "";
  EXPECT_EQ(
      Complaints(texts),
      "edition is missing\n"
      "frames.zh is missing\n" +
          [&] {
            // Each kind that is told in Chinese misses the frame.
            std::string lines;
            for (const auto& [name, kind] : texts["kinds"].items()) {
              if (kind.contains("languages") && kind["languages"].contains("zh")) {
                lines += "frames.zh is missing\n";
              }
            }
            return lines;
          }() +
          "kinds.APPROVED is missing\n"
          "kinds.CLOSED.zh.sms is missing\n"
          "kinds.PAID.zh is missing");
}

TEST(TextPatternTest, FillsAndCuts) {
  const auto value = [](absl::string_view name) { return "<" + std::string(name) + ">"; };
  EXPECT_EQ(FillPattern("请在{deadline}补正{note}。", value), "请在<deadline>补正<note>。");
  EXPECT_EQ(FillPattern("", value), "");
  EXPECT_EQ(CutTo("一二三", 3), "一二三");
  EXPECT_EQ(CutTo("一二三四", 3), "一二…");
}

}  // namespace
}  // namespace fuju::applications
