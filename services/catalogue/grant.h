#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "catalogue/subsidy_decision.h"
#include "catalogue/versions/catalogue.h"
#include "chassis/values/decision.h"
#include "fuju/catalogue/v1/catalogue.pb.h"
#include "fuju/type/v1/person.pb.h"

namespace fuju::catalogue {

// The money side of one application: decided and reserved when it is submitted, then settled when
// the applicant accepted the device, or released when the case ended without one.
//
//   (none) ── submitted ──▶ RESERVED ── accepted ──▶ SETTLED
//                │    ▲         └───── ended ─────▶ RELEASED
//                │    └──────── reopened ─────────────┤
//                └─────▶ REFUSED ─────────────────────┘
//
// Reopened, after an appeal, or when the case comes back to a county that had it before, it is
// decided anew: RESERVED or REFUSED. Repriced, it stays RESERVED with another amount.
//
// Each county that has the case has a grant of its own, since its budget pays: at most one of them
// is RESERVED. What a grant holds of the county's budget follows from its state
// alone. All functions are pure.

// Codes that a refusal names beside those of the rules (subsidy_decision.h).
inline constexpr absl::string_view kItemUnknown = "ITEM_UNKNOWN";
inline constexpr absl::string_view kDivisionMismatch = "DIVISION_MISMATCH";
inline constexpr absl::string_view kBudgetInsufficient = "BUDGET_INSUFFICIENT";

// The id of a county's grant for "applications/<id>": the application's id with the county that
// pays in front. They differ after a transfer only.
std::string GrantId(absl::string_view application, absl::string_view county_code);
// "grants/<id>".
std::string GrantName(absl::string_view id);

// The part of a submitted application that matters here.
struct GrantApplication {
  // "applications/<county>-<ULID>".
  std::string application;
  // The county that has the case, whose budget pays.
  std::string county_code;
  std::string item_code;
  std::string device_division;
  vocabulary::Fen quote;
  // Fixed by an officer before an appeal that was granted.
  std::optional<vocabulary::Fen> approved_price;
  // Number of the question.
  int32_t funding_request = 0;
  type::v1::EligibilityFacts facts;
};

// Decides by the catalogue. An item that it does not have (ITEM_UNKNOWN), or that is of another
// division than the application says (DIVISION_MISMATCH), leaves a failed line of that code.
// INVALID_ARGUMENT for facts of another county than the application's, and as DecideSubsidy.
absl::StatusOr<v1::SubsidyDecision> AssessApplication(const GrantApplication& application,
                                                      const Catalogue& catalogue, bool county_known,
                                                      std::vector<v1::Delivery> history,
                                                      absl::Time now,
                                                      const SubsidySettings& settings);

// Opens the grant: RESERVED in the budget of the decision's year if eligible, else REFUSED with the
// codes of the rules that failed. Unchanged if it exists.
absl::StatusOr<chassis::Decision<v1::Grant>> OpenGrant(const chassis::Versioned<v1::Grant>& current,
                                                       const GrantApplication& application,
                                                       const v1::SubsidyDecision& decision,
                                                       absl::Time now);

// Opens the grant as REFUSED with BUDGET_INSUFFICIENT, for an eligible application when the budget
// does not hold the amount; the decision is kept as it is, so that the applicant sees what is
// missing is money.
absl::StatusOr<chassis::Decision<v1::Grant>> OpenUnfundedGrant(
    const chassis::Versioned<v1::Grant>& current, const GrantApplication& application,
    const v1::SubsidyDecision& decision, absl::Time now);

// The case was reopened, or another county gave it to this one: decides anew, as OpenGrant and
// OpenUnfundedGrant do. Unchanged if money is reserved or paid.
absl::StatusOr<chassis::Decision<v1::Grant>> ReopenGrant(
    const chassis::Versioned<v1::Grant>& current, const GrantApplication& application,
    const v1::SubsidyDecision& decision, absl::Time now);
absl::StatusOr<chassis::Decision<v1::Grant>> ReopenUnfundedGrant(
    const chassis::Versioned<v1::Grant>& current, const GrantApplication& application,
    const v1::SubsidyDecision& decision, absl::Time now);

// An officer fixed the price: the amount is decided anew (Reprice), and the difference moves
// between budget and grant. Unchanged unless money is reserved. `number` is the question's.
absl::StatusOr<chassis::Decision<v1::Grant>> RepriceGrant(
    const chassis::Versioned<v1::Grant>& current, vocabulary::Fen price, int32_t number,
    absl::Time now, const SubsidySettings& settings);

// The budget does not hold the amount by the price: everything stays, and the question is answered.
absl::StatusOr<chassis::Decision<v1::Grant>> RefuseToReprice(
    const chassis::Versioned<v1::Grant>& current, int32_t number, absl::Time now);

// Pays the vendor. Unchanged if settled; FAILED_PRECONDITION, STATE_FORBIDS in any other state
// but RESERVED.
absl::StatusOr<chassis::Decision<v1::Grant>> SettleGrant(
    const chassis::Versioned<v1::Grant>& current, absl::string_view application_id,
    absl::string_view vendor, absl::Time now);

// Gives the money back. Unchanged if there is none to give: no grant (a draft that was withdrawn),
// REFUSED, RELEASED; FAILED_PRECONDITION, STATE_FORBIDS if it was paid.
absl::StatusOr<chassis::Decision<v1::Grant>> ReleaseGrant(
    const chassis::Versioned<v1::Grant>& current, absl::string_view application_id, absl::Time now);

// What it holds of the counters of its budget.
chassis::Footprint GrantFootprint(absl::string_view id, const v1::Grant& grant);

}  // namespace fuju::catalogue
