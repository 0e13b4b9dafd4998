#include "catalogue/decision/render_decision.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include "catalogue/decision/subsidy_words.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using vocabulary::BasisPoints;
using vocabulary::Fen;
using vocabulary::FormatCivilDate;

// Where values come from; several at once.
enum Source : unsigned {
  kFacts = 1,
  kItem = 2,
  kPolicy = 4,
  kHistory = 8,
  kRegionTable = 16,
  kRequest = 32,
};

unsigned SourcesOf(RuleCode code) {
  switch (code) {
    case RuleCode::kDivision:
      return kRequest | kItem;
    case RuleCode::kCertificate:
    case RuleCode::kOtherPayer:
      return kFacts;
    case RuleCode::kResidence:
      return kFacts | kRegionTable;
    case RuleCode::kCategory:
    case RuleCode::kGrade:
    case RuleCode::kAge:
      return kFacts | kItem;
    case RuleCode::kEconomicGroup:
      return kFacts | kItem | kPolicy;
    case RuleCode::kInterval:
      return kHistory | kItem | kPolicy;
    case RuleCode::kQuantity:
      return kRequest | kItem | kHistory;
    case RuleCode::kOpenGrant:
      return kHistory;
    case RuleCode::kYearlyKinds:
    case RuleCode::kYearlyCap:
      return kHistory | kPolicy;
    case RuleCode::kMultipleKinds:
    case RuleCode::kMultipleTotal:
    case RuleCode::kSharedAllowance:
      return kFacts | kHistory | kPolicy;
    case RuleCode::kApprovedPrice:
      return kRequest;
  }
  return 0;
}

// The names of the sources of a rule; `item_version` is that of the item's row.
std::vector<std::string> SourcesOf(absl::string_view code, absl::string_view item_code,
                                   absl::string_view item_version, absl::string_view version) {
  if (code == kItemUnknown) return {"request"};
  unsigned sources = 0;
  for (size_t i = 0; i < kRuleCodes; ++i) {
    const auto rule = static_cast<RuleCode>(i);
    if (RuleCodeName(rule) == code) sources = SourcesOf(rule);
  }
  std::vector<std::string> names;
  if ((sources & kRequest) != 0) names.push_back("request");
  if ((sources & kFacts) != 0) names.push_back("facts");
  if ((sources & kHistory) != 0) names.push_back("history");
  if ((sources & kItem) != 0) names.push_back(absl::StrCat("item:", item_code, "@", item_version));
  if ((sources & kPolicy) != 0) names.push_back(absl::StrCat("policy@", version));
  if ((sources & kRegionTable) != 0) names.push_back("region_table");
  return names;
}

std::vector<std::string> PlainSources(const v1::RuleResult& rule,
                                      const v1::SubsidyDecision& decision) {
  return SourcesOf(rule.code(), decision.item_code(), decision.catalogue_version(),
                   decision.catalogue_version());
}

// "grade 2", or of several disabilities "grade 2 (4:3 1:2)": which grade belongs to which category
// can be seen.
std::string DisabilityValues(const PersonFacts& person, int value) {
  if (person.single_count == 0) return absl::StrCat(value);
  std::string text =
      absl::StrCat(value, " (", person.certificate.category, ":", person.certificate.grade);
  for (const Disability& single : person.SingleOnes()) {
    absl::StrAppend(&text, " ", single.category, ":", single.grade);
  }
  return absl::StrCat(text, ")");
}

absl::string_view YesNo(bool yes) { return yes ? "yes" : "no"; }

// The words of one decision.
class Words {
 public:
  explicit Words(const DecisionInputs& in) : in_(in), row_(*in.item.row) {}

  std::string ValuesOf(const RuleLine& line) const;
  Bilingual TextOf(const RuleLine& line) const;

 private:
  std::string IntervalValues(const RuleLine& line) const;
  Bilingual CategoryText() const;
  Bilingual GroupText(const RuleLine& line) const;
  Bilingual QuantityText(const RuleLine& line) const;
  absl::CivilDay NewYear() const { return absl::CivilDay(in_.asked.date.year() + 1, 1, 1); }
  static std::string AmountValues(absl::string_view what, const RuleLine& line);

  const DecisionInputs& in_;
  const v1::Item& row_;
};

std::string Words::IntervalValues(const RuleLine& line) const {
  const auto finding = static_cast<IntervalFinding>(line.values[0]);
  if (finding == IntervalFinding::kNotCounted) return "limited by pieces, not by time";
  if (finding == IntervalFinding::kNoEarlier) {
    return in_.item.interval == v1::INTERVAL_KEY_ITEM
               ? absl::StrCat("no earlier delivery of item ", row_.item_code())
               : absl::StrCat("no earlier delivery of division ", row_.iso9999_code());
  }
  std::string text = absl::StrCat("day ", FormatCivilDate(in_.asked.date), ", allowed from ",
                                  FormatCivilDate(DayOf(line.values[1])));
  if (finding == IntervalFinding::kOver || in_.person.early_ground == 0) return text;
  absl::StrAppend(&text, ", ground ", GroundName(in_.person.early_ground),
                  finding == IntervalFinding::kEarlyGround ? ", to be verified by the review"
                                                           : " not accepted");
  return text;
}

