#include "vocabulary/person_key.h"

#include <string>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

namespace fuju::vocabulary {
namespace {

const absl::CivilDay kToday(2026, 10, 8);
constexpr char kPepper[] = "a pepper for the tests only";

ResidentId Person(absl::string_view text) { return *ResidentId::Parse(text, kToday); }

// Computed beforehand: printf '11010519491231002X' | openssl dgst -sha256 -hmac "$pepper".
TEST(PersonKeyTest, IsHmacSha256OfTheNormalisedId) {
  const auto keyer = PersonKeyer::Create(kPepper);
  ASSERT_TRUE(keyer.ok());
  const std::string key = *keyer->KeyOf(Person("11010519491231002X"));
  EXPECT_EQ(key, "03acdf60d21eaa71e3538e89708f9f17f3ff20c2751c385cd7a0a7fac30467fe");
  EXPECT_EQ(*keyer->KeyOf(Person("11010519491231002x")), key);
  EXPECT_NE(*keyer->KeyOf(Person("620102190001010010")), key);
  EXPECT_TRUE(IsPersonKey(key));
}

TEST(PersonKeyTest, DependsOnThePepperButNotOnItsLineEnd) {
  const ResidentId person = Person("11010519491231002X");
  const std::string key = *PersonKeyer::Create(kPepper)->KeyOf(person);
  EXPECT_EQ(*PersonKeyer::Create(absl::StrCat(kPepper, "\r\n"))->KeyOf(person), key);
  EXPECT_NE(*PersonKeyer::Create(absl::StrCat(kPepper, "!"))->KeyOf(person), key);
}

TEST(PersonKeyTest, RefusesAShortPepper) {
  EXPECT_FALSE(PersonKeyer::Create("").ok());
  EXPECT_FALSE(PersonKeyer::Create("123456789012345\n").ok());
  EXPECT_TRUE(PersonKeyer::Create("1234567890123456\n").ok());
}

TEST(PersonKeyTest, KnowsItsForm) {
  EXPECT_FALSE(IsPersonKey(""));
  EXPECT_FALSE(IsPersonKey(std::string(63, 'a')));
  EXPECT_FALSE(IsPersonKey(std::string(64, 'A')));
  EXPECT_FALSE(IsPersonKey(std::string(64, 'g')));
  EXPECT_TRUE(IsPersonKey(std::string(64, 'f')));
}

}  // namespace
}  // namespace fuju::vocabulary
