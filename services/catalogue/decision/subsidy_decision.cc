#include "catalogue/decision/subsidy_decision.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

#include "catalogue/decision/decide.h"
#include "catalogue/decision/render_decision.h"
#include "catalogue/decision/subsidy_words.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/invalid_value.h"

namespace fuju::catalogue {
namespace {

using vocabulary::Fen;

// The catalogue has no such item: the person pays all.
v1::SubsidyDecision UnknownItem(const SubsidyQuestion& question, const Asked& asked) {
  v1::SubsidyDecision decision;
  decision.set_catalogue_version(question.catalogue_version);
  decision.set_item_code(question.item_code);
  decision.set_device_division(question.device_division);
  decision.set_quote_fen(asked.quote.count());
  decision.set_approved_price_fen(asked.approved_price.count());
  decision.set_quantity(asked.quantity);
  decision.set_decision_date(vocabulary::FormatCivilDate(asked.date));
  decision.set_self_pay_fen(asked.price().count());
  v1::RuleResult& rule = *decision.add_rules();
  rule.set_code(std::string(kItemUnknown));
  rule.set_values(
      absl::StrCat("item ", question.item_code, ", catalogue ", question.catalogue_version));
  Bilingual text = ItemUnknown(question.item_code, question.catalogue_version);
  rule.set_text_zh(std::move(text.zh));
  rule.set_text_en(std::move(text.en));
  rule.add_sources("request");
  return decision;
}

absl::StatusOr<Asked> AskedOf(const SubsidyQuestion& question) {
  Asked asked;
  asked.quote = question.quote;
  if (question.approved_price.has_value()) asked.approved_price = *question.approved_price;
  asked.quantity = question.quantity;
  asked.division = DivisionNumber(question.device_division);
  asked.date = question.date;
  if (!question.device_division.empty() && asked.division == 0) {
    return vocabulary::InvalidValue(
        absl::StrCat("分类代码“", question.device_division, "”不是六位数字"),
        absl::StrCat("division '", question.device_division, "' is not six digits"));
  }
  if (absl::Status status = CheckAsked(asked); !status.ok()) return status;
  return asked;
}

}  // namespace

v1::SubsidyPolicy PolicyFrom(const SubsidySettings& settings) {
  v1::SubsidyPolicy policy;
  policy.set_mode(settings.mode == SubsidyMode::kRatioOfCap ? v1::SUBSIDY_MODE_RATIO_OF_CAP
                                                            : v1::SUBSIDY_MODE_CAP_THEN_RATIO);
  policy.set_ffp_ratio_bp(static_cast<int32_t>(settings.ffp_ratio.count()));
  if (settings.gxzc_ratio.has_value()) {
    policy.set_gxzc_ratio_bp(static_cast<int32_t>(settings.gxzc_ratio->count()));
  }
  for (const vocabulary::DeviceScope& scope : settings.child_yearly) {
    policy.add_child_yearly_devices(scope.digits());
  }
  return policy;
}

PreparedPolicy PolicyOfOldVersions() {
  SubsidySettings settings;
  for (const char* limb_prostheses : {"0618", "0624"}) {
    settings.child_yearly.push_back(*vocabulary::DeviceScope::Parse(limb_prostheses));
  }
  return PreparePolicy(PolicyFrom(settings));
}

absl::StatusOr<v1::SubsidyDecision> DecideSubsidy(const SubsidyQuestion& question) {
  const absl::StatusOr<Asked> asked = AskedOf(question);
  if (!asked.ok()) return asked.status();
  if (question.item == nullptr) return UnknownItem(question, *asked);
  const absl::StatusOr<PersonFacts> person = ReadFacts(question.facts, question.county_known);
  if (!person.ok()) return person.status();
  const auto history = ReadHistory(question.history, question.application);
  if (!history.ok()) return history.status();
  const DecisionInputs in{*question.item, *question.policy, question.top_ups,
                          *person,        *history,         *asked};
  v1::SubsidyDecision decision = RenderDecision(in, Decide(in), question.catalogue_version);
  // What was asked for, so that the decision can be made again from what is stored.
  if (!question.device_division.empty()) decision.set_device_division(question.device_division);
  return decision;
}

absl::StatusOr<SubsidyQuestion> QuestionOf(const v1::Grant& grant, bool county_known) {
  const v1::SubsidyDecision& decision = grant.decision();
  const absl::StatusOr<absl::CivilDay> date = vocabulary::ParseCivilDate(decision.decision_date());
  if (!date.ok()) return date.status();
  SubsidyQuestion question;
  question.application = grant.application();
  question.facts = grant.facts();
  question.county_known = county_known;
  question.item_code = decision.item_code();
  question.device_division = decision.device_division();
  question.quote = Fen(decision.quote_fen());
  if (decision.approved_price_fen() > 0)
    question.approved_price = Fen(decision.approved_price_fen());
  if (decision.quantity() > 0) question.quantity = decision.quantity();
  question.history.assign(grant.history().begin(), grant.history().end());
  question.date = *date;
  return question;
}

absl::StatusOr<Verdict> JudgeGrant(const v1::Grant& grant, bool county_known,
                                   const PreparedItem& item, const PreparedPolicy& policy,
                                   absl::Span<const PreparedTopUp> top_ups) {
  const v1::SubsidyDecision& decision = grant.decision();
  const absl::StatusOr<absl::CivilDay> date = vocabulary::ParseCivilDate(decision.decision_date());
  if (!date.ok()) return date.status();
  Asked asked;
  asked.quote = Fen(decision.quote_fen());
  asked.approved_price = Fen(decision.approved_price_fen());
  asked.quantity = std::max(decision.quantity(), 1);
  asked.date = *date;
  if (absl::Status status = CheckAsked(asked); !status.ok()) return status;
  const absl::StatusOr<PersonFacts> person = ReadFacts(grant.facts(), county_known);
  if (!person.ok()) return person.status();
  const auto history = ReadHistory(grant.history(), grant.application());
  if (!history.ok()) return history.status();
  return Decide({item, policy, top_ups, *person, *history, asked});
}

Fen PriceOf(const v1::SubsidyDecision& decision) {
  return Fen(decision.approved_price_fen() > 0 ? decision.approved_price_fen()
                                               : decision.quote_fen());
}

bool HasFailed(const v1::SubsidyDecision& decision, absl::string_view code) {
  return absl::c_any_of(decision.rules(), [code](const v1::RuleResult& rule) {
    return rule.code() == code && !rule.passed();
  });
}

bool HasPersonLimits(const v1::SubsidyDecision& decision) {
  return absl::c_any_of(decision.rules(),
                        [](const v1::RuleResult& rule) { return IsPersonLimit(rule.code()); });
}

}  // namespace fuju::catalogue
