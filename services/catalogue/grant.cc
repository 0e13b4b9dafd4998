#include "catalogue/grant.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "catalogue/decision/decision_digest.h"
#include "catalogue/decision/render_decision.h"
#include "catalogue/grant_change.h"
#include "catalogue/ledger/transfer.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "fuju/catalogue/v1/ledger_events.pb.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/invalid_value.h"

namespace fuju::catalogue {
namespace {

// The decision of a grant with another price, made anew from its snapshot by the catalogue that
// decided: whatever is in force or set now, and whatever the person got since, does not count.
absl::StatusOr<v1::SubsidyDecision> DecideAtPrice(const v1::Grant& grant, vocabulary::Fen price,
                                                  const Catalogue& catalogue,
                                                  const PreparedPolicy& defaults) {
  // Money was reserved, so the county was known.
  absl::StatusOr<SubsidyQuestion> question = QuestionOf(grant, /*county_known=*/true);
  if (!question.ok()) return question.status();
  if (price.count() <= 0) {
    return vocabulary::InvalidValue(
        absl::StrCat("核定价格", price.count(), "分不在1分至申报价格之间"),
        absl::StrCat("the price ", price.count(), " fen is not between 1 and the quote"));
  }
  question->approved_price = price;
  AskCatalogue(catalogue, defaults, *question);
  absl::StatusOr<v1::SubsidyDecision> decision = DecideSubsidy(*question);
  if (decision.ok() && !decision->eligible()) {
    return absl::InternalError(absl::StrCat(grant.name(), " is no longer eligible by catalogue ",
                                            catalogue.label(), ", which decided it"));
  }
  return decision;
}

bool MayReopen(const v1::Grant& grant) {
  switch (grant.state()) {
    case v1::GRANT_STATE_RESERVED:
    case v1::GRANT_STATE_SETTLED:
    case v1::GRANT_STATE_PAID:
      return false;
    default:
      return !HasExpired(grant);
  }
}

absl::Status Forbidden(absl::string_view application_id, const std::string& move,
                       const v1::Grant& grant) {
  std::vector<std::string> legal;
  if (grant.state() == v1::GRANT_STATE_RESERVED) legal = {"settle", "release"};
  if (grant.state() == v1::GRANT_STATE_QUEUED) legal = {"release"};
  if (grant.state() == v1::GRANT_STATE_SETTLED) legal = {"pay"};
  return chassis::StateForbids(GrantName(application_id), move, v1::GrantState_Name(grant.state()),
                               legal);
}

int64_t ShareOf(const FundShares& shares, v1::FundSource fund) {
  int64_t sum = 0;
  for (const v1::FundShare& share : shares) {
    if (share.fund_source() == fund) sum += share.amount_fen();
  }
  return sum;
}

// What a decision finds if the grant may spend its own money anew.
FundsAtHand WithOwn(FundsAtHand funds, const v1::Grant& grant) {
  for (const v1::FundShare& share : grant.fund_shares()) {
    funds.available[share.fund_source()] += share.amount_fen();
    // What a fund gave it may keep paying, also when the order does not name it any more.
    if (!absl::c_linear_search(funds.order, share.fund_source()))
      funds.order.push_back(share.fund_source());
  }
  return funds;
}

// Another decision, paid so; what is reserved follows.
void DecideAgain(GrantChange& change, v1::SubsidyDecision decision, FundShares shares) {
  v1::Grant& next = change.next();
  *next.mutable_decision() = std::move(decision);
  DropPlainSources(*next.mutable_decision());
  SealDecision(next);
  next.set_amount_fen(next.decision().subsidy_fen());
  for (const v1::FundSource fund : kFunds) {
    const int64_t more = ShareOf(shares, fund) - ShareOf(next.fund_shares(), fund);
    if (more != 0) change.MoveShare(fund, kReserve, more, v1::TRANSFER_CAUSE_PRICE);
  }
  *next.mutable_fund_shares() = std::move(shares);
}

// Less was invoiced than what the grant was decided on.
absl::Status TakeInvoice(GrantChange& change, const Invoice& invoice) {
  const v1::Grant& grant = change.next();
  absl::StatusOr<v1::SubsidyDecision> decision =
      DecideAtPrice(grant, invoice.amount, invoice.catalogue, invoice.defaults);
  if (!decision.ok()) return decision.status();
  FundShares shares;
  if (!HasExpired(grant)) {
    FundsAtHand funds;
    funds.order = FundOrderOf(invoice.catalogue.policy());
    std::optional<FundShares> split = SplitFunds(*decision, WithOwn(std::move(funds), grant));
    if (!split.has_value()) {
      return absl::InternalError(
          absl::StrCat(grant.name(), " costs more by a lower price: ", decision->subsidy_fen()));
    }
    shares = *std::move(split);
  }
  DecideAgain(change, *std::move(decision), std::move(shares));
  return absl::OkStatus();
}

}  // namespace

std::string GrantId(absl::string_view application, absl::string_view county_code) {
  const absl::string_view id = absl::StripPrefix(application, "applications/");
  return absl::StrCat(county_code, id.substr(std::min(id.find('-'), id.size())));
}

std::string GrantName(absl::string_view id) { return absl::StrCat("grants/", id); }

absl::StatusOr<v1::SubsidyDecision> AssessApplication(const GrantApplication& application,
                                                      const Catalogue& catalogue, bool county_known,
                                                      absl::Time now,
                                                      const PreparedPolicy& defaults) {
  if (application.facts.county_code() != application.county_code) {
    return vocabulary::InvalidValue(
        absl::StrCat("资格信息中的县区", application.facts.county_code(), "与申请的县区",
                     application.county_code, "不一致"),
        absl::StrCat("the facts name county ", application.facts.county_code(),
                     ", the application ", application.county_code));
  }
  SubsidyQuestion question;
  question.application = application.application;
  question.facts = application.facts;
  question.county_known = county_known;
  question.item_code = application.item_code;
  question.device_division = application.device_division;
  question.quote = application.quote;
  question.approved_price = application.approved_price;
  question.quantity = application.quantity;
  question.history = application.history;
  question.date = vocabulary::TodayInShanghai(now);
  AskCatalogue(catalogue, defaults, question);
  return DecideSubsidy(question);
}

absl::StatusOr<GrantDecision> OpenGrant(const chassis::Versioned<v1::Grant>& current,
                                        const GrantApplication& application,
                                        const v1::SubsidyDecision& decision,
                                        const FundsAtHand& funds, absl::Time now) {
  if (current.exists()) return GrantDecision::Unchanged();
  return DecideGrant(current.state, application, decision, funds, now);
}

absl::StatusOr<GrantDecision> ReopenGrant(const chassis::Versioned<v1::Grant>& current,
                                          const GrantApplication& application,
                                          const v1::SubsidyDecision& decision,
                                          const FundsAtHand& funds, absl::Time now) {
  if (!MayReopen(current.state)) return GrantDecision::Unchanged();
  return DecideGrant(current.state, application, decision, funds, now);
}

absl::StatusOr<GrantDecision> RepriceGrant(const chassis::Versioned<v1::Grant>& current,
                                           vocabulary::Fen price, int32_t number,
                                           const FundsAtHand& funds, absl::Time now,
                                           const Catalogue& catalogue,
                                           const PreparedPolicy& defaults) {
  const v1::Grant& grant = current.state;
  if (grant.state() != v1::GRANT_STATE_RESERVED && !HasExpired(grant))
    return GrantDecision::Unchanged();
  absl::StatusOr<v1::SubsidyDecision> decision = DecideAtPrice(grant, price, catalogue, defaults);
  if (!decision.ok()) return decision.status();
  GrantChange change(grant, now);
  change.next().set_funding_request(number);
  v1::SubsidyRepriced fact;

  // Those who wait may not lose to a dearer price what is free.
  const bool dearer = decision->subsidy_fen() > grant.amount_fen();
  std::optional<FundShares> shares;
  if (!dearer || funds.waiting == 0) shares = SplitFunds(*decision, WithOwn(funds, grant));
  if (HasExpired(grant)) shares.emplace();
  if (!shares.has_value()) {
    fact.set_refused(true);
    return change.Decided(std::move(fact));
  }
  DecideAgain(change, *std::move(decision), *std::move(shares));
  GrantDecision decided = change.Decided(std::move(fact));
  if (dearer && !HasExpired(grant)) {
    decided.zero_counters.push_back(QueueCounter(grant.county_code()));
  }
  return decided;
}

absl::StatusOr<GrantDecision> SettleGrant(const chassis::Versioned<v1::Grant>& current,
                                          absl::string_view application_id,
                                          absl::string_view vendor, const Invoice* invoice,
                                          absl::Time now) {
  const v1::Grant& grant = current.state;
  if (grant.state() == v1::GRANT_STATE_SETTLED || grant.state() == v1::GRANT_STATE_PAID)
    return GrantDecision::Unchanged();
  const bool expired = HasExpired(grant);
  if (grant.state() != v1::GRANT_STATE_RESERVED && !expired)
    return Forbidden(application_id, "settle", grant);
  if (expired && !grant.vendor().empty()) return GrantDecision::Unchanged();
  GrantChange change(grant, now);
  change.next().set_vendor(std::string(vendor));
  if (invoice != nullptr && invoice->amount < PriceOf(grant.decision())) {
    if (absl::Status status = TakeInvoice(change, *invoice); !status.ok()) return status;
  }
  if (expired) return change.Decided<v1::SettlementAwaited>();
  change.next().set_state(v1::GRANT_STATE_SETTLED);
  change.next().clear_expire_time();
  change.MoveShares(kSettle, v1::TRANSFER_CAUSE_SETTLEMENT);
  return change.Decided<v1::SubsidySettled>();
}

absl::StatusOr<GrantDecision> MarkPaid(const chassis::Versioned<v1::Grant>& current,
                                       absl::string_view id, absl::string_view batch,
                                       absl::Time now) {
  if (current.state.state() == v1::GRANT_STATE_PAID && current.state.payment_batch() == batch)
    return GrantDecision::Unchanged();
  if (current.state.state() != v1::GRANT_STATE_SETTLED) return Forbidden(id, "pay", current.state);
  GrantChange change(current.state, now);
  change.next().set_state(v1::GRANT_STATE_PAID);
  change.next().set_payment_batch(std::string(batch));
  return change.Decided<v1::SubsidyPaid>();
}

absl::StatusOr<GrantDecision> ReleaseGrant(const chassis::Versioned<v1::Grant>& current,
                                           absl::string_view application_id, absl::Time now) {
  switch (current.state.state()) {
    case v1::GRANT_STATE_RESERVED:
    case v1::GRANT_STATE_QUEUED:
      break;
    case v1::GRANT_STATE_SETTLED:
    case v1::GRANT_STATE_PAID:
      return Forbidden(application_id, "release", current.state);
    default:
      return GrantDecision::Unchanged();
  }
  GrantChange change(current.state, now);
  if (current.state.state() == v1::GRANT_STATE_RESERVED)
    change.MoveShares(Back(kReserve), v1::TRANSFER_CAUSE_RELEASE);
  change.next().set_state(v1::GRANT_STATE_RELEASED);
  change.next().clear_fund_shares();
  change.next().clear_expire_time();
  return change.Decided<v1::SubsidyReleased>();
}

chassis::Footprint GrantFootprint(absl::string_view id, const v1::Grant& grant) {
  chassis::Footprint footprint;
  if (grant.state() == v1::GRANT_STATE_UNSPECIFIED) return footprint;
  const std::string area = AreaOf(id);
  const auto place = [&](std::string index, const google::protobuf::Timestamp& time) {
    footprint.index.push_back({std::move(index), std::string(id), chassis::ToMillis(time)});
  };
  footprint.holdings = HoldingsOf(area, grant.transfers());
  footprint.index.push_back({GrantIndex(area), std::string(id),
                             absl::ToUnixMillis(vocabulary::StartOfDay(DecisionDay(grant)))});
  if (grant.state() == v1::GRANT_STATE_QUEUED) {
    place(QueueIndex(area), grant.submit_time());
    footprint.holdings.push_back({QueueCounter(area), 1});
    footprint.timers.push_back({std::string(kNewYearTimer), vocabulary::StartOfDay(absl::CivilDay(
                                                                grant.fiscal_year() + 1, 1, 1))});
  }
  if (grant.state() == v1::GRANT_STATE_SETTLED) place(PayableIndex(area), grant.update_time());
  if (grant.has_expire_time())
    footprint.timers.push_back({std::string(kExpiryTimer), chassis::ToTime(grant.expire_time())});
  return footprint;
}

std::string GrantIndex(absl::string_view area) { return absl::StrCat("grants-", area); }
std::string QueueIndex(absl::string_view area) { return absl::StrCat("queue-", area); }
std::string PayableIndex(absl::string_view area) { return absl::StrCat("payable-", area); }
std::string QueueCounter(absl::string_view area) { return absl::StrCat("queue:", area); }

}  // namespace fuju::catalogue