std::string Words::AmountValues(absl::string_view what, const RuleLine& line) {
  const int64_t cap = line.values[0];
  const int64_t used = line.values[1];
  const int64_t computed = line.values[2];
  const int64_t left = used < cap ? cap - used : 0;
  return absl::StrCat(what, " ", cap, ", used ", used, ", left ", left, ", computed ", computed,
                      computed > left && left > 0 ? absl::StrCat(", shortened to ", left) : "");
}

std::string Words::ValuesOf(const RuleLine& line) const {
  const auto& values = line.values;
  switch (line.code) {
    case RuleCode::kDivision:
      return absl::StrFormat("division %06d, item's %s", values[0], row_.iso9999_code());
    case RuleCode::kCertificate:
      if (in_.person.uncertified) return "none, by diagnosis";
      return line.passed ? "valid" : "not valid";
    case RuleCode::kResidence:
      return absl::StrCat("county ", values[0]);
    case RuleCode::kCategory:
      return absl::StrCat("category ",
                          DisabilityValues(in_.person, in_.person.certificate.category),
                          in_.person.uncertified ? ", by diagnosis" : "", ", allowed ",
                          absl::StrJoin(row_.categories(), "|"));
    case RuleCode::kGrade:
      if (in_.person.uncertified) return "no certificate, judged in the review";
      return absl::StrCat("grade ", DisabilityValues(in_.person, in_.person.certificate.grade),
                          ", allowed ", absl::StrJoin(row_.grades(), "|"));
    case RuleCode::kAge:
      return absl::StrCat("age ", values[0], ", window ", row_.age_min(), "-", row_.age_max());
    case RuleCode::kEconomicGroup:
      return absl::StrFormat("status %s, child %s, ratio %.4f, mode %s",
                             EconomicStatusCode(in_.person.status), YesNo(values[1] != 0),
                             static_cast<double>(values[2]) / BasisPoints::kWhole,
                             SubsidyModeName(in_.policy.mode));
    case RuleCode::kInterval:
      return IntervalValues(line);
    case RuleCode::kQuantity:
      if (in_.item.interval == v1::INTERVAL_KEY_QUANTITY && in_.item.quantity_per_year > 0 &&
          values[0] != static_cast<int64_t>(QuantityFinding::kTooMany)) {
        return absl::StrCat("pieces ", values[1], ", used this year ", values[3], ", limit a year ",
                            values[2]);
      }
      return absl::StrCat("pieces ", values[1], ", limit ", values[2]);
    case RuleCode::kOpenGrant:
      return absl::StrCat("open grant of division ", row_.iso9999_code(), " ",
                          YesNo(values[0] != 0));
    case RuleCode::kYearlyKinds:
    case RuleCode::kMultipleKinds:
      return absl::StrCat("kinds this year with this one ", values[0], ", limit ", values[1]);
    case RuleCode::kYearlyCap:
    case RuleCode::kMultipleTotal:
      return AmountValues("cap of the year", line);
    case RuleCode::kSharedAllowance:
      return AmountValues(absl::StrCat("allowance ", row_.share_group()), line);
    case RuleCode::kOtherPayer:
      return absl::StrCat("other payer ", YesNo(values[0] != 0));
    case RuleCode::kApprovedPrice:
      return absl::StrCat("price ", values[0], ", quote ", in_.asked.quote.count());
  }
  return "";
}

Bilingual Words::CategoryText() const {
  const auto category = static_cast<type::v1::DisabilityCategory>(in_.person.certificate.category);
  return in_.person.uncertified ? DiagnosisNotServed(row_, category)
                                : CategoryNotServed(row_, category);
}

Bilingual Words::GroupText(const RuleLine& line) const {
  return static_cast<GroupFinding>(line.values[0]) == GroupFinding::kNotAllowed
             ? GroupNotAllowed(row_, in_.person.status)
             : GroupNotServed(row_, in_.person.status);
}

Bilingual Words::QuantityText(const RuleLine& line) const {
  if (static_cast<QuantityFinding>(line.values[0]) == QuantityFinding::kTooMany) {
    return TooManyPieces(row_, line.values[1], line.values[2]);
  }
  return PiecesUsedUp(row_, line.values[2], std::max<int64_t>(line.values[2] - line.values[3], 0),
                      NewYear());
}

