#include "catalogue/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include "catalogue/decision/subsidy_decision.h"
#include "catalogue/grant.h"

namespace fuju::catalogue {
namespace {

constexpr absl::string_view kRefusalCodes[] = {
    kItemUnknown,         kDivisionMismatch,  kRuleCertificate,
    kRuleResidenceCounty, kRuleCategory,      kRuleGrade,
    kRuleAgeWindow,       kRuleEconomicGroup, kRuleReplacementInterval,
    kRuleQuantity,        kRuleOpenGrant,     kRuleYearlyKinds,
    kRuleMultipleKinds,   kRuleYearlyCap,     kRuleMultipleTotal,
    kRuleSharedAllowance, kRuleOtherPayer};

std::string StateName(int state) {
  constexpr size_t kPrefix = sizeof("GRANT_STATE_") - 1;
  return v1::GrantState_Name(static_cast<v1::GrantState>(state)).substr(kPrefix);
}

}  // namespace

CatalogueMetrics::CatalogueMetrics(prometheus::Registry& registry) {
  auto& grants = prometheus::BuildCounter()
                     .Name("fuju_catalogue_grants_total")
                     .Help("Grants that came into a state.")
                     .Register(registry);
  auto& grant_fen = prometheus::BuildCounter()
                        .Name("fuju_catalogue_grant_fen_total")
                        .Help("Money of grants that came into a state, in fen.")
                        .Register(registry);
  for (int state = v1::GrantState_MIN + 1; state <= v1::GrantState_MAX; ++state) {
    grants_[state] = &grants.Add({{"state", StateName(state)}});
    grant_fen_[state] = &grant_fen.Add({{"state", StateName(state)}});
  }
  auto& refusals = prometheus::BuildCounter()
                       .Name("fuju_catalogue_refusals_total")
                       .Help("Reasons of refused grants; one grant may have several.")
                       .Register(registry);
  for (const absl::string_view code : kRefusalCodes) {
    refusals_[std::string(code)] = &refusals.Add({{"code", std::string(code)}});
  }
  auto& quotes = prometheus::BuildCounter()
                     .Name("fuju_catalogue_quotes_total")
                     .Help("Quotes answered.")
                     .Register(registry);
  eligible_quotes_ = &quotes.Add({{"eligible", "true"}});
  ineligible_quotes_ = &quotes.Add({{"eligible", "false"}});
  items_ = &prometheus::BuildGauge()
                .Name("fuju_catalogue_items")
                .Help("Items of the province's catalogue in force; 0 when there is none.")
                .Register(registry)
                .Add({});
  published_time_ =
      &prometheus::BuildGauge()
           .Name("fuju_catalogue_published_time_seconds")
           .Help("When the province's version in force was published, seconds since 1970.")
           .Register(registry)
           .Add({});
  reload_failures_ = &prometheus::BuildCounter()
                          .Name("fuju_catalogue_reload_failures_total")
                          .Help("Attempts to read the catalogue in force that failed.")
                          .Register(registry)
                          .Add({});
}

void CatalogueMetrics::Count(const v1::Grant& grant) {
  const auto count = grants_.find(grant.state());
  if (count == grants_.end()) return;
  count->second->Increment();
  grant_fen_[grant.state()]->Increment(static_cast<double>(grant.amount_fen()));
  if (grant.state() != v1::GRANT_STATE_REFUSED) return;
  for (const std::string& code : grant.refusal_codes()) {
    if (const auto refusal = refusals_.find(code); refusal != refusals_.end())
      refusal->second->Increment();
  }
}

void CatalogueMetrics::CountQuote(bool eligible) {
  (eligible ? eligible_quotes_ : ineligible_quotes_)->Increment();
}

void CatalogueMetrics::SetInForce(int items, const google::protobuf::Timestamp& published) {
  items_->Set(items);
  published_time_->Set(static_cast<double>(published.seconds()));
}

void CatalogueMetrics::CountReloadFailure() { reload_failures_->Increment(); }

}  // namespace fuju::catalogue
