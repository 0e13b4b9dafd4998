#include "chassis/store/index_member.h"

#include <string>

#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

TEST(IndexMemberTest, TheOwnerIsNotStoredAgain) {
  // No ULID: U is not of its alphabet.
  const std::string ulid = "01M8CRZN33GETMZFWXM1WBFRRU";
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

TEST(IndexMemberTest, AUlidIsStoredAsItsBytes) {
  const std::string ulid = "01M8CRZN33GETMZFWXM1WBFRRE";
  const std::string bytes("\x01\xa2\x19\x8f\xd4\x63\x83\xb5\x4f\xbf\x9d\xa0\x78\xb7\xe3\x0e", 16);
  const std::string zeros(16, '\0');
  const std::string ones(16, '\xff');
  struct Row {
    std::string index;
    std::string member;
    std::string stored;
  };
  const Row rows[] = {
      {"county:620102", "620102-" + ulid, "\x01-\x02" + bytes},
      {"county:620103", "620102-" + ulid, "620102-\x02" + bytes},
      {"orders:91620102DEM0000000", "91620102DEM0000000/620102-" + ulid + "-1",
       "\x01/620102-\x02" + bytes + "-1"},
      {"relations:x", ulid, "\x02" + bytes},
      // The first one only.
      {"of", ulid + "-" + ulid, "\x02" + bytes + "-" + ulid},
      {"of", std::string(26, '0'), "\x02" + zeros},
      {"of", "7" + std::string(25, 'Z'), "\x02" + ones},
      // None: more than 128 bits, a letter more, a letter less, small letters.
      {"of", "8" + std::string(25, 'Z'), "8" + std::string(25, 'Z')},
      {"of", ulid + "E", ulid + "E"},
      {"of", ulid.substr(1), ulid.substr(1)},
      {"of", "01m8crzn33getmzfwxm1wbfrre", "01m8crzn33getmzfwxm1wbfrre"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(StoredMember(row.index, row.member), row.stored) << row.member;
    EXPECT_EQ(MemberOf(row.index, row.stored), row.member) << row.member;
  }
}

TEST(IndexMemberTest, TheOrderOfUlidsStays) {
  const std::string rising[] = {"00000000000000000000000000", "0000000000000000000000000Z",
                                "01M8CRZN33GETMZFWXM1WBFRRE", "01M8CRZN33GETMZFWXM1WBFRRF",
                                "01M8CRZN3400000000000000A0", "01M8CRZN3400000000000000Z0",
                                "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"};
  std::string last;
  for (const std::string& ulid : rising) {
    const std::string stored = StoredMember("county:620102", "620102-" + ulid);
    EXPECT_LT(last, stored) << ulid;
    last = stored;
  }
}

// Of a hand, or of what is not ours.
TEST(IndexMemberTest, WhatWasNotStoredByThisIsAsItIs) {
  EXPECT_EQ(MemberOf("of", "\x02short"), "\x02short");
  EXPECT_EQ(MemberOf("of", ""), "");
}

}  // namespace
}  // namespace fuju::chassis
