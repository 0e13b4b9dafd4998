#include "chassis/admin/dead_letter_names.h"

#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

const Keys& TestKeys() {
  static const auto* const keys = new Keys("back-office", 128);
  return *keys;
}

TEST(DeadLetterNamesTest, ANameLeadsBackToItsPlace) {
  for (const int partition : {0, 7, 99, 127}) {
    const std::string name = DeadLetterName("back-office", {partition, "1769000000000-3"});
    const auto place = ParseDeadLetterName(name, TestKeys());
    ASSERT_TRUE(place.has_value()) << name;
    EXPECT_EQ(place->partition, partition);
    EXPECT_EQ(place->entry_id, "1769000000000-3");
    EXPECT_EQ(ServiceOfDeadLetter(name), "back-office");
  }
  EXPECT_EQ(DeadLetterName("dispatch", {3, "5-0"}), "deadLetters/dispatch-p03-5-0");
}

TEST(DeadLetterNamesTest, WhatIsNoNameOfThisServiceHasNoPlace) {
  for (const char* const name :
       {"", "deadLetters/", "deadLetters/back-office", "deadLetters/back-office-p03",
        "deadLetters/back-office-p03-", "deadLetters/back-office-p03-5",
        "deadLetters/back-office-p03-5-", "deadLetters/back-office-p03-5-0x",
        "deadLetters/back-office-p03-5-0-0", "deadLetters/back-office-p3-5-0",
        "deadLetters/back-office-p003-5-0", "deadLetters/back-office-p-1-5-0",
        "deadLetters/back-office-p128-5-0", "deadLetters/back-office-p03-05-0",
        "deadLetters/other-p03-5-0", "letters/back-office-p03-5-0",
        "deadLetters/back-office-p99999999999-5-0"}) {
    EXPECT_FALSE(ParseDeadLetterName(name, TestKeys()).has_value()) << name;
  }
  EXPECT_EQ(ServiceOfDeadLetter("deadLetters/other-p03-5-0"), "other");
  EXPECT_EQ(ServiceOfDeadLetter("other"), "");
}

}  // namespace
}  // namespace fuju::chassis
