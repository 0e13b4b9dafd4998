#include "vocabulary/resident_id.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fuju::vocabulary {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const absl::CivilDay kToday(2026, 10, 8);

// `first17` and the check character that makes it valid at `today`; found by trial, so independent
// of the arithmetic under test only as far as the fixed vectors below are.
std::string Valid(const std::string& first17, absl::CivilDay today = kToday) {
  for (const char c : std::string("0123456789X")) {
    if (ResidentId::Parse(first17 + c, today).ok()) return first17 + c;
  }
  ADD_FAILURE() << "no check character fits";
  return "";
}

TEST(ResidentIdTest, ReadsTheVectors) {
  const struct {
    std::string text;
    absl::CivilDay birth;
    Sex sex;
  } kCases[] = {
      {"11010519491231002X", absl::CivilDay(1949, 12, 31), Sex::kFemale},
      {"620102190001010010", absl::CivilDay(1900, 1, 1), Sex::kMale},
      {"622901190506150026", absl::CivilDay(1905, 6, 15), Sex::kFemale},
      {"62010219001231006X", absl::CivilDay(1900, 12, 31), Sex::kFemale},
  };
  for (const auto& c : kCases) {
    const auto id = ResidentId::Parse(c.text, kToday);
    ASSERT_TRUE(id.ok()) << c.text << ": " << id.status();
    EXPECT_EQ(id->text(), c.text);
    EXPECT_EQ(id->birth_date(), c.birth) << c.text;
    EXPECT_EQ(id->sex(), c.sex) << c.text;
  }
}

TEST(ResidentIdTest, NormalisesLowerCaseX) {
  const auto id = ResidentId::Parse("11010519491231002x", kToday);
  ASSERT_TRUE(id.ok());
  EXPECT_EQ(id->text(), "11010519491231002X");
  EXPECT_EQ(*id, *ResidentId::Parse("11010519491231002X", kToday));
}

TEST(ResidentIdTest, RefusesWithTheReason) {
  const struct {
    std::string text;
    std::string zh;
    std::string en;
  } kCases[] = {
      // 1900 was no leap year; the check character is right.
      {"620524190002290018", "出生日期不存在", "birth date in the resident id does not exist"},
      {"110105194912310020", "校验码不符", "check character"},
      {"110105194912310021", "校验码不符", "check character"},
      {"110105491231002", "15位旧身份证号已停用", "15-digit"},
      {"", "应为18位，现为0位", "18 characters, not 0"},
      {"1101051949123100", "应为18位，现为16位", "18 characters, not 16"},
      {"11010519491231002XX", "应为18位，现为19位", "18 characters, not 19"},
      {"1101051949X231002X", "第11位应为数字", "character 11"},
      {"11010519491231002Y", "最后一位", "last character"},
      {"x10105194912310020", "第1位应为数字", "character 1 "},
      {"620102190013010010", "出生日期不存在", "does not exist"},
      {"620102190000010010", "出生日期不存在", "does not exist"},
  };
  for (const auto& c : kCases) {
    const auto id = ResidentId::Parse(c.text, kToday);
    EXPECT_EQ(id.status().code(), absl::StatusCode::kInvalidArgument) << c.text;
    EXPECT_THAT(std::string(id.status().message()), HasSubstr(c.zh));
    EXPECT_THAT(std::string(id.status().message()), HasSubstr(c.en));
  }
}

TEST(ResidentIdTest, RefusesFutureBirthAndTheTooOld) {
  const std::string born_today = Valid("62010220261008001");
  EXPECT_TRUE(ResidentId::Parse(born_today, kToday).ok());
  const auto future = ResidentId::Parse(born_today, kToday - 1);
  EXPECT_THAT(std::string(future.status().message()), HasSubstr("晚于今天"));

  // 620102190001010010: 130 on 2030-01-01, 131 a year later.
  EXPECT_TRUE(ResidentId::Parse("620102190001010010", absl::CivilDay(2030, 12, 31)).ok());
  const auto old = ResidentId::Parse("620102190001010010", absl::CivilDay(2031, 1, 1));
  EXPECT_THAT(std::string(old.status().message()), HasSubstr("超过130岁"));
}

// Dissolved divisions stay in their people's numbers: old 定西县, 张掖市, 西峰, 华亭县.
TEST(ResidentIdTest, AcceptsOldDivisionCodes) {
  for (const std::string division : {"622421", "622301", "622801", "620824"}) {
    EXPECT_TRUE(ResidentId::Parse(Valid(division + "19800101001"), kToday).ok()) << division;
  }
}

TEST(ResidentIdTest, NeverRepeatsTheNumberInAnError) {
  for (const std::string text : {"620524190002290018", "110105194912310020", "110105491231002"}) {
    const std::string message(ResidentId::Parse(text, kToday).status().message());
    EXPECT_THAT(message, Not(HasSubstr(text)));
    EXPECT_THAT(message, Not(HasSubstr(text.substr(6, 8))));
    EXPECT_THAT(message, Not(HasSubstr("1900-02-29")));
  }
}

TEST(ResidentIdTest, Masks) {
  EXPECT_EQ(ResidentId::Parse("62010219001231006X", kToday)->Masked(), "6201**********006X");
  EXPECT_EQ(MaskResidentId("62010219000101001043"), "6201************1043");
  EXPECT_EQ(MaskResidentId("110105491231002"), "***************");
  EXPECT_EQ(MaskResidentId(""), "");
}

}  // namespace
}  // namespace fuju::vocabulary
