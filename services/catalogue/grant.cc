#include "catalogue/grant.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "catalogue/budget.h"
#include "catalogue/subsidy_words.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/catalogue/v1/catalogue_events.pb.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/invalid_value.h"

namespace fuju::catalogue {
namespace {

using GrantDecision = chassis::Decision<v1::Grant>;

v1::RuleResult FailedRule(absl::string_view code, std::string values, Bilingual texts) {
  v1::RuleResult rule;
  rule.set_code(std::string(code));
  rule.set_values(std::move(values));
  rule.set_text_zh(std::move(texts.zh));
  rule.set_text_en(std::move(texts.en));
  return rule;
}

// Puts a failed rule before the others: the person pays all.
void FailFirst(v1::SubsidyDecision& decision, v1::RuleResult rule) {
  google::protobuf::RepeatedPtrField<v1::RuleResult> rules;
  *rules.Add() = std::move(rule);
  rules.MergeFrom(decision.rules());
  decision.mutable_rules()->Swap(&rules);
  decision.set_eligible(false);
  decision.set_subsidy_fen(0);
  decision.set_self_pay_fen(PriceOf(decision).count());
}

v1::SubsidyDecision UnknownItem(const GrantApplication& application, const Catalogue& catalogue,
                                absl::CivilDay date) {
  v1::SubsidyDecision decision;
  decision.set_catalogue_version(catalogue.label());
  decision.set_item_code(application.item_code);
  decision.set_device_division(application.device_division);
  decision.set_quote_fen(application.quote.count());
  if (application.approved_price.has_value()) {
    decision.set_approved_price_fen(application.approved_price->count());
  }
  decision.set_decision_date(vocabulary::FormatCivilDate(date));
  FailFirst(decision, FailedRule(kItemUnknown,
                                 absl::StrCat("item ", application.item_code, ", catalogue ",
                                              catalogue.label()),
                                 ItemUnknown(application.item_code, catalogue.label())));
  return decision;
}

v1::Grant NewGrant(const GrantApplication& application, const v1::SubsidyDecision& decision,
                   absl::Time now) {
  v1::Grant grant;
  grant.set_name(GrantName(GrantId(application.application, application.county_code)));
  grant.set_application(application.application);
  *grant.mutable_decision() = decision;
  grant.set_county_code(application.county_code);
  grant.set_fiscal_year(static_cast<int32_t>(vocabulary::TodayInShanghai(now).year()));
  *grant.mutable_facts() = application.facts;
  grant.set_funding_request(application.funding_request);
  *grant.mutable_update_time() = chassis::ToTimestamp(now);
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
                                                      std::vector<v1::Delivery> history,
                                                      absl::Time now,
                                                      const SubsidySettings& settings) {
  if (application.facts.county_code() != application.county_code) {
    return vocabulary::InvalidValue(
        absl::StrCat("资格信息中的县区", application.facts.county_code(), "与申请的县区",
                     application.county_code, "不一致"),
        absl::StrCat("the facts name county ", application.facts.county_code(),
                     ", the application ", application.county_code));
  }
  const absl::CivilDay date = vocabulary::TodayInShanghai(now);
  const v1::Item* item = catalogue.Find(application.item_code);
  if (item == nullptr) return UnknownItem(application, catalogue, date);

  SubsidyQuestion question;
  question.facts = application.facts;
  question.county_known = county_known;
  question.item = *item;
  question.quote = application.quote;
  question.approved_price = application.approved_price;
  question.history = std::move(history);
  question.date = date;
  question.catalogue_version = catalogue.label();
  absl::StatusOr<v1::SubsidyDecision> decision = DecideSubsidy(question, settings);
  if (decision.ok() && application.device_division != item->iso9999_code()) {
    FailFirst(*decision, FailedRule(kDivisionMismatch,
                                    absl::StrCat("division ", application.device_division,
                                                 ", item's ", item->iso9999_code()),
                                    DivisionMismatch(*item, application.device_division)));
  }
  return decision;
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
                                           const SubsidySettings& settings) {
  if (current.state.state() != v1::GRANT_STATE_RESERVED) return GrantDecision::Unchanged();
  absl::StatusOr<v1::SubsidyDecision> decision = Reprice(current.state.decision(), price, settings);
  if (!decision.ok()) return decision.status();
  v1::Grant next = current.state;
  *next.mutable_decision() = *std::move(decision);
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

chassis::Footprint GrantFootprint(absl::string_view /*id*/, const v1::Grant& grant) {
  chassis::Footprint footprint;
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
