#include "vocabulary/person_name.h"

#include <string>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fuju::vocabulary {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Repeated(absl::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) absl::StrAppend(&all, text);
  return all;
}

TEST(PersonNameTest, NormalisesNames) {
  const struct {
    std::string text;
    std::string normalised;
    std::string masked;
  } kCases[] = {
      {"张三", "张三", "张*"},
      {" 张三　", "张三", "张*"},
      {"张 三", "张三", "张*"},
      {"张　　三", "张三", "张*"},
      {"张小明", "张小明", "张*明"},
      {"欧阳小明", "欧阳小明", "欧**明"},
      {"马·法图麦", "马·法图麦", "马***麦"},
      {"马•法图麦", "马·法图麦", "马***麦"},
      {"马・法图麦", "马·法图麦", "马***麦"},
      {"马.法图麦", "马·法图麦", "马***麦"},
      {"㐂𠮷", "㐂𠮷", "㐂*"},
      {"李〇", "李〇", "李*"},
      {"Mary  O'Neill-Li", "Mary O'Neill-Li", "M*************i"},
      {"བཀྲ་ཤིས།", "བཀྲ་ཤིས།", ""},
  };
  for (const auto& c : kCases) {
    const auto name = PersonName::Parse(c.text);
    ASSERT_TRUE(name.ok()) << c.text << ": " << name.status();
    EXPECT_EQ(name->text(), c.normalised);
    if (!c.masked.empty()) {
      EXPECT_EQ(name->Masked(), c.masked);
    }
  }
}

TEST(PersonNameTest, AppliesTheLengthRuleToCharacters) {
  EXPECT_TRUE(PersonName::Parse(Repeated("张", 50)).ok());
  EXPECT_FALSE(PersonName::Parse(Repeated("张", 51)).ok());
  EXPECT_FALSE(PersonName::Parse("张").ok());
  EXPECT_FALSE(PersonName::Parse("").ok());
  EXPECT_FALSE(PersonName::Parse("　 ").ok());
}

TEST(PersonNameTest, RefusesWhatIsNoNameWithoutRepeatingIt) {
  for (const std::string text :
       {"张三1", "张３", "张三（男）", "张三，", "张\n三", "张\x01三", "张\u200B三", "·张三",
        "张三·", "<b>张三", "张三😀", "\xC4\xE3\xBA\xC3"}) {
    const auto name = PersonName::Parse(text);
    EXPECT_EQ(name.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(name.status().message()), Not(HasSubstr("张三"))) << text;
  }
}

TEST(PersonNameTest, MasksAnyText) {
  EXPECT_EQ(MaskPersonName(""), "");
  EXPECT_EQ(MaskPersonName("张"), "*");
  EXPECT_EQ(MaskPersonName("\xFF\xFE\xFD"), "*");
}

}  // namespace
}  // namespace fuju::vocabulary
