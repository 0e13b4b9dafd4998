#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/values/decision.h"
#include "dispatch/vendor.h"
#include "fuju/dispatch/storage/v1/dispatch_records.pb.h"
#include "fuju/dispatch/v1/dispatch.pb.h"

namespace fuju::dispatch {

using storage::v1::OfferRecord;
using OfferDecision = absl::StatusOr<chassis::Decision<OfferRecord>>;

// The offer aggregate: one job offered to one vendor. Pure. While OPEN or ACCEPTED it holds one
// unit of the vendor's capacity; every way out of these states gives it back.
//
//   state     accept             decline    expire    revoke    order ended
//   OPEN      ACCEPTED           DECLINED   EXPIRED   REVOKED   -
//   ACCEPTED  -                  -          -         REVOKED   FULFILLED
//   (final)   -                  -          -         -         -

// The round asked for it. `vendor` as it was read before; if it is missing or not active the offer
// is UNPLACED. No effect if the offer exists. The commit is refused with COUNTER_BELOW_FLOOR when
// the vendor is full: then LeaveUnplaced.
OfferDecision PlaceOffer(const chassis::Versioned<OfferRecord>& current, const v1::Round& round,
                         const chassis::Versioned<VendorRecord>& vendor, absl::Time now,
                         absl::Duration offer_limit);
// The vendor has no free capacity. No effect if the offer exists.
OfferDecision LeaveUnplaced(const chassis::Versioned<OfferRecord>& current, const v1::Round& round,
                            absl::Time now);

// Commands of the vendor. NOT_FOUND; FAILED_PRECONDITION STATE_FORBIDS, or OFFER_EXPIRED for an
// acceptance at or after the expiry.
OfferDecision AcceptOffer(const chassis::Versioned<OfferRecord>& current,
                          const std::string& offer_id, absl::Time now);
OfferDecision DeclineOffer(const chassis::Versioned<OfferRecord>& current,
                           const std::string& offer_id, const std::string& reason, absl::Time now);

// The timer. No effect unless OPEN and at or after the expiry.
OfferDecision ExpireOffer(const chassis::Versioned<OfferRecord>& current, absl::Time now);

// The case ended. NOT_FOUND if there is no offer; no effect in a final state.
OfferDecision RevokeOffer(const chassis::Versioned<OfferRecord>& current,
                          const std::string& offer_id, absl::Time now);
// Its order came to an end, whichever. NOT_FOUND if there is no offer; no effect unless ACCEPTED.
OfferDecision FulfilOffer(const chassis::Versioned<OfferRecord>& current,
                          const std::string& offer_id, absl::Time now);

// A vendor's offers in a state, newest first.
std::string OfferIndex(const std::string& uscc, v1::OfferState state);

inline constexpr char kExpiryTimer[] = "expiry";

chassis::Footprint OfferFootprint(const std::string& offer_id, const OfferRecord& record);

// "OPEN": the state as an error names it.
std::string StateName(v1::OfferState state);

}  // namespace fuju::dispatch
