#include "chassis/store/list_cursor.h"

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

#include "chassis/values/refusal.h"

namespace fuju::chassis {
namespace {

TEST(ListCursorTest, ComesBackAsItWas) {
  for (const IndexEntry& entry : {IndexEntry{"", "a|b/c", 17}, IndexEntry{"", "", -3},
                                  IndexEntry{"", "甘肃\n", 9'007'199'254'740'991}}) {
    const auto decoded = DecodeListCursor(EncodeListCursor(entry));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(**decoded, entry);
  }
}

TEST(ListCursorTest, EmptyIsTheTop) {
  const auto decoded = DecodeListCursor("");
  ASSERT_TRUE(decoded.ok());
  EXPECT_FALSE(decoded->has_value());
}

TEST(ListCursorTest, RefusesWhatItDidNotMake) {
  for (const std::string& text :
       {std::string("!"), std::string("abc"), absl::WebSafeBase64Escape("17"),
        absl::WebSafeBase64Escape("x|member"), absl::WebSafeBase64Escape(" 17|member"),
        absl::WebSafeBase64Escape("1e3|member"), absl::WebSafeBase64Escape("+inf|member")}) {
    const auto decoded = DecodeListCursor(text);
    EXPECT_EQ(decoded.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(ReasonOf(decoded.status()), "PAGE_TOKEN_INVALID");
  }
}

}  // namespace
}  // namespace fuju::chassis
