#include "chassis/store/id_words.h"

#include <string>

#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

const std::string kUlid = "01M8CRZN33GETMZFWXM1WBFRRE";
const std::string kCase = "620102-" + kUlid;
const std::string kVendor = "91620102DEM0000000";

struct Row {
  std::string id;
  std::string text;
  // What is left of it.
  std::string without;
};

TEST(IdWordsTest, LongWordsAreTakenOutAndPutBack) {
  const std::string ulid_out(26, '\xff');
  const std::string vendor_out(18, '\xff');
  const std::string second_out(26, '\xfe');
  const Row rows[] = {
      {kCase, "applications/" + kCase, "applications/620102-" + ulid_out},
      {kCase, kUlid + kUlid, ulid_out + ulid_out},
      {kVendor + "/" + kCase + "-1", "vendors/" + kVendor + "/orders/" + kCase + "-1 of " + kUlid,
       "vendors/" + vendor_out + "/orders/620102-" + second_out + "-1 of " + second_out},
      {std::string(64, 'e'), std::string(64, 'e'), std::string(64, '\xff')},
  };
  for (const Row& row : rows) {
    std::string text = row.text;
    EXPECT_TRUE(TakeOutIdWords(row.id, text)) << row.text;
    EXPECT_EQ(text, row.without);
    PutBackIdWords(row.id, text);
    EXPECT_EQ(text, row.text);
  }
}

TEST(IdWordsTest, NothingIsTakenOutThatCouldNotBePutBack) {
  const std::string stand_in(26, '\xff');
  const Row rows[] = {
      // Nothing long in the id, or nothing of it in the text.
      {"620102-2026", "applications/620102-2026", ""},
      {"", "applications/" + kCase, ""},
      {kCase, "", ""},
      {kCase, "applications/620102", ""},
      // The text has what would stand in, or what would look like a part of it.
      {kCase, kCase + stand_in, ""},
      {kCase, "\xff" + kUlid, ""},
  };
  for (const Row& row : rows) {
    std::string text = row.text;
    EXPECT_FALSE(TakeOutIdWords(row.id, text)) << row.text;
    EXPECT_EQ(text, row.text);
  }
}

}  // namespace
}  // namespace fuju::chassis
