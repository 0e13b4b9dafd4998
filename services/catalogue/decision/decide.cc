#include "catalogue/decision/decide.h"

#include <algorithm>
#include <array>
#include <optional>

#include "catalogue/decision/person_limits.h"
#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using type::v1::EconomicStatus;
using vocabulary::BasisPoints;
using vocabulary::Fen;

constexpr BasisPoints Nothing() { return {}; }
BasisPoints Whole() { return *BasisPoints::Of(BasisPoints::kWhole); }

template <typename Finding>
int64_t Number(Finding finding) {
  return static_cast<int64_t>(finding);
}

BasisPoints FamilyRatio(const PreparedItem& item, const PreparedPolicy& policy,
                        EconomicStatus status) {
  switch (status) {
    case type::v1::ECONOMIC_STATUS_TK:
      return item.tk;
    case type::v1::ECONOMIC_STATUS_DB:
      return item.db;
    case type::v1::ECONOMIC_STATUS_DBBY:
      return item.dbby;
    case type::v1::ECONOMIC_STATUS_FFP:
      return policy.ffp;
    case type::v1::ECONOMIC_STATUS_GXZC:
      return policy.gxzc.value_or(item.general);
    case type::v1::ECONOMIC_STATUS_YB:
      return item.general;
    default:
      return Nothing();
  }
}

bool IsKnown(EconomicStatus status) {
  return status >= type::v1::ECONOMIC_STATUS_TK && status <= type::v1::ECONOMIC_STATUS_YB;
}

bool IsOfAllowedGroup(const PreparedItem& item, EconomicStatus status) {
  return IsKnown(status) && (item.groups.empty() || item.groups.Has(status));
}

void CheckCertificate(const DecisionInputs& in, Verdict& verdict) {
  const PersonFacts& person = in.person;
  const CertificateFinding finding = person.uncertified           ? CertificateFinding::kNone
                                     : person.certificate_invalid ? CertificateFinding::kInvalid
                                                                  : CertificateFinding::kValid;
  verdict.Add(RuleCode::kCertificate, finding != CertificateFinding::kInvalid, Number(finding));
}

// One of the person's disabilities has to be of the item's categories, and its own grade of the
// item's grades.
void CheckDisability(const DecisionInputs& in, Verdict& verdict) {
  const PersonFacts& person = in.person;
  const PreparedItem& item = in.item;
  const Disability* of_category = nullptr;
  bool served = false;
  const auto look_at = [&](const Disability& disability) {
    if (!item.categories.Has(disability.category)) return;
    if (of_category == nullptr) of_category = &disability;
    served |= item.grades.Has(disability.grade);
  };
  look_at(person.certificate);
  for (const Disability& single : person.SingleOnes()) look_at(single);
  verdict.Add(RuleCode::kCategory, of_category != nullptr);
  // Without a category that is served, the number's grade is looked at for itself.
  const int32_t grade = of_category != nullptr ? of_category->grade : person.certificate.grade;
  verdict.Add(RuleCode::kGrade,
              person.uncertified || (of_category != nullptr ? served : item.grades.Has(grade)),
              grade);
}

void CheckAge(const DecisionInputs& in, Verdict& verdict) {
  const int age = vocabulary::AgeOn(in.person.birth, in.asked.date);
  verdict.Add(RuleCode::kAge, age >= in.item.age_min && age <= in.item.age_max, age,
              DayNumber(vocabulary::AddYears(in.person.birth, in.item.age_min)));
}

void CheckEconomicGroup(const DecisionInputs& in, Verdict& verdict) {
  const EconomicStatus status = in.person.status;
  GroupFinding finding = GroupFinding::kAllowed;
  if (!IsKnown(status)) {
    finding = GroupFinding::kUnknown;
  } else if (verdict.ratio == Nothing()) {
    finding =
        IsOfAllowedGroup(in.item, status) ? GroupFinding::kNoRatio : GroupFinding::kNotAllowed;
  }
  verdict.Add(RuleCode::kEconomicGroup, finding == GroupFinding::kAllowed, Number(finding),
              verdict.child ? 1 : 0, verdict.ratio.count());
}

int32_t IntervalYears(const DecisionInputs& in, bool child) {
  const PreparedItem& item = in.item;
  if (!child) return item.years;
  const int32_t years = item.child_years > 0 ? item.child_years : item.years;
  return IsChildYearly(in.policy, item.division) ? std::min(1, years) : years;
}

