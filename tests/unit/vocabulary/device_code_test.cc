#include "vocabulary/device_code.h"

#include <string>

#include <gtest/gtest.h>

namespace fuju::vocabulary {
namespace {

constexpr char kEdition[] = "GB/T 16432-2016";

TEST(DeviceCodeTest, ReadsSixAndEightDigits) {
  for (const std::string text : {"122203", "12 22 03"}) {
    const auto code = DeviceCode::Parse(text, kEdition);
    ASSERT_TRUE(code.ok()) << code.status();
    EXPECT_EQ(code->digits(), "122203");
    EXPECT_EQ(code->edition(), kEdition);
    EXPECT_EQ(code->device_class(), "12");
    EXPECT_EQ(code->subclass(), "1222");
    EXPECT_EQ(code->division(), "122203");
    EXPECT_EQ(code->Formatted(), "12 22 03");
  }
  const auto item = DeviceCode::Parse("12 22 03 01", kEdition);
  ASSERT_TRUE(item.ok()) << item.status();
  EXPECT_EQ(item->digits(), "12220301");
  EXPECT_EQ(item->division(), "122203");
  EXPECT_EQ(item->Formatted(), "12 22 03 01");
}

TEST(DeviceCodeTest, RefusesOtherForms) {
  for (const std::string text :
       {"", "12", "1222", "12220", "1222030", "1222030101", "12220A", "122200", "002203", "120003",
        "12-22-03", "12  22 03", " 122203", "122203 ", "1 22203", "12 2203", "12 22 03 "}) {
    EXPECT_EQ(DeviceCode::Parse(text, kEdition).status().code(), absl::StatusCode::kInvalidArgument)
        << "'" << text << "'";
  }
  EXPECT_FALSE(DeviceCode::Parse("122203", "").ok());
  EXPECT_FALSE(DeviceCode::Parse("122203", std::string(101, 'x')).ok());
}

// The white cane moved from 12 39 03 to 12 08 03; the same digits mean another thing elsewhere.
TEST(DeviceCodeTest, IsTheSameOnlyWithinAnEdition) {
  EXPECT_EQ(*DeviceCode::Parse("123903", kEdition), *DeviceCode::Parse("12 39 03", kEdition));
  EXPECT_NE(*DeviceCode::Parse("123903", kEdition), *DeviceCode::Parse("123903", "ISO 9999:2022"));
}

TEST(DeviceScopeTest, CoversWhatBeginsWithIt) {
  const DeviceCode wheelchair = *DeviceCode::Parse("122203", kEdition);
  EXPECT_TRUE(DeviceScope::Parse("12")->Covers(wheelchair));
  EXPECT_TRUE(DeviceScope::Parse("1222")->Covers(wheelchair));
  EXPECT_TRUE(DeviceScope::Parse("122203")->Covers(wheelchair));
  EXPECT_FALSE(DeviceScope::Parse("1223")->Covers(wheelchair));
  EXPECT_FALSE(DeviceScope::Parse("22")->Covers(wheelchair));
  for (const std::string text : {"", "1", "122", "00", "1200", "12220301", "ab", "12 22"}) {
    EXPECT_FALSE(DeviceScope::Parse(text).ok()) << "'" << text << "'";
  }
}

}  // namespace
}  // namespace fuju::vocabulary
