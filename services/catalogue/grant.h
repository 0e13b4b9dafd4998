#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "catalogue/decision/subsidy_decision.h"
#include "catalogue/ledger/funds.h"
#include "catalogue/versions/catalogue.h"
#include "chassis/values/decision.h"
#include "fuju/catalogue/v1/catalogue.pb.h"
#include "fuju/type/v1/person.pb.h"

namespace fuju::catalogue {

// The money side of one application: decided and reserved when it is submitted, settled when the
// applicant accepted the device, paid by the treasury; or released when the case ended without one.
//
//   (none) ── submitted ──▶ RESERVED ── accepted ──▶ SETTLED ── treasury ──▶ PAID
//                │           ▲ │  └───── ended ────▶ RELEASED ◀─────┐
//                │     money │ ▼ expired                │           │ ended
//                ├─────────▶ QUEUED ────────────────────│───────────┘
//                │              │ next year             │ reopened: decided anew
//                └─────▶ REFUSED ◀──────────────────────┘
//
// Who is eligible and finds no money, or others waiting for it, waits in the area's queue by the
// date of the application; nobody overtakes one who waits, also not with a smaller amount.
// Reopened, after an appeal, or when the case comes back to a county that had it before, it is
// decided anew. Repriced, it stays RESERVED with another amount. Accepted while it waits, because
// its reservation had expired, it becomes SETTLED as soon as there is money.
//
// Each county that has the case has a grant of its own, since its books pay: at most one of them
// is RESERVED. What moves a case in the queue is in grant_queue.h. Every move of money is appended
// to Grant.transfers; what a grant holds of the accounts is their sum. All functions are pure.

// Timers of a grant: the reservation expires; a queued case sees another fiscal year begin.
inline constexpr absl::string_view kExpiryTimer = "expiry";
inline constexpr absl::string_view kNewYearTimer = "new_year";

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
  // When it was handed in: its place in the queue.
  std::optional<absl::Time> submitted;
  // Fixed by an officer before an appeal that was granted.
  std::optional<vocabulary::Fen> approved_price;
  // Pieces, all at `quote` together.
  int32_t quantity = 1;
  // Number of the question.
  int32_t funding_request = 0;
  type::v1::EligibilityFacts facts;
  // What the person accepted, and holds open in other cases.
  std::vector<v1::Delivery> history;
};

// Decides by the catalogue; `defaults` is the policy where its version has none. An item that it
// does not have (ITEM_UNKNOWN), or that is of another division than the application says
// (DIVISION_MISMATCH), leaves a failed line of that code. INVALID_ARGUMENT for facts of another
// county than the application's, and as DecideSubsidy.
absl::StatusOr<v1::SubsidyDecision> AssessApplication(const GrantApplication& application,
                                                      const Catalogue& catalogue, bool county_known,
                                                      absl::Time now,
                                                      const PreparedPolicy& defaults);

// Opens the grant: RESERVED in the books of the decision's year if it is eligible, the funds hold
// it and nobody waits; QUEUED if it is eligible only; else REFUSED with the codes of the rules that
// failed. Unchanged if it exists.
absl::StatusOr<chassis::Decision<v1::Grant>> OpenGrant(const chassis::Versioned<v1::Grant>& current,
                                                       const GrantApplication& application,
                                                       const v1::SubsidyDecision& decision,
                                                       const FundsAtHand& funds, absl::Time now);

// The case was reopened, or another county gave it to this one: decides anew, as OpenGrant.
// Unchanged if money is reserved, owed or paid.
absl::StatusOr<chassis::Decision<v1::Grant>> ReopenGrant(
    const chassis::Versioned<v1::Grant>& current, const GrantApplication& application,
    const v1::SubsidyDecision& decision, const FundsAtHand& funds, absl::Time now);

// An officer fixed the price: the amount is decided anew from what the grant was decided on, by the
// version that decided (`catalogue`), and the difference moves between the books and the grant; if
// the funds do not hold it everything stays, and the question is answered so. Unchanged unless
// money is reserved. `number` is the question's; `funds` are those of the grant's year, without
// what it holds itself. INVALID_ARGUMENT for a price that is not above 0, or above the quote.
absl::StatusOr<chassis::Decision<v1::Grant>> RepriceGrant(
    const chassis::Versioned<v1::Grant>& current, vocabulary::Fen price, int32_t number,
    const FundsAtHand& funds, absl::Time now, const Catalogue& catalogue,
    const PreparedPolicy& defaults);

// What the vendor invoiced, and the version that decided on the grant.
struct Invoice {
  vocabulary::Fen amount;
  const Catalogue& catalogue;
  const PreparedPolicy& defaults;
};

// The device was accepted: the amount is owed to the vendor. If less was invoiced than the price
// that counts, the amount is decided anew as by RepriceGrant, and the rest of what is reserved is
// free again; more than the price is not paid. Null: the price was invoiced. Of a case that waits
// for money since its reservation expired, only the vendor and the amount are kept. Unchanged if
// settled or paid; FAILED_PRECONDITION, STATE_FORBIDS in any other state.
absl::StatusOr<chassis::Decision<v1::Grant>> SettleGrant(
    const chassis::Versioned<v1::Grant>& current, absl::string_view application_id,
    absl::string_view vendor, const Invoice* invoice, absl::Time now);

// The treasury paid, in the batch. Unchanged if that is known; FAILED_PRECONDITION, STATE_FORBIDS
// unless it is SETTLED. The transfers are the batch's.
absl::StatusOr<chassis::Decision<v1::Grant>> MarkPaid(const chassis::Versioned<v1::Grant>& current,
                                                      absl::string_view id, absl::string_view batch,
                                                      absl::Time now);

// Gives the money back, or leaves the queue. Unchanged if there is none to give: no grant (a draft
// that was withdrawn), REFUSED, RELEASED; FAILED_PRECONDITION, STATE_FORBIDS if it is owed or paid.
absl::StatusOr<chassis::Decision<v1::Grant>> ReleaseGrant(
    const chassis::Versioned<v1::Grant>& current, absl::string_view application_id, absl::Time now);

// What it holds of the accounts; its places in the indexes below; its timers.
chassis::Footprint GrantFootprint(absl::string_view id, const v1::Grant& grant);

// Every grant of an area, by the beginning, in Gansu, of the day of its last decision, in
// milliseconds since 1970: members are ids.
std::string GrantIndex(absl::string_view area);
// Those that wait for money, by the time of the application.
std::string QueueIndex(absl::string_view area);
// Those that are owed to vendors, by the time of the settlement.
std::string PayableIndex(absl::string_view area);
// Counter of those that wait.
std::string QueueCounter(absl::string_view area);

}  // namespace fuju::catalogue
