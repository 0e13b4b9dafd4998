#include "applications/notices/letter.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include <gtest/gtest.h>

#include "vocabulary/utf8.h"

namespace fuju::applications {
namespace {

Letter Example() {
  return {.address = "甘肃省兰州市城关区白银路街道八号院三单元",
          .to = "马小兰 收",
          .date = "2026年1月5日",
          .reference = "申请编号：620102-01JH8R5V7E0000000000000001",
          .title = "请补正申请材料",
          .salutation = "马小兰，您好：",
          .body = "您的申请还需要补正。请补正：15个工作日内，即2026年1月26日前。",
          .help = "不明白的地方，请打电话：12385。",
          .sender = "兰州市城关区残疾人联合会"};
}

std::vector<std::string> Lines(const std::string& text) { return absl::StrSplit(text, '\n'); }

TEST(LetterTest, LargePrintHasShortLinesAndASentenceAParagraph) {
  EXPECT_EQ(LayOut(Example(), true),
            "甘肃省兰州市城关区白银路街道八号\n院三单元\n马小兰 收\n\n"
            "2026年1月5日\n申请编号：620102-\n01JH8R5V7E0000000000000001\n\n"
            "请补正申请材料\n\n"
            "马小兰，您好：\n\n"
            "您的申请还需要补正。\n\n"
            "请补正：15个工作日内，即2026年1\n月26日前。\n\n"
            "不明白的地方，请打电话：12385。\n\n"
            "兰州市城关区残疾人联合会\n");
}

TEST(LetterTest, NoLineIsWiderThanItsPage) {
  Letter letter = Example();
  letter.body =
      "Your application needs a supplement. This is all that is missing: the residence is not in "
      "this county; the economic status of the family is not proven. “Is it so?” "
      "是这样吗？“是。”好。";
  for (const bool large : {false, true}) {
    for (const std::string& line : Lines(LayOut(letter, large))) {
      int columns = 0;
      const auto characters = vocabulary::DecodeUtf8(line);
      for (const char32_t c : *characters) columns += c >= 0x2E80 ? 2 : 1;
      EXPECT_LE(columns, large ? 32 : 64) << line;
    }
  }
}

TEST(LetterTest, ALineNeitherBeginsWithAClosingMarkNorCutsAWord) {
  EXPECT_EQ(Wrap("一二三四五，六", 10), "一二三四\n五，六");
  EXPECT_EQ(Wrap("the county decides", 12), "the county\ndecides");
  EXPECT_EQ(Wrap("编号AB1234", 8), "编号\nAB1234");
  EXPECT_EQ(Wrap("ABCDEFGHIJ", 4), "ABCD\nEFGH\nIJ");
  EXPECT_EQ(Wrap("", 4), "");
}

}  // namespace
}  // namespace fuju::applications
