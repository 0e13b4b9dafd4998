#include "vocabulary/uscc.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fuju::vocabulary {
namespace {

using ::testing::HasSubstr;

// The example of the standard, and codes that well-known companies publish.
TEST(UsccTest, AcceptsPublishedCodes) {
  for (const std::string text :
       {"91350100M000100Y43", "91110000802100433B", "91440300708461136T", "91330100799655058B"}) {
    EXPECT_TRUE(Uscc::Parse(text).ok()) << text << ": " << Uscc::Parse(text).status();
  }
}

TEST(UsccTest, NormalisesLowerCase) {
  ASSERT_TRUE(Uscc::Parse("91350100m000100y43").ok());
  EXPECT_EQ(*Uscc::Parse("91350100m000100y43"), *Uscc::Parse("91350100M000100Y43"));
  EXPECT_EQ(Uscc::Parse("91350100m000100y43")->text(), "91350100M000100Y43");
}

TEST(UsccTest, RefusesWithTheReason) {
  const struct {
    std::string text;
    std::string reason;
  } kCases[] = {
      {"", "应为18位，现为0位"},
      {"91350100M000100Y4", "应为18位，现为17位"},
      {"91350100M000100Y44", "校验码不符"},
      {"91350101M000100Y43", "校验码不符"},
      {"913501A0M000100Y43", "第7位应为数字"},
      {"91350100I000100Y43", "第9位应为数字或除I、O、S、V、Z外"},
      {"91350100M0001 0Y43", "第14位"},
  };
  for (const auto& c : kCases) {
    const auto code = Uscc::Parse(c.text);
    EXPECT_EQ(code.status().code(), absl::StatusCode::kInvalidArgument) << c.text;
    EXPECT_THAT(std::string(code.status().message()), HasSubstr(c.reason));
  }
}

// Each single wrong character is found: that is what the check character is for.
TEST(UsccTest, FindsEveryWrongDigit) {
  const std::string right = "91350100M000100Y43";
  for (size_t i = 0; i < right.size(); ++i) {
    for (const char c : std::string("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
      std::string wrong = right;
      wrong[i] = c;
      EXPECT_EQ(Uscc::Parse(wrong).ok(), wrong == right) << wrong;
    }
  }
}

}  // namespace
}  // namespace fuju::vocabulary
