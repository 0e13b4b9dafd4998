#include "catalogue/decision/subsidy_amount.h"

#include <optional>
#include <ostream>

#include <gtest/gtest.h>

#include "examples.h"

namespace fuju::catalogue {
namespace {

using vocabulary::Fen;

struct MoneyVector {
  const char* name;
  int64_t quote, cap;
  int ratio_bp;
  SubsidyMode mode;
  std::optional<int64_t> annual, total;
  int64_t subsidy, self_pay;
};

void PrintTo(const MoneyVector& vector, std::ostream* out) { *out << vector.name; }

constexpr SubsidyMode kA = SubsidyMode::kCapThenRatio;
constexpr SubsidyMode kB = SubsidyMode::kRatioOfCap;

class SubsidyAmountVectors : public testing::TestWithParam<MoneyVector> {};

TEST_P(SubsidyAmountVectors, PaysAsThePolicySays) {
  const MoneyVector& v = GetParam();
  SubsidyTerms terms;
  terms.quote = Fen(v.quote);
  terms.cap = Fen(v.cap);
  terms.ratio = Ratio(v.ratio_bp);
  terms.mode = v.mode;
  if (v.annual.has_value()) terms.remaining_annual_cap = Fen(*v.annual);
  if (v.total.has_value()) terms.remaining_total_cap = Fen(*v.total);
  const absl::StatusOr<AmountSplit> split = SubsidyAmount(terms);
  ASSERT_TRUE(split.ok()) << split.status();
  EXPECT_EQ(split->subsidy.count(), v.subsidy);
  EXPECT_EQ(split->self_pay.count(), v.self_pay);
}

// Domain §7 (first nine), then the corners of the formula of §1.4.
INSTANTIATE_TEST_SUITE_P(
    Money, SubsidyAmountVectors,
    testing::Values(
        MoneyVector{"UnderTheCap", 98000, 120000, 10000, kA, {}, {}, 98000, 0},
        MoneyVector{"AboveTheCap", 150000, 120000, 10000, kA, {}, {}, 120000, 30000},
        MoneyVector{"HalfModeA", 80000, 120000, 5000, kA, {}, {}, 40000, 40000},
        MoneyVector{"HalfModeB", 80000, 120000, 5000, kB, {}, {}, 60000, 20000},
        MoneyVector{"RoundsDown", 33333, 33333, 5000, kA, {}, {}, 16666, 16667},
        MoneyVector{"RoundsDownModeB", 33333, 33333, 5000, kB, {}, {}, 16666, 16667},
        MoneyVector{"MultipleDisabilityTotal", 50000, 120000, 10000, kA, {}, 30000, 30000, 20000},
        MoneyVector{"ChildSharedAllowance", 60000, 150000, 10000, kA, 40000, {}, 40000, 20000},
        MoneyVector{"HearingPairOfAChild", 600000, 600000, 10000, kA, {}, {}, 600000, 0},
        MoneyVector{"SmallerAllowanceCounts", 60000, 150000, 10000, kA, 40000, 25000, 25000, 35000},
        MoneyVector{"NothingLeft", 60000, 150000, 10000, kA, 0, {}, 0, 60000},
        MoneyVector{"AllowanceLeftIsNotPaidOut", 60000, 150000, 10000, kA, 90000, 90000, 60000, 0},
        MoneyVector{"RatioZero", 60000, 150000, 0, kA, {}, {}, 0, 60000},
        MoneyVector{"RatioZeroModeB", 60000, 150000, 0, kB, {}, {}, 0, 60000},
        MoneyVector{"OneFen", 1, 120000, 5000, kA, {}, {}, 0, 1},
        MoneyVector{"AtTheCap", 120000, 120000, 10000, kB, {}, {}, 120000, 0},
        MoneyVector{"LargestQuote", 100000000, 100000000, 9999, kA, {}, {}, 99990000, 10000}),
    [](const auto& vector) { return std::string(vector.param.name); });

TEST(SubsidyAmountTest, IsRefusedForNegativeAmounts) {
  SubsidyTerms terms;
  terms.quote = Fen(1000);
  terms.cap = Fen(1000);
  terms.ratio = Ratio(10000);
  for (int field = 0; field < 4; ++field) {
    SubsidyTerms wrong = terms;
    if (field == 0) wrong.quote = Fen(-1);
    if (field == 1) wrong.cap = Fen(-1);
    if (field == 2) wrong.remaining_annual_cap = Fen(-1);
    if (field == 3) wrong.remaining_total_cap = Fen(-1);
    EXPECT_EQ(SubsidyAmount(wrong).status().code(), absl::StatusCode::kInvalidArgument) << field;
  }
}

TEST(SubsidyAmountTest, AlwaysAddsUpAndNeverPaysMoreThanTheCap) {
  for (int64_t quote = 1; quote < 400; quote += 7) {
    for (int bp = 0; bp <= 10000; bp += 333) {
      for (const SubsidyMode mode : {kA, kB}) {
        SubsidyTerms terms;
        terms.quote = Fen(quote);
        terms.cap = Fen(211);
        terms.ratio = Ratio(bp);
        terms.mode = mode;
        const AmountSplit split = *SubsidyAmount(terms);
        EXPECT_EQ(split.subsidy.count() + split.self_pay.count(), quote);
        EXPECT_GE(split.self_pay.count(), 0);
        EXPECT_GE(split.subsidy.count(), 0);
        EXPECT_LE(split.subsidy.count(), 211);
      }
    }
  }
}

TEST(SplitProductServiceTest, GivesTheRemainderToTheProduct) {
  const ProductServiceSplit hearing_pair = *SplitProductService(Fen(600000), Ratio(2000));
  EXPECT_EQ(hearing_pair.product.count(), 480000);
  EXPECT_EQ(hearing_pair.service.count(), 120000);
  const ProductServiceSplit odd = *SplitProductService(Fen(99), Ratio(2000));
  EXPECT_EQ(odd.product.count(), 80);
  EXPECT_EQ(odd.service.count(), 19);
  EXPECT_FALSE(SplitProductService(Fen(-1), Ratio(2000)).ok());
}

TEST(SubsidyModeTest, HasNames) {
  EXPECT_EQ(ParseSubsidyMode("cap_then_ratio"), kA);
  EXPECT_EQ(ParseSubsidyMode("ratio_of_cap"), kB);
  EXPECT_EQ(ParseSubsidyMode("best_of_both"), std::nullopt);
  EXPECT_EQ(SubsidyModeName(kB), "ratio_of_cap");
}

}  // namespace
}  // namespace fuju::catalogue
