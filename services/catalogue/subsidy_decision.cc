#include "catalogue/subsidy_decision.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include "catalogue/subsidy_words.h"
#include "vocabulary/civil_date.h"
#include "vocabulary/invalid_value.h"

namespace fuju::catalogue {
namespace {

using type::v1::EligibilityFacts;
using vocabulary::BasisPoints;
using vocabulary::Fen;
using vocabulary::FormatCivilDate;

// Collects the lines of a decision.
class Rules {
 public:
  explicit Rules(v1::SubsidyDecision* decision) : decision_(decision) {}

  // `texts` says what would change the answer; it is kept only if the rule failed.
  void Add(absl::string_view code, bool passed, std::string values, Bilingual texts) {
    v1::RuleResult* rule = decision_->add_rules();
    rule->set_code(std::string(code));
    rule->set_passed(passed);
    rule->set_values(std::move(values));
    if (passed) return;
    all_passed_ = false;
    rule->set_text_zh(std::move(texts.zh));
    rule->set_text_en(std::move(texts.en));
  }

  bool all_passed() const { return all_passed_; }

 private:
  v1::SubsidyDecision* decision_;
  bool all_passed_ = true;
};

void CheckCounty(const SubsidyQuestion& question, Rules& rules) {
  rules.Add(kRuleResidenceCounty, question.county_known,
            absl::StrCat("county ", question.facts.county_code()),
            CountyUnknown(question.facts.county_code()));
}

// A disability and its grade.
struct Disability {
  int category;
  int grade;
};

// Those of the certificate: as its number has them, then the single ones of a multiple one.
std::vector<Disability> DisabilitiesOf(const EligibilityFacts& facts) {
  std::vector<Disability> disabilities = {{facts.category(), facts.grade()}};
  for (const type::v1::GradedCategory& single : facts.single_categories()) {
    disabilities.push_back({single.category(), single.grade()});
  }
  return disabilities;
}

// "grade 2", or of several disabilities "grade 2 (4:3 1:2)": which grade belongs to which category
// can be seen.
std::string DisabilityValues(const std::vector<Disability>& disabilities, int value) {
  if (disabilities.size() == 1) return absl::StrCat(value);
  return absl::StrCat(value, " (",
                      absl::StrJoin(disabilities, " ",
                                    [](std::string* out, const Disability& disability) {
                                      absl::StrAppend(out, disability.category, ":",
                                                      disability.grade);
                                    }),
                      ")");
}

// One of the person's disabilities has to be of the item's categories, and its own grade of the
// item's grades.
void CheckCertificate(const SubsidyQuestion& question, Rules& rules) {
  const v1::Item& item = question.item;
  const EligibilityFacts& facts = question.facts;
  const std::vector<Disability> disabilities = DisabilitiesOf(facts);
  const auto of_category = [&item](const Disability& disability) {
    return absl::c_linear_search(item.categories(), disability.category);
  };
  const auto served = [&item, &of_category](const Disability& disability) {
    return of_category(disability) && absl::c_linear_search(item.grades(), disability.grade);
  };
  const bool category_served = absl::c_any_of(disabilities, of_category);
  rules.Add(kRuleCategory, category_served,
            absl::StrCat("category ", DisabilityValues(disabilities, facts.category()),
                         facts.uncertified() ? ", by diagnosis" : "", ", allowed ",
                         absl::StrJoin(item.categories(), "|")),
            facts.uncertified() ? DiagnosisNotServed(item, facts.category())
                                : CategoryNotServed(item, facts.category()));
  if (facts.uncertified()) {
    rules.Add(kRuleGrade, true, "no certificate, judged in the review", {});
    return;
  }
  // Without a category that is served, the number's grade is looked at for itself.
  const auto relevant = absl::c_find_if(disabilities, of_category);
  const int grade = category_served ? relevant->grade : facts.grade();
  rules.Add(kRuleGrade,
            category_served ? absl::c_any_of(disabilities, served)
                            : absl::c_linear_search(item.grades(), grade),
            absl::StrCat("grade ", DisabilityValues(disabilities, facts.grade()), ", allowed ",
                         absl::StrJoin(item.grades(), "|")),
            GradeNotServed(item, grade));
}

void CheckAge(const SubsidyQuestion& question, absl::CivilDay birth, Rules& rules) {
  const v1::Item& item = question.item;
  const int age = vocabulary::AgeOn(birth, question.date);
  rules.Add(kRuleAgeWindow, age >= item.age_min() && age <= item.age_max(),
            absl::StrCat("age ", age, ", window ", item.age_min(), "-", item.age_max()),
            AgeOutsideWindow(item, age, vocabulary::AddYears(birth, item.age_min())));
}

void CheckEconomicGroup(const SubsidyQuestion& question, bool child, BasisPoints ratio,
                        SubsidyMode mode, Rules& rules) {
  const type::v1::EconomicStatus status = question.facts.economic_status();
  const bool known = status != type::v1::ECONOMIC_STATUS_UNSPECIFIED;
  rules.Add(kRuleEconomicGroup, known && ratio > BasisPoints(),
            absl::StrCat(
                "status ", EconomicStatusCode(status), ", child ", child ? "yes" : "no", ", ratio ",
                absl::StrFormat("%.4f", static_cast<double>(ratio.count()) / BasisPoints::kWhole),
                ", mode ", SubsidyModeName(mode)),
            GroupNotServed(question.item, status));
}

void CheckInterval(const SubsidyQuestion& question, std::optional<absl::CivilDay> next_allowed,
                   Rules& rules) {
  if (!next_allowed.has_value()) {
    rules.Add(kRuleReplacementInterval, true,
              absl::StrCat("no earlier delivery of division ", question.item.iso9999_code()), {});
    return;
  }
  rules.Add(kRuleReplacementInterval, question.date >= *next_allowed,
            absl::StrCat("day ", FormatCivilDate(question.date), ", allowed from ",
                         FormatCivilDate(*next_allowed)),
            TooEarly(question.item, *next_allowed));
}

void CheckOtherPayer(const SubsidyQuestion& question, Rules& rules) {
  const bool other_payer = question.facts.other_payer();
  rules.Add(kRuleOtherPayer, !other_payer, absl::StrCat("other payer ", other_payer ? "yes" : "no"),
            PaidByAnother());
}

// The acceptances of the item's division are civil days that exist.
absl::Status CheckHistory(const SubsidyQuestion& question) {
  for (const v1::Delivery& delivery : question.history) {
    if (delivery.device_division() != question.item.iso9999_code()) continue;
    const absl::StatusOr<absl::CivilDay> day =
        vocabulary::ParseCivilDate(delivery.acceptance_date());
    if (!day.ok()) return day.status();
  }
  return absl::OkStatus();
}

// The price and its line, behind the rules, which it never fails.
absl::Status SetPrice(v1::SubsidyDecision& decision, Fen price) {
  if (price.count() <= 0 || price.count() > decision.quote_fen()) {
    return vocabulary::InvalidValue(
        absl::StrCat("核定价格", price.count(), "分不在1分至申报价格之间"),
        absl::StrCat("the price ", price.count(), " fen is not between 1 and the quote"));
  }
  decision.set_approved_price_fen(price.count());
  v1::RuleResult* line = nullptr;
  for (v1::RuleResult& rule : *decision.mutable_rules()) {
    if (rule.code() == kRuleApprovedPrice) line = &rule;
  }
  if (line == nullptr) line = decision.add_rules();
  line->set_code(std::string(kRuleApprovedPrice));
  line->set_passed(true);
  line->set_values(absl::StrCat("price ", price.count(), ", quote ", decision.quote_fen()));
  return absl::OkStatus();
}

// Divides the price between fund and person.
absl::Status Split(v1::SubsidyDecision& decision, SubsidyMode mode) {
  const absl::StatusOr<BasisPoints> ratio = BasisPoints::Of(decision.ratio_bp());
  if (!ratio.ok()) return ratio.status();
  SubsidyTerms terms;
  terms.quote = PriceOf(decision);
  terms.cap = Fen(decision.cap_fen());
  terms.ratio = *ratio;
  terms.mode = mode;
  const absl::StatusOr<AmountSplit> amount = SubsidyAmount(terms);
  if (!amount.ok()) return amount.status();
  const Fen subsidy = decision.eligible() ? amount->subsidy : Fen(0);
  decision.set_subsidy_fen(subsidy.count());
  decision.set_self_pay_fen(terms.quote.count() - subsidy.count());
  return absl::OkStatus();
}

}  // namespace

BasisPoints RatioFor(const v1::Item& item, type::v1::EconomicStatus status, bool child,
                     const SubsidySettings& settings) {
  const auto column = [](int32_t bp) { return BasisPoints::Of(bp).value_or(BasisPoints()); };
  const v1::SubsidyRatios& ratios = item.ratios();
  BasisPoints family;
  switch (status) {
    case type::v1::ECONOMIC_STATUS_TK:
      family = column(ratios.tk_bp());
      break;
    case type::v1::ECONOMIC_STATUS_DB:
      family = column(ratios.db_bp());
      break;
    case type::v1::ECONOMIC_STATUS_DBBY:
      family = column(ratios.dbby_bp());
      break;
    case type::v1::ECONOMIC_STATUS_FFP:
      family = settings.ffp_ratio;
      break;
    case type::v1::ECONOMIC_STATUS_GXZC:
      family = settings.gxzc_ratio.value_or(column(ratios.general_bp()));
      break;
    case type::v1::ECONOMIC_STATUS_YB:
      family = column(ratios.general_bp());
      break;
    default:
      break;
  }
  return child ? std::max(family, column(ratios.child_bp())) : family;
}

std::optional<absl::CivilDay> NextAllowedDay(const SubsidyQuestion& question, bool child,
                                             const SubsidySettings& settings) {
  const v1::Item& item = question.item;
  std::optional<absl::CivilDay> last;
  for (const v1::Delivery& delivery : question.history) {
    if (delivery.device_division() != item.iso9999_code()) continue;
    const absl::StatusOr<absl::CivilDay> day =
        vocabulary::ParseCivilDate(delivery.acceptance_date());
    if (day.ok() && (!last.has_value() || *day > *last)) last = *day;
  }
  if (!last.has_value()) return std::nullopt;
  const bool yearly =
      child && absl::c_any_of(settings.child_yearly, [&item](const vocabulary::DeviceScope& scope) {
        return absl::StartsWith(item.iso9999_code(), scope.digits());
      });
  return vocabulary::NextAllowedDate(
      *last, yearly ? std::min(1, item.replacement_years()) : item.replacement_years());
}

absl::StatusOr<v1::SubsidyDecision> DecideSubsidy(const SubsidyQuestion& question,
                                                  const SubsidySettings& settings) {
  const absl::StatusOr<absl::CivilDay> birth =
      vocabulary::ParseCivilDate(question.facts.birth_date());
  if (!birth.ok()) return birth.status();
  if (absl::Status history = CheckHistory(question); !history.ok()) return history;
  const bool child = vocabulary::IsChildOn(*birth, question.date);
  const BasisPoints ratio =
      RatioFor(question.item, question.facts.economic_status(), child, settings);

  v1::SubsidyDecision decision;
  decision.set_cap_fen(question.item.cap_fen());
  decision.set_ratio_bp(static_cast<int32_t>(ratio.count()));
  decision.set_catalogue_version(question.catalogue_version);
  decision.set_item_code(question.item.item_code());
  decision.set_device_division(question.item.iso9999_code());
  decision.set_quote_fen(question.quote.count());
  decision.set_subsidy_mode(std::string(SubsidyModeName(settings.mode)));
  decision.set_decision_date(FormatCivilDate(question.date));
  decision.set_assessment_level(question.item.assessment_level());

  Rules rules(&decision);
  CheckCounty(question, rules);
  CheckCertificate(question, rules);
  CheckAge(question, *birth, rules);
  CheckEconomicGroup(question, child, ratio, settings.mode, rules);
  CheckInterval(question, NextAllowedDay(question, child, settings), rules);
  CheckOtherPayer(question, rules);
  if (question.approved_price.has_value()) {
    if (absl::Status s = SetPrice(decision, *question.approved_price); !s.ok()) return s;
  }
  decision.set_eligible(rules.all_passed());

  if (absl::Status split = Split(decision, settings.mode); !split.ok()) return split;
  return decision;
}

absl::StatusOr<v1::SubsidyDecision> Reprice(const v1::SubsidyDecision& decision, Fen price,
                                            const SubsidySettings& settings) {
  v1::SubsidyDecision next = decision;
  if (absl::Status s = SetPrice(next, price); !s.ok()) return s;
  const SubsidyMode mode = ParseSubsidyMode(decision.subsidy_mode()).value_or(settings.mode);
  if (absl::Status s = Split(next, mode); !s.ok()) return s;
  return next;
}

Fen PriceOf(const v1::SubsidyDecision& decision) {
  return Fen(decision.approved_price_fen() > 0 ? decision.approved_price_fen()
                                               : decision.quote_fen());
}

}  // namespace fuju::catalogue
