#include "vocabulary/ulid.h"

#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace fuju::vocabulary {
namespace {

constexpr UlidEntropy kZeros = {};
constexpr UlidEntropy kOnes = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

TEST(UlidTest, EncodesTimeAndEntropy) {
  // The time of the example in the ULID specification.
  const absl::Time time = absl::FromUnixMillis(1469918176385);
  EXPECT_EQ(*MakeUlid(time, kZeros), "01ARYZ6S410000000000000000");
  EXPECT_EQ(*MakeUlid(time, kOnes), "01ARYZ6S41ZZZZZZZZZZZZZZZZ");
  // 80 bits 00001 00010 ... 10000 are the characters 1 to G.
  const UlidEntropy counted = {0x08, 0x86, 0x42, 0x98, 0xE8, 0x4A, 0x96, 0xC6, 0xB9, 0xF0};
  EXPECT_EQ(*MakeUlid(absl::UnixEpoch(), counted), "0000000000123456789ABCDEFG");
  EXPECT_EQ(*MakeUlid(absl::FromUnixMillis((int64_t{1} << 48) - 1), kOnes),
            "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
}

TEST(UlidTest, RefusesTimesItCannotHold) {
  for (const absl::Time time : {absl::UnixEpoch() - absl::Nanoseconds(1), absl::InfinitePast(),
                                absl::InfiniteFuture(), absl::FromUnixMillis(int64_t{1} << 48)}) {
    EXPECT_EQ(MakeUlid(time, kZeros).status().code(), absl::StatusCode::kOutOfRange);
  }
}

TEST(UlidTest, ReadsItsTimeBack) {
  const absl::Time time = absl::FromUnixMillis(1469918176385);
  EXPECT_EQ(*UlidTime("01ARYZ6S410000000000000000"), time);
  EXPECT_FALSE(UlidTime("01ARYZ6S41").ok());
}

TEST(UlidTest, RefusesOtherText) {
  for (const std::string text :
       {"", "01ARYZ6S41000000000000000", "01ARYZ6S4100000000000000000",
        "01aryz6s410000000000000000", "81ARYZ6S410000000000000000", "01ARYZ6S41000000000000000I",
        "01ARYZ6S41000000000000000L", "01ARYZ6S41000000000000000O", "01ARYZ6S41000000000000000U",
        "01ARYZ6S41000000000000000-"}) {
    EXPECT_EQ(CheckUlid(text).code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_TRUE(CheckUlid("01ARYZ6S41ZZZZZZZZZZZZZZZZ").ok());
}

TEST(UlidGeneratorTest, RisesWithinAMillisecondAndWhenTheClockStepsBack) {
  UlidGenerator generator;
  const absl::Time start = absl::FromUnixMillis(1469918176385);
  std::string last = *generator.Next(start);
  for (const absl::Duration step :
       {absl::ZeroDuration(), absl::Microseconds(300), -absl::Seconds(5), absl::Milliseconds(1),
        absl::ZeroDuration(), absl::Hours(1), -absl::Hours(1)}) {
    const std::string next = *generator.Next(start + step);
    EXPECT_TRUE(CheckUlid(next).ok());
    EXPECT_LT(last, next);
    last = next;
  }
}

TEST(UlidGeneratorTest, AnAbsurdTimeLeavesNoTrace) {
  UlidGenerator generator;
  EXPECT_FALSE(generator.Next(absl::InfiniteFuture()).ok());
  EXPECT_FALSE(generator.Next(absl::InfinitePast()).ok());
  const absl::Time start = absl::FromUnixMillis(1469918176385);
  EXPECT_EQ(*UlidTime(*generator.Next(start)), start);
}

TEST(UlidGeneratorTest, TheSameSeedGivesTheSameSequence) {
  std::seed_seq seed = {1, 2, 3};
  std::seed_seq same = {1, 2, 3};
  std::seed_seq other = {4};
  UlidGenerator a(seed);
  UlidGenerator b(same);
  UlidGenerator c(other);
  const absl::Time start = absl::FromUnixMillis(1469918176385);
  for (int i = 0; i < 10; ++i) {
    const absl::Time now = start + absl::Milliseconds(i);
    const std::string next = *a.Next(now);
    EXPECT_EQ(next, *b.Next(now));
    EXPECT_NE(next, *c.Next(now));
  }
}

TEST(UlidGeneratorTest, TakesItsRandomBitsFromTheCaller) {
  const absl::Time now = absl::FromUnixMillis(1469918176385);
  UlidGenerator generator([] { return UlidEntropy{1, 2, 3}; });
  EXPECT_EQ(*generator.Next(now), *MakeUlid(now, {1, 2, 3}));
}

TEST(UlidGeneratorTest, EndsWithTheTailAndRisesBeforeIt) {
  UlidGenerator generator;
  const absl::Time now = absl::FromUnixMillis(1767225600000);
  std::string last;
  for (const uint16_t tail : {0, 1023, 1023, 1, 32, 0}) {
    const std::string next = *generator.Next(now, tail);
    EXPECT_EQ(next.substr(kUlidLength - kUlidTailLength), UlidTail(tail));
    EXPECT_TRUE(CheckUlid(next).ok());
    EXPECT_LT(last.substr(0, kUlidLength - kUlidTailLength),
              next.substr(0, kUlidLength - kUlidTailLength));
    last = next;
  }
  EXPECT_LT(last, *generator.Next(now));
  EXPECT_EQ(UlidTail(0), "00");
  EXPECT_EQ(UlidTail(33), "11");
  EXPECT_EQ(UlidTail(kUlidTails - 1), "ZZ");
}

TEST(UlidGeneratorTest, WithoutRoomForATailTheNextMillisecondIsTaken) {
  UlidEntropy full;
  full.fill(0xff);
  UlidGenerator generator([full] { return full; });
  const absl::Time now = absl::FromUnixMillis(1767225600000);
  EXPECT_EQ(*UlidTime(*generator.Next(now, 5)), now);
  EXPECT_EQ(*UlidTime(*generator.Next(now, 5)), now + absl::Milliseconds(1));
}

TEST(UlidGeneratorTest, ThreadsNeverGetTheSameOne) {
  UlidGenerator generator;
  const absl::Time now = absl::FromUnixMillis(1469918176385);
  std::vector<std::vector<std::string>> made(4);
  std::vector<std::thread> threads;
  for (auto& mine : made) {
    threads.emplace_back([&generator, &mine, now] {
      for (int i = 0; i < 1000; ++i) mine.push_back(*generator.Next(now));
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 4000u);
}

}  // namespace
}  // namespace fuju::vocabulary
