#include "chassis/streams/entry_id.h"

#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

TEST(EntryIdTest, ParsesAndOrdersByNumberNotByText) {
  const auto nine = EntryId::Parse("9-10");
  const auto ten = EntryId::Parse("10-2");
  ASSERT_TRUE(nine.has_value() && ten.has_value());
  EXPECT_LT(*nine, *ten);
  EXPECT_LT(*EntryId::Parse("10-2"), *EntryId::Parse("10-11"));
  EXPECT_EQ(nine->ToString(), "9-10");
  EXPECT_EQ(EntryId::Parse("18446744073709551615-18446744073709551615")->ToString(),
            "18446744073709551615-18446744073709551615");
}

TEST(EntryIdTest, BeforeIsTheNextSmallerOne) {
  EXPECT_EQ(EntryId({.ms = 5, .sequence = 3}).Before().ToString(), "5-2");
  EXPECT_EQ(EntryId({.ms = 5, .sequence = 0}).Before().ToString(), "4-18446744073709551615");
}

TEST(EntryIdTest, RefusesEverythingElse) {
  for (const char* text : {"", "-", "1", "1-", "-1", "+1-1", "1-+1", " 1-1", "1-1 ", "1-1-1", "a-1",
                           "1-a", "18446744073709551616-0", "*", "$", "(1-1"}) {
    EXPECT_FALSE(EntryId::Parse(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace fuju::chassis
