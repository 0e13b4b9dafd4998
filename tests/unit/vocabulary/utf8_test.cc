#include "vocabulary/utf8.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace fuju::vocabulary {
namespace {

TEST(Utf8Test, ReadsAndWritesCodePointsOfEveryLength) {
  const std::string text = "aé张𠮷";
  const auto decoded = DecodeUtf8(text);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(*decoded, (std::vector<char32_t>{U'a', U'é', U'张', U'𠮷'}));
  EXPECT_EQ(EncodeUtf8(*decoded), text);
  EXPECT_TRUE(DecodeUtf8("")->empty());
}

TEST(Utf8Test, RefusesWhatIsNotWellFormed) {
  for (const std::string text : {
           "\x80",              // a continuation first
           "\xC3",              // cut off
           "\xE5\xBC",          // cut off
           "\xC0\xAF",          // overlong
           "\xE0\x80\xAF",      // overlong
           "\xF0\x80\x80\xAF",  // overlong
           "\xED\xA0\x80",      // surrogate
           "\xF4\x90\x80\x80",  // above U+10FFFF
           "\xFF",
           "\xE5\x41\x41",  // no continuation
       }) {
    EXPECT_FALSE(DecodeUtf8(text).has_value());
  }
}

}  // namespace
}  // namespace fuju::vocabulary
