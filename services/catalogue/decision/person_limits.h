#pragma once

#include <cstdint>

#include "absl/time/civil_time.h"
#include "absl/types/span.h"

#include "catalogue/decision/decision_inputs.h"
#include "catalogue/decision/prepared_item.h"
#include "catalogue/decision/prepared_policy.h"
#include "vocabulary/money.h"

namespace fuju::catalogue {

// What a person's history has used of a limit. What was accepted and what is open count alike, by
// the day of their decision. All functions are pure and allocate nothing.

// An amount within a time.
struct AmountLimit {
  vocabulary::Fen cap;
  vocabulary::Fen used;
  // First day on which some of it is free, if it is used up.
  absl::CivilDay free_from;

  bool used_up() const { return used >= cap; }
  vocabulary::Fen left() const {
    return used_up() ? vocabulary::Fen() : vocabulary::Fen(cap.count() - used.count());
  }
};

// Of the calendar year of `date`, without carry-over: free again with the new year.
AmountLimit LimitOfYear(vocabulary::Fen cap, absl::Span<const PastDelivery> history,
                        absl::CivilDay date);

// Of what the allowance's items have used within its years; free again when enough of it is so old,
// or with the new year.
AmountLimit LimitOfAllowance(const PreparedAllowance& allowance,
                             absl::Span<const PastDelivery> history, absl::CivilDay date);

// Divisions of this calendar year, `division` among them.
int32_t KindsOfYear(absl::Span<const PastDelivery> history, uint32_t division, absl::CivilDay date);

// Pieces of the item in this calendar year.
int64_t PiecesOfYear(absl::Span<const PastDelivery> history, const PreparedItem& item,
                     absl::CivilDay date);

// Whether a limit of the person can change the answer about the item: then what is granted has to
// be held against the limits of the others while it is open.
bool HasPersonLimits(const PreparedPolicy& policy, const PreparedItem& item,
                     const PersonFacts& person, absl::CivilDay date);

}  // namespace fuju::catalogue
