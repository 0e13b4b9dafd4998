#pragma once

#include <cstdint>
#include <utility>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include "catalogue/grant.h"
#include "catalogue/ledger/funds.h"
#include "catalogue/ledger/transfer.h"
#include "chassis/values/decision.h"
#include "chassis/values/timestamps.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// What the decisions of grant.h and grant_queue.h are made of. All pure.

using GrantDecision = chassis::Decision<v1::Grant>;

// In Gansu.
int32_t YearOf(absl::Time now);
// Day of the decision that the grant has.
absl::CivilDay DecisionDay(const v1::Grant& grant);
// Money was reserved for the question that the grant answers, and it waits without.
bool HasExpired(const v1::Grant& grant);

// A grant as it was, on its way to what it will be: keeps which transfers are new.
class GrantChange {
 public:
  GrantChange(v1::Grant before, absl::Time now)
      : next_(std::move(before)), now_(now), transfers_before_(next_.transfers_size()) {
    *next_.mutable_update_time() = chassis::ToTimestamp(now);
  }

  v1::Grant& next() { return next_; }
  absl::Time now() const { return now_; }

  // Moves what each fund pays.
  void MoveShares(Move move, v1::TransferCause cause) {
    for (const v1::FundShare& share : next_.fund_shares())
      MoveShare(share.fund_source(), move, share.amount_fen(), cause);
  }
  void MoveShare(v1::FundSource fund, Move move, int64_t amount_fen, v1::TransferCause cause) {
    Append(*next_.mutable_transfers(), next_.fiscal_year(), fund, move, amount_fen, cause, now_);
  }

  void Reserve(FundShares shares, absl::Duration reservation) {
    next_.set_state(v1::GRANT_STATE_RESERVED);
    *next_.mutable_fund_shares() = std::move(shares);
    MoveShares(kReserve, v1::TRANSFER_CAUSE_RESERVATION);
    if (reservation != absl::InfiniteDuration())
      *next_.mutable_expire_time() = chassis::ToTimestamp(now_ + reservation);
  }

  // The decision with its fact, which tells the new transfers only.
  template <typename Fact>
  GrantDecision Decided(Fact fact = {}) {
    v1::Grant& told = *fact.mutable_grant();
    told = next_;
    told.mutable_transfers()->DeleteSubrange(0, transfers_before_);
    GrantDecision decision;
    decision.next = std::move(next_);
    decision.facts.push_back(chassis::MakeFact(std::move(fact)));
    return decision;
  }

 private:
  v1::Grant next_;
  const absl::Time now_;
  const int transfers_before_;
};

// Decides on what was asked, in the books of the year of `now`; `before` keeps its transfers.
GrantDecision DecideGrant(const v1::Grant& before, const GrantApplication& application,
                          const v1::SubsidyDecision& decision, const FundsAtHand& funds,
                          absl::Time now);

}  // namespace fuju::catalogue