Bilingual Words::TextOf(const RuleLine& line) const {
  const auto& values = line.values;
  switch (line.code) {
    case RuleCode::kDivision:
      return DivisionMismatch(row_, absl::StrFormat("%06d", values[0]));
    case RuleCode::kCertificate:
      return CertificateNotValid();
    case RuleCode::kResidence:
      return CountyUnknown(absl::StrCat(values[0]));
    case RuleCode::kCategory:
      return CategoryText();
    case RuleCode::kGrade:
      return GradeNotServed(row_, static_cast<int>(values[0]));
    case RuleCode::kAge:
      return AgeOutsideWindow(row_, static_cast<int>(values[0]), DayOf(values[1]));
    case RuleCode::kEconomicGroup:
      return GroupText(line);
    case RuleCode::kInterval:
      return TooEarly(row_, DayOf(values[1]), values[3] != 0);
    case RuleCode::kQuantity:
      return QuantityText(line);
    case RuleCode::kOpenGrant:
      return GrantIsOpen(row_);
    case RuleCode::kYearlyKinds:
    case RuleCode::kMultipleKinds:
      return KindsUsedUp(values[1], NewYear());
    case RuleCode::kYearlyCap:
      return AmountUsedUp(YearlyCapName(), Fen(values[0]), DayOf(values[3]));
    case RuleCode::kMultipleTotal:
      return AmountUsedUp(MultipleTotalName(), Fen(values[0]), DayOf(values[3]));
    case RuleCode::kSharedAllowance:
      return AmountUsedUp(SharedAllowanceName(row_.share_group()), Fen(values[0]),
                          DayOf(values[3]));
    case RuleCode::kOtherPayer:
      return PaidByAnother();
    case RuleCode::kApprovedPrice:
      return {};
  }
  return {};
}

void AddLine(const Words& words, const RuleLine& line, const v1::Item& row,
             v1::SubsidyDecision& decision) {
  v1::RuleResult& rule = *decision.add_rules();
  rule.set_code(std::string(RuleCodeName(line.code)));
  rule.set_passed(line.passed);
  rule.set_values(words.ValuesOf(line));
  if (!line.passed) {
    Bilingual text = words.TextOf(line);
    rule.set_text_zh(std::move(text.zh));
    rule.set_text_en(std::move(text.en));
  }
  const std::string& version = decision.catalogue_version();
  for (std::string& source :
       SourcesOf(rule.code(), row.item_code(),
                 row.catalogue_version().empty() ? version : row.catalogue_version(), version)) {
    rule.add_sources(std::move(source));
  }
}

// One share for each fund.
void AddTopUp(v1::FundSource fund, Fen amount, v1::SubsidyDecision& decision) {
  if (amount == Fen()) return;
  for (v1::FundShare& share : *decision.mutable_top_ups()) {
    if (share.fund_source() != fund) continue;
    share.set_amount_fen(share.amount_fen() + amount.count());
    return;
  }
  v1::FundShare& share = *decision.add_top_ups();
  share.set_fund_source(fund);
  share.set_amount_fen(amount.count());
}

}  // namespace

v1::SubsidyDecision RenderDecision(const DecisionInputs& in, const Verdict& verdict,
                                   absl::string_view catalogue_version) {
  const v1::Item& row = *in.item.row;
  v1::SubsidyDecision decision;
  decision.set_eligible(verdict.eligible);
  decision.set_subsidy_fen(verdict.subsidy.count());
  decision.set_self_pay_fen(verdict.self_pay.count());
  decision.set_cap_fen(in.item.cap.count());
  decision.set_ratio_bp(static_cast<int32_t>(verdict.ratio.count()));
  decision.set_catalogue_version(std::string(catalogue_version));
  decision.set_item_code(row.item_code());
  decision.set_device_division(row.iso9999_code());
  decision.set_quote_fen(in.asked.quote.count());
  decision.set_decision_date(FormatCivilDate(in.asked.date));
  decision.set_assessment_level(row.assessment_level());
  decision.set_approved_price_fen(in.asked.approved_price.count());
  decision.set_subsidy_mode(std::string(SubsidyModeName(in.policy.mode)));
  decision.set_product_fen(verdict.split.product.count());
  decision.set_service_fen(verdict.split.service.count());
  decision.set_allowed_price_fen(verdict.allowed_price.count());
  decision.set_quantity(in.asked.quantity);
  for (size_t i = 0; i < in.top_ups.size(); ++i) {
    AddTopUp(in.top_ups[i].fund, verdict.top_ups[i], decision);
  }
  const Words words(in);
  decision.mutable_rules()->Reserve(static_cast<int>(verdict.lines().size()));
  for (const RuleLine& line : verdict.lines()) AddLine(words, line, row, decision);
  return decision;
}

void DropPlainSources(v1::SubsidyDecision& decision) {
  for (v1::RuleResult& rule : *decision.mutable_rules()) {
    const std::vector<std::string> plain = PlainSources(rule, decision);
    if (absl::c_equal(rule.sources(), plain)) rule.clear_sources();
  }
}

void AddSources(v1::SubsidyDecision& decision) {
  for (v1::RuleResult& rule : *decision.mutable_rules()) {
    if (rule.sources_size() > 0) continue;
    for (std::string& source : PlainSources(rule, decision)) rule.add_sources(std::move(source));
  }
}

}  // namespace fuju::catalogue
