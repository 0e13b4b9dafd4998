#include "catalogue/ledger/funds.h"

#include <string>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

namespace fuju::catalogue {
namespace {

constexpr auto kNational = v1::FUND_SOURCE_NATIONAL;
constexpr auto kProvincial = v1::FUND_SOURCE_PROVINCIAL;
constexpr auto kCounty = v1::FUND_SOURCE_COUNTY;
constexpr auto kCharity = v1::FUND_SOURCE_CHARITY;

v1::SubsidyDecision Decision(int64_t subsidy_fen,
                             std::vector<std::pair<v1::FundSource, int64_t>> top_ups = {}) {
  v1::SubsidyDecision decision;
  decision.set_subsidy_fen(subsidy_fen);
  for (const auto& [fund, amount] : top_ups) {
    v1::FundShare* share = decision.add_top_ups();
    share->set_fund_source(fund);
    share->set_amount_fen(amount);
  }
  return decision;
}

// "1:30 4:70"; "none" if the funds do not hold it.
std::string Split(const v1::SubsidyDecision& decision, const FundsAtHand& funds) {
  const std::optional<FundShares> shares = SplitFunds(decision, funds);
  if (!shares.has_value()) return "none";
  std::string text;
  for (const v1::FundShare& share : *shares) {
    absl::StrAppend(&text, text.empty() ? "" : " ", static_cast<int>(share.fund_source()), ":",
                    share.amount_fen());
  }
  return text;
}

TEST(SplitFundsTest, FollowsTheTable) {
  struct Row {
    const char* why;
    v1::SubsidyDecision decision;
    std::vector<v1::FundSource> order;
    std::map<v1::FundSource, int64_t> available;
    const char* expected;
  };
  const std::vector<v1::FundSource> usual = FundOrderOf({});
  const Row rows[] = {
      {"the first holds all", Decision(100), usual, {{kNational, 100}, {kCounty, 500}}, "1:100"},
      {"the first holds some", Decision(100), usual, {{kNational, 30}, {kCounty, 70}}, "1:30 4:70"},
      {"another order",
       Decision(100),
       {kCounty, kNational},
       {{kNational, 90}, {kCounty, 70}},
       "1:30 4:70"},
      {"one fen is missing", Decision(100), usual, {{kNational, 30}, {kCounty, 69}}, "none"},
      {"who is not named does not pay",
       Decision(100),
       {kNational},
       {{kNational, 30}, {kCounty, 700}},
       "none"},
      {"no money", Decision(1), usual, {}, "none"},
      {"nothing to pay", Decision(0), usual, {}, ""},
      {"a top-up by its own fund",
       Decision(100, {{kCharity, 20}}),
       usual,
       {{kNational, 500}, {kCharity, 20}},
       "1:80 5:20"},
      {"not by others",
       Decision(100, {{kCharity, 20}}),
       usual,
       {{kNational, 500}, {kCharity, 19}},
       "none"},
      {"a top-up of a fund that is not in the order",
       Decision(100, {{kCharity, 20}}),
       {kNational},
       {{kNational, 80}, {kCharity, 50}},
       "1:80 5:20"},
      {"the top-up comes first",
       Decision(100, {{kCounty, 20}}),
       {kCounty, kProvincial},
       {{kCounty, 60}, {kProvincial, 40}},
       "2:40 4:60"},
      {"two top-ups of one fund",
       Decision(50, {{kCounty, 20}, {kCounty, 30}}),
       usual,
       {{kCounty, 50}},
       "4:50"},
      {"less than two top-ups",
       Decision(50, {{kCounty, 20}, {kCounty, 30}}),
       usual,
       {{kCounty, 49}},
       "none"},
  };
  for (const Row& row : rows) {
    FundsAtHand funds;
    funds.order = row.order;
    funds.available = row.available;
    EXPECT_EQ(Split(row.decision, funds), row.expected) << row.why;
  }
}

TEST(FundOrderTest, IsThePolicysOrTheUsualOne) {
  EXPECT_EQ(FundOrderOf({}),
            (std::vector{kNational, kProvincial, v1::FUND_SOURCE_PREFECTURE, kCounty, kCharity}));
  v1::SubsidyPolicy policy;
  policy.add_fund_order(kCharity);
  policy.add_fund_order(kCounty);
  EXPECT_EQ(FundOrderOf(policy), (std::vector{kCharity, kCounty}));
}

}  // namespace
}  // namespace fuju::catalogue
