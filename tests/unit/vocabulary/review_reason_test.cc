#include "vocabulary/review_reason.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace fuju::vocabulary {
namespace {

TEST(ReviewReasonTest, EveryCodeIsFoundOnceAndSpeaksBothLanguages) {
  std::set<std::string> codes;
  for (const ReviewReason& reason : ReviewReasons()) {
    EXPECT_TRUE(codes.insert(std::string(reason.code)).second) << reason.code;
    EXPECT_FALSE(reason.text_zh.empty()) << reason.code;
    EXPECT_FALSE(reason.text_en.empty()) << reason.code;
    ASSERT_NE(FindReviewReason(reason.code), nullptr) << reason.code;
    EXPECT_EQ(FindReviewReason(reason.code)->text_zh, reason.text_zh);
  }
  EXPECT_TRUE(codes.contains("OTHER"));
  EXPECT_EQ(FindReviewReason("other"), nullptr);
  EXPECT_EQ(FindReviewReason(""), nullptr);
}

}  // namespace
}  // namespace fuju::vocabulary
