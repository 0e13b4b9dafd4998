#include "catalogue/grant_queue.h"

#include <optional>
#include <utility>

#include "catalogue/grant_change.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"

namespace fuju::catalogue {

absl::StatusOr<GrantDecision> ServeGrant(const chassis::Versioned<v1::Grant>& current,
                                         const FundsAtHand& funds, absl::Time now) {
  if (current.state.state() != v1::GRANT_STATE_QUEUED || MustDecideAnew(current.state, now))
    return GrantDecision::Unchanged();
  std::optional<FundShares> shares = SplitFunds(current.state.decision(), funds);
  if (!shares.has_value()) return GrantDecision::Unchanged();
  const bool expired = HasExpired(current.state);
  GrantChange change(current.state, now);
  change.next().set_fiscal_year(YearOf(now));
  change.Reserve(*std::move(shares), funds.reservation);
  if (!expired) return change.Decided<v1::SubsidyReserved>();
  if (change.next().vendor().empty()) return change.Decided<v1::SubsidyRenewed>();
  change.next().set_state(v1::GRANT_STATE_SETTLED);
  change.next().clear_expire_time();
  change.MoveShares(kSettle, v1::TRANSFER_CAUSE_SETTLEMENT);
  return change.Decided<v1::SubsidySettled>();
}

bool MustDecideAnew(const v1::Grant& grant, absl::Time now) {
  return grant.state() == v1::GRANT_STATE_QUEUED && !HasExpired(grant) &&
         DecisionDay(grant).year() != YearOf(now);
}

GrantApplication ToApplication(const v1::Grant& grant) {
  GrantApplication application;
  application.application = grant.application();
  application.county_code = grant.county_code();
  application.item_code = grant.decision().item_code();
  application.device_division = grant.decision().device_division();
  application.quote = vocabulary::Fen(grant.decision().quote_fen());
  application.submitted = chassis::ToTime(grant.submit_time());
  if (grant.decision().approved_price_fen() > 0)
    application.approved_price = vocabulary::Fen(grant.decision().approved_price_fen());
  if (grant.decision().quantity() > 0) application.quantity = grant.decision().quantity();
  application.funding_request = grant.funding_request();
  application.facts = grant.facts();
  return application;
}

absl::StatusOr<GrantDecision> ServeAnew(const chassis::Versioned<v1::Grant>& current,
                                        const GrantApplication& application,
                                        const v1::SubsidyDecision& decision,
                                        const FundsAtHand& funds, absl::Time now) {
  if (!MustDecideAnew(current.state, now)) return GrantDecision::Unchanged();
  // Whose turn it is does not wait for itself.
  FundsAtHand first_in_line = funds;
  first_in_line.waiting = 0;
  GrantDecision decided = DecideGrant(current.state, application, decision, first_in_line, now);
  // It goes on waiting under its old decision: this one is made again when there is money.
  if (decided.next.state() == v1::GRANT_STATE_QUEUED) return GrantDecision::Unchanged();
  decided.zero_counters.clear();
  return decided;
}

absl::StatusOr<GrantDecision> RollOver(const chassis::Versioned<v1::Grant>& current,
                                       absl::Time now) {
  const v1::Grant& grant = current.state;
  if (grant.state() != v1::GRANT_STATE_QUEUED || grant.fiscal_year() >= YearOf(now))
    return GrantDecision::Unchanged();
  GrantChange change(grant, now);
  change.next().set_fiscal_year(YearOf(now));
  return change.Decided<v1::SubsidyQueued>();
}

absl::StatusOr<GrantDecision> ExpireGrant(const chassis::Versioned<v1::Grant>& current,
                                          absl::Time now) {
  const v1::Grant& grant = current.state;
  const bool due = grant.state() == v1::GRANT_STATE_RESERVED && grant.has_expire_time() &&
                   chassis::ToTime(grant.expire_time()) <= now;
  if (!due) return GrantDecision::Unchanged();
  GrantChange change(grant, now);
  change.MoveShares(Back(kReserve), v1::TRANSFER_CAUSE_EXPIRY);
  change.next().set_state(v1::GRANT_STATE_QUEUED);
  change.next().clear_fund_shares();
  change.next().clear_expire_time();
  return change.Decided<v1::SubsidyExpired>();
}

}  // namespace fuju::catalogue
