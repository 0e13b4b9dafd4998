#include "chassis/store/abbreviation.h"

#include <string>

#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

TEST(AbbreviationTest, EveryTextComesBack) {
  const std::string case_id = "620102-01M8CRZN33GETMZFWXM1WBFRRE";
  const std::string long_id(300, 'x');
  struct Row {
    std::string text;
    std::string id;
    bool shorter;
  };
  const Row rows[] = {
      {"applications/" + case_id, case_id, true},
      {"applications/" + case_id, "91620102DEM0000000/" + case_id + "-1", true},
      {"applications/" + case_id, "e16b614e", false},
      {case_id, case_id, true},
      {"applications/", case_id, false},
      {"", case_id, false},
      {"", "", false},
      {"budgets/20", "2026-20", false},
      {"a/" + long_id, long_id, false},
      {"a/yyyyyyyy", long_id + "yyyyyyyy", false},
  };
  for (const Row& row : rows) {
    const std::string abbreviated = Abbreviated(row.text, row.id);
    EXPECT_EQ(Expanded(abbreviated, row.id), row.text) << row.id;
    EXPECT_EQ(abbreviated.size() < row.text.size(), row.shorter) << row.text << " of " << row.id;
  }
}

TEST(AbbreviationTest, AForeignIdNeverReadsBeyondItsEnd) {
  const std::string abbreviated = Abbreviated("applications/620102-0001", "620102-0001");
  EXPECT_EQ(Expanded(abbreviated, "62"), abbreviated);
}

}  // namespace
}  // namespace fuju::chassis
