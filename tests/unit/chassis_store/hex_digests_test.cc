#include "chassis/store/hex_digests.h"

#include <string>

#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

const std::string kDigest = "3b540dc27f317de90f3cfc3e573264aa115494408f24cf558fe169ef04560b8a";
const std::string kPlace(64, '\xfd');

TEST(HexDigestsTest, DigestsAreTakenOutAndPutBack) {
  const std::string other(64, '0');
  struct Row {
    std::string text;
    std::string without;
    size_t digests;
  };
  const Row rows[] = {
      {kDigest, kPlace, 1},
      {"Z@" + kDigest + "b", "Z@" + kDigest + "b", 0},
      {"Z@" + kDigest + "B", "Z@" + kPlace + "B", 1},
      {"x" + kDigest + " " + other + "y", "x" + kPlace + " " + kPlace + "y", 2},
      {"a" + kDigest.substr(1) + "/" + kDigest, kPlace + "/" + kPlace, 2},
      {kDigest.substr(1), kDigest.substr(1), 0},
      {kDigest + "0", kDigest + "0", 0},
      {kDigest + kDigest, kDigest + kDigest, 0},
      {"", "", 0},
      {std::string(500, 'g') + kDigest, std::string(500, 'g') + kPlace, 1},
      {kDigest + std::string(500, 'g'), kPlace + std::string(500, 'g'), 1},
  };
  for (const Row& row : rows) {
    std::string text = row.text;
    const std::string digests = TakeOutHexDigests(text);
    EXPECT_EQ(digests.size(), 32 * row.digests) << row.text;
    EXPECT_EQ(text, row.without);
    ASSERT_TRUE(PutBackHexDigests(digests, text));
    EXPECT_EQ(text, row.text);
  }
}

TEST(HexDigestsTest, NothingIsTakenOutThatCouldNotBePutBack) {
  for (const std::string& text : {kPlace + kDigest, "\xfd" + kDigest, kDigest + kPlace}) {
    std::string changed = text;
    EXPECT_EQ(TakeOutHexDigests(changed), "");
    EXPECT_EQ(changed, text);
  }
}

TEST(HexDigestsTest, DigestsOfAnotherTextAreNoticed) {
  std::string text = "a" + kPlace;
  EXPECT_FALSE(PutBackHexDigests("", text));
  EXPECT_FALSE(PutBackHexDigests(std::string(31, 'x'), text));
  text = "a" + kPlace;
  EXPECT_FALSE(PutBackHexDigests(std::string(64, 'x'), text));
}

}  // namespace
}  // namespace fuju::chassis