bool IsGroundAccepted(const DecisionInputs& in, bool child) {
  const type::v1::EarlyReplacementGround ground = in.person.early_ground;
  if (ground == type::v1::EARLY_REPLACEMENT_GROUND_CHILD_GROWTH && !child) return false;
  return in.policy.early_grounds.Has(ground);
}

// Counts from the last acceptance, not from an application.
void CheckInterval(const DecisionInputs& in, Verdict& verdict) {
  const PreparedItem& item = in.item;
  if (item.interval == v1::INTERVAL_KEY_QUANTITY) {
    verdict.Add(RuleCode::kInterval, true, Number(IntervalFinding::kNotCounted));
    return;
  }
  std::optional<absl::CivilDay> last;
  for (const PastDelivery& past : in.history) {
    if (past.open) continue;
    const bool counts = item.interval == v1::INTERVAL_KEY_ITEM
                            ? past.item == item.key
                            : past.division == item.division && item.division != 0;
    if (counts && (!last.has_value() || past.accepted > *last)) last = past.accepted;
  }
  if (!last.has_value()) {
    verdict.Add(RuleCode::kInterval, true, Number(IntervalFinding::kNoEarlier));
    return;
  }
  const absl::CivilDay next = vocabulary::NextAllowedDate(*last, IntervalYears(in, verdict.child));
  IntervalFinding finding = IntervalFinding::kOver;
  if (in.asked.date < next) {
    finding = IsGroundAccepted(in, verdict.child) ? IntervalFinding::kEarlyGround
                                                  : IntervalFinding::kTooEarly;
  }
  verdict.Add(RuleCode::kInterval, finding != IntervalFinding::kTooEarly, Number(finding),
              DayNumber(next), in.person.early_ground, in.policy.early_grounds.empty() ? 0 : 1);
}

void CheckQuantity(const DecisionInputs& in, Verdict& verdict) {
  const PreparedItem& item = in.item;
  const int64_t asked = in.asked.quantity;
  const bool by_year = item.interval == v1::INTERVAL_KEY_QUANTITY && item.quantity_per_year > 0;
  if (asked == 1 && !by_year) return;
  if (item.quantity_limit > 0 && asked > item.quantity_limit) {
    verdict.Add(RuleCode::kQuantity, false, Number(QuantityFinding::kTooMany), asked,
                item.quantity_limit);
    return;
  }
  if (!by_year) {
    verdict.Add(RuleCode::kQuantity, true, Number(QuantityFinding::kWithin), asked,
                item.quantity_limit);
    return;
  }
  const int64_t used = PiecesOfYear(in.history, item, in.asked.date);
  const bool within = used + asked <= item.quantity_per_year;
  verdict.Add(RuleCode::kQuantity, within,
              Number(within ? QuantityFinding::kWithin : QuantityFinding::kUsedUp), asked,
              item.quantity_per_year, used);
}

void CheckOpenGrant(const DecisionInputs& in, Verdict& verdict) {
  const bool open =
      std::any_of(in.history.begin(), in.history.end(), [&in](const PastDelivery& past) {
        return past.open && past.division == in.item.division && past.division != 0;
      });
  verdict.Add(RuleCode::kOpenGrant, !open, open ? 1 : 0);
}

SubsidyTerms TermsOf(const DecisionInputs& in, const Verdict& verdict,
                     std::array<TopUpTerms, kMaxTopUps>& top_ups) {
  const int64_t pieces = in.asked.quantity;
  SubsidyTerms terms;
  terms.quote = verdict.price;
  terms.cap = ForPieces(in.item.cap, pieces);
  terms.ratio = verdict.ratio;
  terms.mode = in.policy.mode;
  if (in.item.ceiling.has_value()) terms.ceiling = ForPieces(*in.item.ceiling, pieces);
  size_t count = 0;
  for (const PreparedTopUp& top_up : in.top_ups) {
    top_ups[count++] = {top_up.terms.ratio, ForPieces(top_up.terms.cap, pieces)};
  }
  terms.top_ups = {top_ups.data(), count};
  return terms;
}

void CheckKinds(const DecisionInputs& in, RuleCode code, int32_t limit, Verdict& verdict) {
  if (limit <= 0) return;
  const int32_t kinds = KindsOfYear(in.history, in.item.division, in.asked.date);
  verdict.Add(code, kinds <= limit, kinds, limit);
}

