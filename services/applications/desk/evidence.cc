#include "applications/desk/evidence.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "applications/desk/rule_sources.h"
#include "chassis/values/refusal.h"
#include "vocabulary/civil_date.h"

namespace fuju::applications {
namespace {

v1::MissingPart MissingPartOf(const absl::Status& status, Text not_found) {
  v1::MissingPart missing;
  const bool absent = status.code() == absl::StatusCode::kNotFound;
  missing.set_reason(chassis::ReasonOf(status));
  const Text text =
      absent ? std::move(not_found)
             : Text{"信息来源暂时不可用，请稍后再看", "the source is away: look again later"};
  missing.set_text_zh(text.zh);
  missing.set_text_en(text.en);
  return missing;
}

v1::RuleEvidence RuleEvidenceOf(const catalogue::v1::RuleResult& rule, const Record& record,
                                const catalogue::v1::SubsidyDecision& decision) {
  v1::RuleEvidence evidence;
  evidence.set_code(rule.code());
  const Text name = RuleText(rule.code());
  evidence.set_name_zh(name.zh);
  evidence.set_name_en(name.en);
  evidence.set_passed(rule.passed());
  evidence.set_values(rule.values());
  evidence.set_text_zh(rule.text_zh());
  evidence.set_text_en(rule.text_en());
  const FactOrigin origin = OriginOf(rule.code(), record, decision);
  evidence.set_source(origin.source);
  const Text source = SourceText(origin);
  evidence.set_source_text_zh(source.zh);
  evidence.set_source_text_en(source.en);
  evidence.set_source_date(origin.date);
  if (origin.proof != nullptr) *evidence.mutable_proof() = *origin.proof;
  evidence.set_catalogue_version(decision.catalogue_version());
  return evidence;
}

v1::RelatedApplication RelatedView(const v1::Application& application) {
  v1::RelatedApplication view;
  view.set_application(application.name());
  view.set_county_code(application.county_code());
  view.set_state(application.state());
  view.set_open(!IsFinal(application.state()));
  view.set_item_code(application.request().item_code());
  view.set_device_division(application.request().device_division());
  *view.mutable_create_time() = application.create_time();
  *view.mutable_update_time() = application.update_time();
  return view;
}

v1::PastDevice DeviceView(const Record& record) {
  const v1::Application& application = record.application();
  v1::PastDevice view;
  view.set_application(application.name());
  view.set_county_code(application.county_code());
  view.set_item_code(application.request().item_code());
  view.set_device_division(application.request().device_division());
  view.set_serial_number(application.service().serial_number());
  *view.mutable_accept_time() = record.accept_time();
  return view;
}

}  // namespace

v1::SubsidyEvidence SubsidyEvidenceOf(const absl::StatusOr<catalogue::v1::Grant>& grant,
                                      const Record& record) {
  v1::SubsidyEvidence evidence;
  if (!grant.ok()) {
    *evidence.mutable_missing() = MissingPartOf(
        grant.status(), Text{"补贴目录尚未作出决定", "the catalogue has decided nothing yet"});
    return evidence;
  }
  const catalogue::v1::SubsidyDecision& decision = grant->decision();
  for (const catalogue::v1::RuleResult& rule : decision.rules()) {
    *evidence.add_rules() = RuleEvidenceOf(rule, record, decision);
  }
  evidence.set_eligible(decision.eligible());
  evidence.set_subsidy_fen(decision.subsidy_fen());
  evidence.set_self_pay_fen(decision.self_pay_fen());
  evidence.set_cap_fen(decision.cap_fen());
  evidence.set_ratio_bp(decision.ratio_bp());
  evidence.set_catalogue_version(decision.catalogue_version());
  evidence.set_decision_date(decision.decision_date());
  evidence.set_assessment_level(decision.assessment_level());
  return evidence;
}

v1::BudgetEvidence BudgetEvidenceOf(const absl::StatusOr<catalogue::v1::Budget>& budget) {
  v1::BudgetEvidence evidence;
  if (budget.ok()) {
    *evidence.mutable_budget() = *budget;
  } else {
    *evidence.mutable_missing() = MissingPartOf(
        budget.status(), Text{"本县该年度没有补贴预算", "the county has no budget of this year"});
  }
  return evidence;
}

v1::PersonEvidence PersonEvidenceOf(const absl::StatusOr<PersonsApplications>& all,
                                    const Record& record) {
  v1::PersonEvidence evidence;
  if (!all.ok()) {
    *evidence.mutable_missing() = MissingPartOf(all.status(), {});
    return evidence;
  }
  evidence.set_more(all->more);
  for (const Record& other : all->records) {
    const v1::Application& application = other.application();
    if (application.name() == record.application().name()) continue;
    const bool here = application.county_code() == record.application().county_code();
    *(here ? evidence.add_same_county() : evidence.add_other_counties()) = RelatedView(application);
    if (other.has_accept_time()) *evidence.add_past_devices() = DeviceView(other);
  }
  return evidence;
}

std::string GrantNameOf(const Record& record) {
  return absl::StrCat("grants/", IdOf(record.application().name()));
}

std::string BudgetNameOf(const Record& record, absl::Time now) {
  const v1::Application& application = record.application();
  const int64_t year = application.subsidy().fiscal_year() != 0
                           ? application.subsidy().fiscal_year()
                           : vocabulary::TodayInShanghai(now).year();
  return absl::StrCat("budgets/", application.county_code(), "-", year);
}

}  // namespace fuju::applications
