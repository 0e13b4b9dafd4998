#include "chassis/store/packed_state.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

std::string Texts(int lines) {
  std::string text;
  for (int i = 0; i < lines; ++i) absl::StrAppend(&text, "\n申请已提交，等待县残联审核 ", i);
  return text;
}

TEST(PackedStateTest, EveryStateComesBack) {
  std::string noise;
  for (int i = 0; i < 5'000; ++i) noise.push_back(static_cast<char>((i * 7919) % 251 + 1));
  for (const std::string& state : {std::string(), std::string("\x0a\x01x"), Texts(3), Texts(500),
                                   noise, std::string(100'000, 'x')}) {
    const std::string packed = PackState(state);
    EXPECT_LE(packed.size(), state.size());
    EXPECT_EQ(*UnpackState(packed), state);
  }
}

TEST(PackedStateTest, ShortOnesAreKeptAsTheyAre) { EXPECT_EQ(PackState(Texts(3)), Texts(3)); }

TEST(PackedStateTest, LongTextsShrink) {
  EXPECT_LT(PackState(Texts(100)).size(), Texts(100).size() / 3);
}

TEST(PackedStateTest, WhatIsDamagedIsDataLoss) {
  const std::string packed = PackState(Texts(100));
  std::string changed = packed;
  changed[packed.size() / 2] ^= 0x55;
  const std::string huge("\0\x28\xb5\x2f\xfd\xe0\xff\xff\xff\xff\xff\xff\xff\x7f", 14);
  for (const std::string& damaged :
       {packed.substr(0, 1), packed.substr(0, 20), packed.substr(0, packed.size() - 1), huge,
        std::string("\0text", 5)}) {
    EXPECT_EQ(UnpackState(damaged).status().code(), absl::StatusCode::kDataLoss);
  }
  // Without a checksum some damage can only be seen when the message is parsed.
  const auto unpacked = UnpackState(changed);
  EXPECT_TRUE(!unpacked.ok() || *unpacked != Texts(100));
}

}  // namespace
}  // namespace fuju::chassis
