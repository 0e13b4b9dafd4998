#include "catalogue/funds_reader.h"

#include <memory>
#include <utility>
#include <vector>

#include "catalogue/grant.h"
#include "catalogue/ledger/account.h"
#include "chassis/values/refusal.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {

void FundsReader::Read(absl::string_view area, int32_t year, absl::Time deadline,
                       std::function<void(absl::StatusOr<FundsAtHand>)> done) const {
  const std::shared_ptr<const Catalogue> catalogue =
      watcher_->For(area, vocabulary::TodayInShanghai(stores_->Now()));
  FundsAtHand funds;
  funds.order = FundOrderOf(catalogue == nullptr ? v1::SubsidyPolicy() : catalogue->policy());
  funds.reservation = reservation_;
  std::vector<std::string> counters = {QueueCounter(area)};
  for (const v1::FundSource fund : kFunds) {
    counters.push_back(
        BalanceCounter({std::string(area), year, fund}, v1::LEDGER_ACCOUNT_AVAILABLE));
  }
  stores_->raw()->GetCounters(std::string(area), std::move(counters), deadline,
                              [funds = std::move(funds), done = std::move(done)](
                                  absl::StatusOr<std::vector<int64_t>> amounts) mutable {
                                if (!amounts.ok()) return done(amounts.status());
                                funds.waiting = (*amounts)[0];
                                for (size_t i = 0; i < kFunds.size(); ++i)
                                  funds.available[kFunds[i]] = (*amounts)[i + 1];
                                done(std::move(funds));
                              });
}

bool FundsChanged(const absl::Status& status) {
  const std::string reason = chassis::ReasonOf(status);
  return reason == "COUNTER_BELOW_FLOOR" || reason == "COUNTER_NOT_ZERO";
}

}  // namespace fuju::catalogue
