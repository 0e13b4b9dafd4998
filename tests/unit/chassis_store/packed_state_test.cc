#include "chassis/store/packed_state.h"

#include <zstd.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fuju::chassis {
namespace {

// Of the timeline.
const std::string kSentence =
    "申请已提交，正在核对补贴资格和预算。"
    "The application is handed in. Eligibility and budget are being checked.";

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

TEST(PackedStateTest, ShortOnesAreKeptAsTheyAre) {
  const std::string number =
      "\x0a\x10"
      "620102-2026-0001";
  EXPECT_EQ(PackState(number), number);
}

TEST(PackedStateTest, WhatWasPackedWithoutADictionaryIsRead) {
  std::string packed(1 + ZSTD_compressBound(Texts(100).size()), '\0');
  const size_t size =
      ZSTD_compress(packed.data() + 1, packed.size() - 1, Texts(100).data(), Texts(100).size(), 1);
  packed.resize(1 + size);
  EXPECT_EQ(*UnpackState(packed), Texts(100));
}

// As binaries wrote it before dictionary 2.
TEST(PackedStateTest, WhatWasPackedWithAnEarlierDictionaryIsRead) {
  const std::string frame =
      absl::HexStringToBytes("28b52ffd21017d75000000037c00745fa5a3fd1be9a9dc10");
  EXPECT_EQ(*UnpackState(std::string(1, '\0') + frame), kSentence);
}

TEST(PackedStateTest, AForeignDictionaryIsNamed) {
  // A frame's header: magic number, flags (one byte of dictionary id, content size in one byte, a
  // single segment), the id 7, size 1; then a raw last block of one byte.
  const std::string packed("\0\x28\xb5\x2f\xfd\x21\x07\x01\x09\x00\x00x", 12);
  const absl::Status status = UnpackState(packed).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("state dictionary 7"));
}

// What states have in common stands in the dictionary, so that a single sentence shrinks, too.
TEST(PackedStateTest, TheWordsOfTheHouseCostNextToNothing) {
  EXPECT_LT(PackState(kSentence).size(), kSentence.size() / 3);
}

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
