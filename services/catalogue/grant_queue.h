#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "catalogue/grant.h"
#include "catalogue/ledger/funds.h"
#include "chassis/values/decision.h"
#include "fuju/catalogue/v1/catalogue.pb.h"

namespace fuju::catalogue {

// How a grant comes out of the queue for money, and into it again. All functions are pure.

// It is this case's turn in the queue, and `funds` are those of the year of `now`: RESERVED, or
// SETTLED if the device was accepted meanwhile. Unchanged if the funds do not hold it, it does
// not wait, or must be decided anew. FundsAtHand::waiting does not matter.
absl::StatusOr<chassis::Decision<v1::Grant>> ServeGrant(
    const chassis::Versioned<v1::Grant>& current, const FundsAtHand& funds, absl::Time now);

// True if the case waits, was decided in an earlier fiscal year, and nothing was reserved for
// it before: then it is decided anew before it is served.
bool MustDecideAnew(const v1::Grant& grant, absl::Time now);
// What was asked, of a grant that waits, without the person's history.
GrantApplication ToApplication(const v1::Grant& grant);
// Another fiscal year began: decided anew for its books, on `application` as it was asked, with the
// person's history of now. RESERVED, REFUSED, or unchanged if the funds do not hold it.
absl::StatusOr<chassis::Decision<v1::Grant>> ServeAnew(const chassis::Versioned<v1::Grant>& current,
                                                       const GrantApplication& application,
                                                       const v1::SubsidyDecision& decision,
                                                       const FundsAtHand& funds, absl::Time now);

// Another fiscal year began for a case that waits: it waits for that year's money. Unchanged unless
// it waits for an earlier one's.
absl::StatusOr<chassis::Decision<v1::Grant>> RollOver(const chassis::Versioned<v1::Grant>& current,
                                                      absl::Time now);

// The reservation was not used in time: the money is free, the case waits in its old place.
// Unchanged unless it is RESERVED and due.
absl::StatusOr<chassis::Decision<v1::Grant>> ExpireGrant(
    const chassis::Versioned<v1::Grant>& current, absl::Time now);

}  // namespace fuju::catalogue
