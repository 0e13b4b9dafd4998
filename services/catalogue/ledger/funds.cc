#include "catalogue/ledger/funds.h"

#include <algorithm>

#include "catalogue/ledger/account.h"

namespace fuju::catalogue {

std::vector<v1::FundSource> FundOrderOf(const v1::SubsidyPolicy& policy) {
  std::vector<v1::FundSource> order;
  for (const int fund : policy.fund_order()) order.push_back(static_cast<v1::FundSource>(fund));
  if (order.empty()) order.assign(kFunds.begin(), kFunds.end());
  return order;
}

std::optional<FundShares> SplitFunds(const v1::SubsidyDecision& decision,
                                     const FundsAtHand& funds) {
  std::map<v1::FundSource, int64_t> left = funds.available;
  std::map<v1::FundSource, int64_t> shares;
  int64_t rest = decision.subsidy_fen();
  for (const v1::FundShare& top_up : decision.top_ups()) {
    int64_t& free = left[top_up.fund_source()];
    if (free < top_up.amount_fen()) return std::nullopt;
    free -= top_up.amount_fen();
    shares[top_up.fund_source()] += top_up.amount_fen();
    rest -= top_up.amount_fen();
  }
  for (const v1::FundSource fund : funds.order) {
    const int64_t part = std::clamp<int64_t>(left[fund], 0, std::max<int64_t>(rest, 0));
    left[fund] -= part;
    shares[fund] += part;
    rest -= part;
  }
  if (rest > 0) return std::nullopt;
  FundShares result;
  for (const auto& [fund, amount] : shares) {
    if (amount == 0) continue;
    v1::FundShare* share = result.Add();
    share->set_fund_source(fund);
    share->set_amount_fen(amount);
  }
  return result;
}

}  // namespace fuju::catalogue
