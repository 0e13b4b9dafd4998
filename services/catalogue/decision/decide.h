#pragma once

#include "absl/types/span.h"

#include "catalogue/decision/decision_inputs.h"
#include "catalogue/decision/prepared_item.h"
#include "catalogue/decision/prepared_policy.h"
#include "catalogue/decision/verdict.h"
#include "vocabulary/money.h"

namespace fuju::catalogue {

// Everything that a decision looks at. Lives elsewhere.
struct DecisionInputs {
  const PreparedItem& item;
  const PreparedPolicy& policy;
  // In their order, at most kMaxTopUps.
  absl::Span<const PreparedTopUp> top_ups;
  const PersonFacts& person;
  // Without what the application itself holds.
  absl::Span<const PastDelivery> history;
  // As CheckAsked wants it.
  Asked asked;
};

// Decides: every rule with its result, whether or not one before it failed, and who pays what of
// the price. Not eligible: the person pays it. Pure, and allocates nothing.
Verdict Decide(const DecisionInputs& in);

// The share of the cap that a person gets: the family's ratio, or for a child the better of the
// child's and the family's; the whole of what is free of charge. Nothing for a group that the item
// is not for, unless as a child.
vocabulary::BasisPoints RatioFor(const PreparedItem& item, const PreparedPolicy& policy,
                                 type::v1::EconomicStatus status, bool child);

}  // namespace fuju::catalogue
