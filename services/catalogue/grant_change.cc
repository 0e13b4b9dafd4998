#include "catalogue/grant_change.h"

#include <optional>

#include "catalogue/decision/decision_digest.h"
#include "catalogue/decision/render_decision.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

v1::Grant NewGrant(const v1::Grant& before, const GrantApplication& application,
                   const v1::SubsidyDecision& decision, absl::Time now) {
  v1::Grant grant;
  grant.set_name(GrantName(GrantId(application.application, application.county_code)));
  grant.set_application(application.application);
  *grant.mutable_decision() = decision;
  grant.set_county_code(application.county_code);
  grant.set_fiscal_year(YearOf(now));
  *grant.mutable_facts() = application.facts;
  grant.mutable_history()->Assign(application.history.begin(), application.history.end());
  grant.set_funding_request(application.funding_request);
  *grant.mutable_submit_time() = chassis::ToTimestamp(application.submitted.value_or(now));
  *grant.mutable_transfers() = before.transfers();
  DropPlainSources(*grant.mutable_decision());
  SealDecision(grant);
  return grant;
}

GrantDecision Refuse(GrantChange change) {
  change.next().set_state(v1::GRANT_STATE_REFUSED);
  for (const v1::RuleResult& rule : change.next().decision().rules()) {
    if (!rule.passed()) change.next().add_refusal_codes(rule.code());
  }
  return change.Decided<v1::SubsidyRefused>();
}

}  // namespace

int32_t YearOf(absl::Time now) {
  return static_cast<int32_t>(vocabulary::TodayInShanghai(now).year());
}

absl::CivilDay DecisionDay(const v1::Grant& grant) {
  return vocabulary::ParseCivilDate(grant.decision().decision_date()).value_or(absl::CivilDay());
}

bool HasExpired(const v1::Grant& grant) {
  return grant.state() == v1::GRANT_STATE_QUEUED && !grant.transfers().empty() &&
         grant.transfers().rbegin()->cause() == v1::TRANSFER_CAUSE_EXPIRY;
}

GrantDecision DecideGrant(const v1::Grant& before, const GrantApplication& application,
                          const v1::SubsidyDecision& decision, const FundsAtHand& funds,
                          absl::Time now) {
  GrantChange change(NewGrant(before, application, decision, now), now);
  if (!decision.eligible()) return Refuse(std::move(change));
  change.next().set_amount_fen(decision.subsidy_fen());
  std::optional<FundShares> shares = SplitFunds(decision, funds);
  if (!shares.has_value() || funds.waiting > 0) {
    change.next().set_state(v1::GRANT_STATE_QUEUED);
    return change.Decided<v1::SubsidyQueued>();
  }
  change.Reserve(*std::move(shares), funds.reservation);
  GrantDecision decided = change.Decided<v1::SubsidyReserved>();
  // Somebody may begin to wait before this is committed.
  decided.zero_counters.push_back(QueueCounter(application.county_code));
  return decided;
}

}  // namespace fuju::catalogue
