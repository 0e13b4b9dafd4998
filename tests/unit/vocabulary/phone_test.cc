#include "vocabulary/phone.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fuju::vocabulary {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(PhoneTest, ReadsNumbersAsPeopleWriteThem) {
  const struct {
    std::string text;
    std::string normalised;
    Phone::Kind kind;
    std::string masked;
  } kCases[] = {
      {"13812345678", "13812345678", Phone::Kind::kMobile, "138****5678"},
      {"138 1234 5678", "13812345678", Phone::Kind::kMobile, "138****5678"},
      {"138-1234-5678", "13812345678", Phone::Kind::kMobile, "138****5678"},
      {"+86 13812345678", "13812345678", Phone::Kind::kMobile, "138****5678"},
      {"19900000000", "19900000000", Phone::Kind::kMobile, "199****0000"},
      {"0931-8412345", "0931-8412345", Phone::Kind::kLandline, "0931-****345"},
      {"09318412345", "0931-8412345", Phone::Kind::kLandline, "0931-****345"},
      {"0931 8412345", "0931-8412345", Phone::Kind::kLandline, "0931-****345"},
      {"0931-8412345-12", "0931-8412345-12", Phone::Kind::kLandline, "0931-****345"},
      {"010-62345678", "010-62345678", Phone::Kind::kLandline, "010-****5678"},
      {"01062345678", "010-62345678", Phone::Kind::kLandline, "010-****5678"},
  };
  for (const auto& c : kCases) {
    const auto phone = Phone::Parse(c.text);
    ASSERT_TRUE(phone.ok()) << c.text << ": " << phone.status();
    EXPECT_EQ(phone->text(), c.normalised) << c.text;
    EXPECT_EQ(phone->kind(), c.kind) << c.text;
    EXPECT_EQ(phone->Masked(), c.masked) << c.text;
  }
}

TEST(PhoneTest, RefusesWithoutRepeatingTheNumber) {
  const struct {
    std::string text;
    std::string reason;
  } kCases[] = {
      {"", "为空"},
      {"  ", "为空"},
      {"12812345678", "13至19"},
      {"1381234567", "11位"},
      {"138123456789", "11位"},
      {"8412345", "应含区号"},
      {"0931-1412345", "应含区号"},
      {"0931-841234", "应含区号"},
      {"093-18412345", "应含区号"},
      {"0031-8412345", "应含区号"},
      {"0931-8412345-1234567", "应含区号"},
      {"0931-8412345-", "应含区号"},
      {"0931", "应含区号"},
      {"0", "应含区号"},
      {"138x2345678", "只能由数字"},
      {"(0931)8412345", "只能由数字"},
      {"+86", "只能由数字"},
  };
  for (const auto& c : kCases) {
    const auto phone = Phone::Parse(c.text);
    EXPECT_EQ(phone.status().code(), absl::StatusCode::kInvalidArgument) << c.text;
    EXPECT_THAT(std::string(phone.status().message()), HasSubstr(c.reason)) << c.text;
    if (c.text.size() > 6 && c.text != "0931-8412345-") {
      EXPECT_THAT(std::string(phone.status().message()), Not(HasSubstr(c.text)));
    }
  }
}

TEST(PhoneTest, MasksWhatIsNoNumberAltogether) {
  EXPECT_EQ(MaskPhone("abc"), "***");
  EXPECT_EQ(MaskPhone("8412345"), "*******");
  EXPECT_EQ(MaskPhone(""), "");
}

}  // namespace
}  // namespace fuju::vocabulary
