#include "chassis/store/packed_state.h"

#include <string>
#include <utility>

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

const std::string kUlid = "01M8CRZN33GETMZFWXM1WBFRRE";
const std::string kCase = "620102-" + kUlid;
const std::string kOrder = "91620102DEM0000000/" + kCase + "-1";

RawStore::Blob BlobOf(std::string state, std::string correlation_id = "applications/" + kCase) {
  return {.state = std::move(state), .version = 0, .correlation_id = std::move(correlation_id)};
}

std::string Pack(const std::string& state) { return PackState(BlobOf(state), kCase); }
absl::StatusOr<std::string> Unpack(const std::string& packed) {
  absl::StatusOr<RawStore::Blob> blob = UnpackState(packed, kCase);
  if (!blob.ok()) return blob.status();
  return std::move(blob->state);
}

TEST(PackedStateTest, EveryStateComesBackWithItsCase) {
  std::string noise;
  for (int i = 0; i < 5'000; ++i) noise.push_back(static_cast<char>((i * 7919) % 251 + 1));
  const std::string ids[] = {"", "620102", kCase, kOrder, std::string(64, 'e')};
  const std::string states[] = {"",
                                "\x0a\x01x",
                                Texts(3),
                                Texts(500),
                                noise,
                                std::string(100'000, 'x'),
                                std::string(300, '\xff'),
                                "vendors/91620102DEM0000000/orders/" + kCase + "-1 and " + kUlid};
  for (const std::string& id : ids) {
    for (const std::string& state : states) {
      for (const std::string& correlation_id :
           {std::string(), "applications/" + kCase, Texts(20)}) {
        const RawStore::Blob blob = BlobOf(state, correlation_id);
        for (const std::string& packed : {PackState(blob, id), PackPlainly(blob)}) {
          const absl::StatusOr<RawStore::Blob> back = UnpackState(packed, id);
          ASSERT_TRUE(back.ok()) << back.status();
          EXPECT_EQ(back->state, state);
          EXPECT_EQ(back->correlation_id, correlation_id);
        }
      }
    }
  }
}

TEST(PackedStateTest, NothingIsAnAggregateThatDoesNotExist) {
  EXPECT_EQ(UnpackState("", kCase)->state, "");
  EXPECT_EQ(UnpackState("", kCase)->correlation_id, "");
}

// Its name and its case's cost next to nothing, because its id says them already.
TEST(PackedStateTest, WhatTheIdSaysIsNotKept) {
  const std::string state = "\x0a\x46vendors/91620102DEM0000000/orders/" + kCase + "-1" + kSentence;
  const std::string packed = PackState(BlobOf(state), kOrder);
  const std::string of_another = PackState(BlobOf(state), "620102-01M8CS0000000000000000000A");
  EXPECT_LT(packed.size() + 10, of_another.size());
}

TEST(PackedStateTest, AForeignDictionaryIsNamed) {
  // A frame's header, without the magic number: flags (one byte of dictionary id, content size in
  // one byte, a single segment), the id 7, size 1; then a raw last block of one byte.
  const std::string packed("A\x21\x07\x01\x09\x00\x00x", 8);
  const absl::Status status = Unpack(packed).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("state dictionary 7"));
}

// What states have in common stands in the dictionary, so that a single sentence shrinks, too.
TEST(PackedStateTest, TheWordsOfTheHouseCostNextToNothing) {
  EXPECT_LT(Pack(kSentence).size(), kSentence.size() / 3);
}

TEST(PackedStateTest, LongTextsShrink) {
  EXPECT_LT(Pack(Texts(100)).size(), Texts(100).size() / 3);
}

TEST(PackedStateTest, WhatIsDamagedIsDataLoss) {
  const std::string packed = Pack(Texts(100));
  std::string changed = packed;
  changed[packed.size() / 2] ^= 0x55;
  const std::string huge("A\xe0\xff\xff\xff\xff\xff\xff\xff\x7f", 10);
  for (const std::string& damaged :
       {packed.substr(0, 1), packed.substr(0, 20), packed.substr(0, packed.size() - 1), huge,
        std::string("\0text", 5), std::string("Etext"), std::string("@"), std::string("@\1\0\0"),
        std::string("@text\5\0\0\0", 9), packed + "x", std::string("Btext")}) {
    EXPECT_EQ(Unpack(damaged).status().code(), absl::StatusCode::kDataLoss) << damaged;
  }
  // Without a checksum some damage can only be seen when the message is parsed.
  const auto unpacked = Unpack(changed);
  EXPECT_TRUE(!unpacked.ok() || *unpacked != Texts(100));
}

}  // namespace
}  // namespace fuju::chassis
