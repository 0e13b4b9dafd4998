#include "chassis/store/index_member.h"

#include <string>

#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

TEST(IndexMemberTest, TheOwnerIsNotStoredAgain) {
  const std::string ulid = "01M8CRZN33GETMZFWXM1WBFRRE";
  const std::string vendor = "91620102DEM0000000";
  struct Row {
    std::string index;
    std::string member;
    std::string stored;
  };
  const Row rows[] = {
      {"county:620102", "620102-" + ulid, "\x01-" + ulid},
      {"county:620102:SUBMITTED", "620102-" + ulid, "\x01-" + ulid},
      {"grants-620102", "620102-" + ulid, "\x01-" + ulid},
      {"rounds:620102:DONE", "620102-" + ulid, "\x01-" + ulid},
      {"orders:" + vendor + ":COMPLETED", vendor + "/620102-" + ulid + "-1",
       "\x01/620102-" + ulid + "-1"},
      {"technicians:" + vendor, vendor, "\x01"},
      // Of the longest words with a digit the first counts.
      {"work:620102:620103", "620102-a", "\x01-a"},
      {"work:620102:620103", "620103-a", "620103-a"},
      {"budgets-2026", "620102-2026", "620102-2026"},
      // A case that was transferred begins with another county.
      {"county:620103", "620102-" + ulid, "620102-" + ulid},
      {"county:620102", "x620102-" + ulid, "x620102-" + ulid},
      {"vendors", "91620102DEM0000000", "91620102DEM0000000"},
      {"", "620102", "620102"},
      {"county:620102", "", ""},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(StoredMember(row.index, row.member), row.stored) << row.index;
    EXPECT_EQ(MemberOf(row.index, row.stored), row.member) << row.index;
  }
}

}  // namespace
}  // namespace fuju::chassis