// A limit that is used up fails; one that only shortens the amount holds.
void CheckAmount(RuleCode code, const AmountLimit& limit, Fen computed, Verdict& verdict) {
  verdict.Add(code, !limit.used_up(), limit.cap.count(), limit.used.count(), computed.count(),
              DayNumber(limit.free_from));
}

std::optional<Fen> Smaller(std::optional<Fen> a, Fen b) {
  return a.has_value() ? std::min(*a, b) : b;
}

// Adds the lines of the person's limits, and what they leave to the terms.
void CheckLimits(const DecisionInputs& in, SubsidyTerms& terms, Verdict& verdict) {
  const PreparedPolicy& policy = in.policy;
  const bool several = in.person.HasSeveral();
  const Fen computed = DividePrice(terms).computed;
  CheckKinds(in, RuleCode::kYearlyKinds, several ? 0 : policy.yearly_kinds, verdict);
  CheckKinds(in, RuleCode::kMultipleKinds, several ? policy.multiple_kinds : 0, verdict);
  if (policy.yearly_cap.has_value()) {
    const AmountLimit limit = LimitOfYear(*policy.yearly_cap, in.history, in.asked.date);
    CheckAmount(RuleCode::kYearlyCap, limit, computed, verdict);
    terms.remaining_annual_cap = limit.left();
  }
  if (several && policy.multiple_total_cap.has_value()) {
    const AmountLimit limit = LimitOfYear(*policy.multiple_total_cap, in.history, in.asked.date);
    CheckAmount(RuleCode::kMultipleTotal, limit, computed, verdict);
    terms.remaining_total_cap = limit.left();
  }
  if (const PreparedAllowance* allowance = AllowanceOf(policy, in.item, verdict.child);
      allowance != nullptr) {
    const AmountLimit limit = LimitOfAllowance(*allowance, in.history, in.asked.date);
    CheckAmount(RuleCode::kSharedAllowance, limit, computed, verdict);
    terms.remaining_annual_cap = Smaller(terms.remaining_annual_cap, limit.left());
  }
}

void Pay(const DecisionInputs& in, const SubsidyTerms& terms, Verdict& verdict) {
  const AmountSplit amounts = DividePrice(terms);
  verdict.allowed_price = amounts.allowed_price;
  verdict.self_pay = verdict.price;
  if (!verdict.eligible) return;
  verdict.subsidy = amounts.subsidy;
  verdict.self_pay = amounts.self_pay;
  verdict.top_ups = amounts.top_ups;
  const Fen service = ShareDown(amounts.subsidy, in.item.service_share);
  verdict.split = {Fen(amounts.subsidy.count() - service.count()), service};
}

}  // namespace

BasisPoints RatioFor(const PreparedItem& item, const PreparedPolicy& policy, EconomicStatus status,
                     bool child) {
  BasisPoints family;
  if (IsOfAllowedGroup(item, status)) {
    family = item.free ? Whole() : FamilyRatio(item, policy, status);
  }
  if (!child) return family;
  return std::max(family, item.free && item.child > Nothing() ? Whole() : item.child);
}

Verdict Decide(const DecisionInputs& in) {
  Verdict verdict;
  verdict.eligible = true;
  verdict.child = vocabulary::IsChildOn(in.person.birth, in.asked.date);
  verdict.ratio = RatioFor(in.item, in.policy, in.person.status, verdict.child);
  verdict.price = in.asked.price();

  if (in.asked.division != 0 && in.asked.division != in.item.division) {
    verdict.Add(RuleCode::kDivision, false, in.asked.division, in.item.division);
  }
  CheckCertificate(in, verdict);
  verdict.Add(RuleCode::kResidence, in.person.county_known, in.person.county);
  CheckDisability(in, verdict);
  CheckAge(in, verdict);
  CheckEconomicGroup(in, verdict);
  CheckInterval(in, verdict);
  CheckQuantity(in, verdict);
  CheckOpenGrant(in, verdict);
  std::array<TopUpTerms, kMaxTopUps> top_ups;
  SubsidyTerms terms = TermsOf(in, verdict, top_ups);
  CheckLimits(in, terms, verdict);
  verdict.Add(RuleCode::kOtherPayer, !in.person.other_payer, in.person.other_payer ? 1 : 0);
  if (in.asked.approved_price > Fen()) {
    verdict.Add(RuleCode::kApprovedPrice, true, in.asked.approved_price.count());
  }
  Pay(in, terms, verdict);
  return verdict;
}

}  // namespace fuju::catalogue
