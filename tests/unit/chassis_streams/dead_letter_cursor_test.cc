#include "chassis/streams/dead_letter_cursor.h"

#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

TEST(DeadLetterCursorTest, ReadsWhatItWrites) {
  const DeadLetterCursor cursor{.entry = {17, 4}, .partition = 3};
  EXPECT_EQ(cursor.ToString(), "17-4|3");
  EXPECT_EQ(DeadLetterCursor::Parse("17-4|3").value(), cursor);
  EXPECT_EQ(DeadLetterCursor::Parse("").value(), DeadLetterCursor());
}

// What comes next in a partition: the same entry id only where the partition comes later.
TEST(DeadLetterCursorTest, EachPartitionGoesOnBehindIt) {
  const DeadLetterCursor cursor{.entry = {17, 4}, .partition = 3};
  EXPECT_EQ(cursor.StartIn(2), "17-4");
  EXPECT_EQ(cursor.StartIn(3), "17-4");
  EXPECT_EQ(cursor.StartIn(4), "17-3");
  EXPECT_EQ((DeadLetterCursor{.entry = {17, 0}, .partition = 3}).StartIn(4),
            "16-18446744073709551615");
  EXPECT_EQ(DeadLetterCursor().StartIn(0), "0-0");
}

}  // namespace
}  // namespace fuju::chassis
