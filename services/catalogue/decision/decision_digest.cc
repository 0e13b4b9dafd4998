#include "catalogue/decision/decision_digest.h"

#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <openssl/sha.h>

namespace fuju::catalogue {
namespace {

// The canonical text. What is empty, 0 or false is left out, so that a field that a later release
// adds does not change the digest of what was decided without it.
class Canonical {
 public:
  void Add(absl::string_view name, absl::string_view value) {
    if (value.empty()) return;
    absl::StrAppend(&text_, name, ":", value.size(), ":", value, "\n");
  }
  void AddNumber(absl::string_view name, int64_t value) {
    if (value == 0) return;
    absl::StrAppend(&text_, name, "=", value, "\n");
  }
  // The begin of one of several; its number tells how many there are.
  void Begin(absl::string_view name, int index) { absl::StrAppend(&text_, name, "#", index, "\n"); }

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void AddFacts(const type::v1::EligibilityFacts& facts, Canonical& out) {
  out.Add("person_key", facts.person_key());
  out.Add("birth_date", facts.birth_date());
  out.AddNumber("category", facts.category());
  out.AddNumber("grade", facts.grade());
  out.AddNumber("economic_status", facts.economic_status());
  out.Add("county_code", facts.county_code());
  out.AddNumber("other_payer", facts.other_payer() ? 1 : 0);
  out.AddNumber("uncertified", facts.uncertified() ? 1 : 0);
  out.AddNumber("early_ground", facts.early_ground());
  out.AddNumber("certificate_invalid", facts.certificate_invalid() ? 1 : 0);
  for (int i = 0; i < facts.single_categories_size(); ++i) {
    out.Begin("single", i);
    out.AddNumber("category", facts.single_categories(i).category());
    out.AddNumber("grade", facts.single_categories(i).grade());
  }
}

void AddHistory(const v1::Grant& grant, Canonical& out) {
  for (int i = 0; i < grant.history_size(); ++i) {
    const v1::Delivery& delivery = grant.history(i);
    out.Begin("delivery", i);
    out.Add("application", delivery.application());
    out.Add("item_code", delivery.item_code());
    out.Add("device_division", delivery.device_division());
    out.Add("acceptance_date", delivery.acceptance_date());
    out.AddNumber("subsidy_fen", delivery.subsidy_fen());
    out.Add("share_group", delivery.share_group());
    out.AddNumber("quantity", delivery.quantity());
    out.Add("decision_date", delivery.decision_date());
  }
}

void AddRules(const v1::SubsidyDecision& decision, Canonical& out) {
  for (int i = 0; i < decision.rules_size(); ++i) {
    const v1::RuleResult& rule = decision.rules(i);
    out.Begin("rule", i);
    out.Add("code", rule.code());
    out.AddNumber("passed", rule.passed() ? 1 : 0);
    out.Add("values", rule.values());
    out.Add("text_zh", rule.text_zh());
    out.Add("text_en", rule.text_en());
    for (const std::string& source : rule.sources()) out.Add("source", source);
  }
}

void AddDecision(const v1::SubsidyDecision& decision, Canonical& out) {
  out.Add("item_code", decision.item_code());
  out.Add("device_division", decision.device_division());
  out.AddNumber("quote_fen", decision.quote_fen());
  out.AddNumber("approved_price_fen", decision.approved_price_fen());
  out.AddNumber("quantity", decision.quantity());
  out.Add("decision_date", decision.decision_date());
  out.Add("catalogue_version", decision.catalogue_version());
  out.AddNumber("eligible", decision.eligible() ? 1 : 0);
  out.AddNumber("subsidy_fen", decision.subsidy_fen());
  out.AddNumber("self_pay_fen", decision.self_pay_fen());
  out.AddNumber("cap_fen", decision.cap_fen());
  out.AddNumber("ratio_bp", decision.ratio_bp());
  out.Add("subsidy_mode", decision.subsidy_mode());
  out.AddNumber("assessment_level", decision.assessment_level());
  out.AddNumber("allowed_price_fen", decision.allowed_price_fen());
  out.AddNumber("product_fen", decision.product_fen());
  out.AddNumber("service_fen", decision.service_fen());
  for (int i = 0; i < decision.top_ups_size(); ++i) {
    out.Begin("top_up", i);
    out.AddNumber("fund_source", decision.top_ups(i).fund_source());
    out.AddNumber("amount_fen", decision.top_ups(i).amount_fen());
  }
  AddRules(decision, out);
}

}  // namespace

std::string DecisionDigest(const v1::Grant& grant) {
  Canonical canonical;
  canonical.Add("format", "fuju-decision-1");
  canonical.Add("application", grant.application());
  canonical.Add("county_code", grant.county_code());
  AddFacts(grant.facts(), canonical);
  AddHistory(grant, canonical);
  AddDecision(grant.decision(), canonical);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(canonical.text().data()), canonical.text().size(),
         digest.data());
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

void SealDecision(v1::Grant& grant) { grant.mutable_decision()->set_sha256(DecisionDigest(grant)); }

}  // namespace fuju::catalogue
