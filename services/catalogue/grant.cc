#include "catalogue/grant.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "catalogue/budget.h"
#include "catalogue/decision/decision_digest.h"
#include "catalogue/decision/render_decision.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/invalid_value.h"

namespace fuju::catalogue {
namespace {

using GrantDecision = chassis::Decision<v1::Grant>;

v1::Grant NewGrant(const GrantApplication& application, const v1::SubsidyDecision& decision,
                   absl::Time now) {
  v1::Grant grant;
  grant.set_name(GrantName(GrantId(application.application, application.county_code)));
  grant.set_application(application.application);
  *grant.mutable_decision() = decision;
  grant.set_county_code(application.county_code);
  grant.set_fiscal_year(static_cast<int32_t>(vocabulary::TodayInShanghai(now).year()));
  *grant.mutable_facts() = application.facts;
  grant.mutable_history()->Assign(application.history.begin(), application.history.end());
  grant.set_funding_request(application.funding_request);
  *grant.mutable_update_time() = chassis::ToTimestamp(now);
  DropPlainSources(*grant.mutable_decision());
  SealDecision(grant);
  return grant;
}

template <typename Fact>
GrantDecision Decided(v1::Grant next, Fact fact = {}) {
  GrantDecision decision;
  *fact.mutable_grant() = next;
  decision.next = std::move(next);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

GrantDecision DecideGrant(const GrantApplication& application, const v1::SubsidyDecision& decision,
                          absl::Time now) {
  v1::Grant grant = NewGrant(application, decision, now);
  if (decision.eligible()) {
    grant.set_state(v1::GRANT_STATE_RESERVED);
    grant.set_amount_fen(decision.subsidy_fen());
    return Decided<v1::SubsidyReserved>(std::move(grant));
  }
  grant.set_state(v1::GRANT_STATE_REFUSED);
  for (const v1::RuleResult& rule : decision.rules()) {
    if (!rule.passed()) grant.add_refusal_codes(rule.code());
  }
  return Decided<v1::SubsidyRefused>(std::move(grant));
}

GrantDecision RefuseUnfunded(const GrantApplication& application,
                             const v1::SubsidyDecision& decision, absl::Time now) {
  v1::Grant grant = NewGrant(application, decision, now);
  grant.set_state(v1::GRANT_STATE_REFUSED);
  grant.add_refusal_codes(std::string(kBudgetInsufficient));
  return Decided<v1::SubsidyRefused>(std::move(grant));
}

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
  return grant.state() != v1::GRANT_STATE_RESERVED && grant.state() != v1::GRANT_STATE_SETTLED;
}

absl::Status Forbidden(absl::string_view application_id, const std::string& move,
                       const v1::Grant& grant) {
  std::vector<std::string> legal;
  if (grant.state() == v1::GRANT_STATE_RESERVED) legal = {"settle", "release"};
  return chassis::StateForbids(GrantName(application_id), move, v1::GrantState_Name(grant.state()),
                               legal);
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
  question.history = application.history;
  question.date = vocabulary::TodayInShanghai(now);
  AskCatalogue(catalogue, defaults, question);
  return DecideSubsidy(question);
}

absl::StatusOr<GrantDecision> OpenGrant(const chassis::Versioned<v1::Grant>& current,
                                        const GrantApplication& application,
                                        const v1::SubsidyDecision& decision, absl::Time now) {
  if (current.exists()) return GrantDecision::Unchanged();
  return DecideGrant(application, decision, now);
}

absl::StatusOr<GrantDecision> OpenUnfundedGrant(const chassis::Versioned<v1::Grant>& current,
                                                const GrantApplication& application,
                                                const v1::SubsidyDecision& decision,
                                                absl::Time now) {
  if (current.exists()) return GrantDecision::Unchanged();
  return RefuseUnfunded(application, decision, now);
}

absl::StatusOr<GrantDecision> ReopenGrant(const chassis::Versioned<v1::Grant>& current,
                                          const GrantApplication& application,
                                          const v1::SubsidyDecision& decision, absl::Time now) {
  if (!MayReopen(current.state)) return GrantDecision::Unchanged();
  return DecideGrant(application, decision, now);
}

absl::StatusOr<GrantDecision> ReopenUnfundedGrant(const chassis::Versioned<v1::Grant>& current,
                                                  const GrantApplication& application,
                                                  const v1::SubsidyDecision& decision,
                                                  absl::Time now) {
  if (!MayReopen(current.state)) return GrantDecision::Unchanged();
  return RefuseUnfunded(application, decision, now);
}

absl::StatusOr<GrantDecision> RepriceGrant(const chassis::Versioned<v1::Grant>& current,
                                           vocabulary::Fen price, int32_t number, absl::Time now,
                                           const Catalogue& catalogue,
                                           const PreparedPolicy& defaults) {
  if (current.state.state() != v1::GRANT_STATE_RESERVED) return GrantDecision::Unchanged();
  absl::StatusOr<v1::SubsidyDecision> decision =
      DecideAtPrice(current.state, price, catalogue, defaults);
  if (!decision.ok()) return decision.status();
  v1::Grant next = current.state;
  *next.mutable_decision() = *std::move(decision);
  DropPlainSources(*next.mutable_decision());
  SealDecision(next);
  next.set_amount_fen(next.decision().subsidy_fen());
  next.set_funding_request(number);
  *next.mutable_update_time() = chassis::ToTimestamp(now);
  return Decided<v1::SubsidyRepriced>(std::move(next));
}

absl::StatusOr<GrantDecision> RefuseToReprice(const chassis::Versioned<v1::Grant>& current,
                                              int32_t number, absl::Time now) {
  if (current.state.state() != v1::GRANT_STATE_RESERVED) return GrantDecision::Unchanged();
  v1::Grant next = current.state;
  next.set_funding_request(number);
  *next.mutable_update_time() = chassis::ToTimestamp(now);
  v1::SubsidyRepriced fact;
  fact.set_refused(true);
  return Decided(std::move(next), std::move(fact));
}

absl::StatusOr<GrantDecision> SettleGrant(const chassis::Versioned<v1::Grant>& current,
                                          absl::string_view application_id,
                                          absl::string_view vendor, absl::Time now) {
  if (current.state.state() == v1::GRANT_STATE_SETTLED) return GrantDecision::Unchanged();
  if (current.state.state() != v1::GRANT_STATE_RESERVED)
    return Forbidden(application_id, "settle", current.state);
  v1::Grant next = current.state;
  next.set_state(v1::GRANT_STATE_SETTLED);
  next.set_vendor(std::string(vendor));
  *next.mutable_update_time() = chassis::ToTimestamp(now);
  return Decided<v1::SubsidySettled>(std::move(next));
}

absl::StatusOr<GrantDecision> ReleaseGrant(const chassis::Versioned<v1::Grant>& current,
                                           absl::string_view application_id, absl::Time now) {
  switch (current.state.state()) {
    case v1::GRANT_STATE_RESERVED:
      break;
    case v1::GRANT_STATE_SETTLED:
      return Forbidden(application_id, "release", current.state);
    default:
      return GrantDecision::Unchanged();
  }
  v1::Grant next = current.state;
  next.set_state(v1::GRANT_STATE_RELEASED);
  *next.mutable_update_time() = chassis::ToTimestamp(now);
  return Decided<v1::SubsidyReleased>(std::move(next));
}

std::string GrantIndex(absl::string_view county_code) {
  return absl::StrCat("grants-", county_code);
}

chassis::Footprint GrantFootprint(absl::string_view id, const v1::Grant& grant) {
  chassis::Footprint footprint;
  if (!grant.county_code().empty()) {
    footprint.index.push_back({GrantIndex(grant.county_code()), std::string(id),
                               absl::ToUnixMillis(chassis::ToTime(grant.update_time()))});
  }
  const std::string budget = BudgetId(grant.county_code(), grant.fiscal_year());
  if (grant.state() == v1::GRANT_STATE_RESERVED) {
    footprint.holdings.push_back({AvailableCounter(budget), -grant.amount_fen()});
    footprint.holdings.push_back({ReservedCounter(budget), grant.amount_fen()});
  } else if (grant.state() == v1::GRANT_STATE_SETTLED) {
    footprint.holdings.push_back({AvailableCounter(budget), -grant.amount_fen()});
    footprint.holdings.push_back({PaidCounter(budget), grant.amount_fen()});
  }
  return footprint;
}

}  // namespace fuju::catalogue
