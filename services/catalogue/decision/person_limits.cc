#include "catalogue/decision/person_limits.h"

#include <algorithm>
#include <optional>

#include "vocabulary/civil_date.h"

namespace fuju::catalogue {
namespace {

using vocabulary::Fen;

bool OfYear(const PastDelivery& past, absl::CivilDay date) {
  return past.counted.year() == date.year();
}

absl::CivilDay NewYear(absl::CivilDay date) { return absl::CivilDay(date.year() + 1, 1, 1); }

// What of the allowance is used on a day.
Fen UsedOn(const PreparedAllowance& allowance, absl::Span<const PastDelivery> history,
           absl::CivilDay day) {
  int64_t used = 0;
  for (const PastDelivery& past : history) {
    if (past.share_group != allowance.share_group) continue;
    if (vocabulary::AddYears(past.counted, allowance.years) > day) used += past.subsidy.count();
  }
  return Fen(used);
}

}  // namespace

AmountLimit LimitOfYear(Fen cap, absl::Span<const PastDelivery> history, absl::CivilDay date) {
  int64_t used = 0;
  for (const PastDelivery& past : history) {
    if (OfYear(past, date)) used += past.subsidy.count();
  }
  return {cap, Fen(used), NewYear(date)};
}

AmountLimit LimitOfAllowance(const PreparedAllowance& allowance,
                             absl::Span<const PastDelivery> history, absl::CivilDay date) {
  if (allowance.years == 0) {
    int64_t used = 0;
    for (const PastDelivery& past : history) {
      if (past.share_group == allowance.share_group && OfYear(past, date)) {
        used += past.subsidy.count();
      }
    }
    return {allowance.cap, Fen(used), NewYear(date)};
  }
  AmountLimit limit{allowance.cap, UsedOn(allowance, history, date), date};
  if (!limit.used_up()) return limit;
  // The earliest of the days on which one of them stops to count, that leaves something.
  std::optional<absl::CivilDay> earliest;
  for (const PastDelivery& past : history) {
    if (past.share_group != allowance.share_group) continue;
    const absl::CivilDay ends = vocabulary::AddYears(past.counted, allowance.years);
    if (ends <= date || (earliest.has_value() && ends >= *earliest)) continue;
    if (UsedOn(allowance, history, ends) < allowance.cap) earliest = ends;
  }
  limit.free_from = earliest.value_or(date);
  return limit;
}

int32_t KindsOfYear(absl::Span<const PastDelivery> history, uint32_t division,
                    absl::CivilDay date) {
  int32_t kinds = 1;
  for (size_t i = 0; i < history.size(); ++i) {
    const PastDelivery& past = history[i];
    if (!OfYear(past, date) || past.division == division) continue;
    const auto counted = history.first(i);
    const bool before = std::any_of(counted.begin(), counted.end(), [&](const PastDelivery& other) {
      return OfYear(other, date) && other.division == past.division;
    });
    if (!before) ++kinds;
  }
  return kinds;
}

int64_t PiecesOfYear(absl::Span<const PastDelivery> history, const PreparedItem& item,
                     absl::CivilDay date) {
  int64_t pieces = 0;
  for (const PastDelivery& past : history) {
    if (past.item == item.key && OfYear(past, date)) pieces += past.quantity;
  }
  return pieces;
}

bool HasPersonLimits(const PreparedPolicy& policy, const PreparedItem& item,
                     const PersonFacts& person, absl::CivilDay date) {
  if (policy.yearly_cap.has_value()) return true;
  if (person.HasSeveral() ? policy.multiple_kinds > 0 || policy.multiple_total_cap.has_value()
                          : policy.yearly_kinds > 0) {
    return true;
  }
  return AllowanceOf(policy, item, vocabulary::IsChildOn(person.birth, date)) != nullptr;
}

}  // namespace fuju::catalogue
