#include "vocabulary/money.h"

#include <cstdint>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fuju::vocabulary {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();

TEST(FenTest, ReadsYuan) {
  const struct {
    std::string text;
    int64_t fen;
  } kCases[] = {
      {"0", 0},           {"1200", 120000},
      {"1200.5", 120050}, {"1200.50", 120050},
      {"0.01", 1},        {"92233720368547758.07", kMost},
  };
  for (const auto& c : kCases) {
    const auto parsed = ParseYuan(c.text);
    ASSERT_TRUE(parsed.ok()) << c.text << ": " << parsed.status();
    EXPECT_EQ(parsed->count(), c.fen) << c.text;
  }
}

TEST(FenTest, RefusesWhatIsNoAmount) {
  for (const std::string text :
       {"", " ", "-1", "+1", "1,200", "1.234", "1.", ".5", "012", "1e3", "１２", " 1", "1 ",
        "1.2.3", "92233720368547758.08", "nan", "¥1"}) {
    const auto parsed = ParseYuan(text);
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(FenTest, SaysWhatIsWrongInBothLanguages) {
  const std::string message(ParseYuan("1.234").status().message());
  EXPECT_THAT(message, HasSubstr("金额“1.234”最多两位小数"));
  EXPECT_THAT(message, HasSubstr(" / amount '1.234' has more than two decimals"));
}

TEST(FenTest, FormatsYuan) {
  const struct {
    int64_t fen;
    std::string text;
  } kCases[] = {
      {0, "¥0.00"},
      {5, "¥0.05"},
      {100, "¥1.00"},
      {99999, "¥999.99"},
      {100000, "¥1,000.00"},
      {120000, "¥1,200.00"},
      {123456789, "¥1,234,567.89"},
      {-5, "-¥0.05"},
      {-120000, "-¥1,200.00"},
      {kLeast, "-¥92,233,720,368,547,758.08"},
  };
  for (const auto& c : kCases) EXPECT_EQ(FormatYuan(Fen(c.fen)), c.text);
}

TEST(FenTest, ArithmeticNeverWraps) {
  EXPECT_EQ(*Add(Fen(1), Fen(2)), Fen(3));
  EXPECT_EQ(*Subtract(Fen(1), Fen(2)), Fen(-1));
  EXPECT_EQ(*Multiply(Fen(2500), 12), Fen(30000));
  EXPECT_EQ(Add(Fen(kMost), Fen(1)).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(Subtract(Fen(kLeast), Fen(1)).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(Multiply(Fen(kMost), 2).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(Multiply(Fen(kLeast), -1).status().code(), absl::StatusCode::kOutOfRange);
}

TEST(BasisPointsTest, ReadsRatios) {
  const struct {
    std::string text;
    int64_t count;
  } kCases[] = {{"0", 0},        {"0.50", 5000},   {"0.5", 5000}, {"1", 10000},
                {"1.00", 10000}, {"0.8333", 8333}, {"0.0001", 1}};
  for (const auto& c : kCases) {
    const auto parsed = BasisPoints::ParseRatio(c.text);
    ASSERT_TRUE(parsed.ok()) << c.text;
    EXPECT_EQ(parsed->count(), c.count) << c.text;
  }
  for (const std::string text : {"", "1.01", "2", "-0.5", "0.12345", ".5", "0.", "50%", "00.5"}) {
    EXPECT_FALSE(BasisPoints::ParseRatio(text).ok()) << text;
  }
  EXPECT_FALSE(BasisPoints::Of(-1).ok());
  EXPECT_FALSE(BasisPoints::Of(10001).ok());
  EXPECT_TRUE(BasisPoints::Of(10000).ok());
}

// The rounding vectors of the subsidy rules: half of 333.33 yuan is 166.66, the person takes the
// rest.
TEST(BasisPointsTest, SharesAreRoundedDown) {
  const struct {
    int64_t amount;
    int64_t share;
    int64_t result;
  } kCases[] = {
      {98000, 10000, 98000}, {80000, 5000, 40000}, {33333, 5000, 16666},  {600000, 8000, 480000},
      {1, 9999, 0},          {0, 5000, 0},         {kMost, 10000, kMost}, {kMost, 0, 0},
      {10001, 1, 1},         {9999, 1, 0},
  };
  for (const auto& c : kCases) {
    const auto share = ShareOf(Fen(c.amount), *BasisPoints::Of(c.share));
    ASSERT_TRUE(share.ok());
    EXPECT_EQ(share->count(), c.result) << c.amount << " x " << c.share;
  }
  EXPECT_EQ(*Subtract(Fen(33333), *ShareOf(Fen(33333), *BasisPoints::Of(5000))), Fen(16667));
  EXPECT_FALSE(ShareOf(Fen(-1), *BasisPoints::Of(5000)).ok());
}

}  // namespace
}  // namespace fuju::vocabulary
