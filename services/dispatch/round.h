#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "chassis/values/decision.h"
#include "dispatch/vendor.h"
#include "fuju/dispatch/storage/v1/dispatch_records.pb.h"
#include "fuju/dispatch/v1/dispatch.pb.h"

namespace fuju::dispatch {

using storage::v1::RoundRecord;
using RoundDecision = absl::StatusOr<chassis::Decision<RoundRecord>>;

// The round aggregate: the search for a vendor for one application. Pure. A round asks its
// candidates one after the other; which offer an answer belongs to is decided by the offer's name
// (attempt), never by the order of arrival.

// What can happen to a round.
enum class RoundMove {
  kOfferAccepted,     // of the current attempt
  kOfferEnded,        // of the current attempt: declined, expired or never placed
  kWithdrawal,        // the applicant withdraws
  kApplicationEnded,  // the case ended for another reason
  kOrderReturned,     // of the current attempt: the vendor gave it back
  kOrderEnded,        // of the current attempt: completed or abandoned
  kOrderCancelled,    // of the current attempt
  kManualLimit,       // nobody assigned a vendor in time
  kAssignVendor,      // command
  kCloseRound,        // command
};

// What a move leads to.
enum class RoundStep {
  kNone,       // no effect; for a command: refused
  kAssign,     // -> ASSIGNED, DispatchAccepted
  kAskNext,    // -> OFFERING, OfferRequested, or MANUAL, DispatchExhausted if all were asked
  kAskChosen,  // -> OFFERING, OfferRequested
  kCancel,     // -> CANCELLED, DispatchCancelled
  kRecall,     // -> RECALLED, DispatchRecalled
  kFinish,     // -> DONE, DispatchDone
  kFail,       // -> FAILED, DispatchFailed
};

// The table of legal moves (README.md shows it).
RoundStep StepOf(v1::RoundState state, RoundMove move);
// Commands that are legal in a state, as RPC names.
std::vector<std::string> LegalCommands(v1::RoundState state);

// What a round is opened for.
struct RoundRequest {
  std::string application_id;
  std::string county_code;
  std::string item_code;
  std::string device_division;
  int64_t quote_fen = 0;
  int64_t subsidy_fen = 0;
  uint64_t seed = 0;
  std::vector<v1::Candidate> candidates;
  // Ids of the officers who assessed the case.
  std::vector<std::string> assessors;
};

// `manual_limit` is how long a round may stay in the manual queue each time it gets there.
//
// The application was approved: asks the first candidate. No effect on a round that runs. One that
// was stopped or came to its end searches anew, for the county that has the case now; its attempts
// go on counting, so that whatever is still heard of the ones before is told apart by its number.
RoundDecision OpenRound(const chassis::Versioned<RoundRecord>& current, const RoundRequest& request,
                        absl::Time now, absl::Duration manual_limit);

// An offer or its order moved. NOT_FOUND if there is no round; no effect unless `offer_name` is the
// offer of the current attempt and the table has a step.
RoundDecision FollowOffer(const chassis::Versioned<RoundRecord>& current,
                          const std::string& application_id, RoundMove move,
                          const std::string& offer_name, absl::Time now,
                          absl::Duration manual_limit);

// kWithdrawal or kApplicationEnded. NOT_FOUND if there is no round; no effect without a step.
RoundDecision StopRound(const chassis::Versioned<RoundRecord>& current,
                        const std::string& application_id, RoundMove move, absl::Time now);

// The manual queue's limit passed; no effect before it.
RoundDecision FailOverdueRound(const chassis::Versioned<RoundRecord>& current, absl::Time now);

// A vendor as it was read before the decision.
struct ChosenVendor {
  std::string uscc;
  // Version 0 if it does not exist.
  chassis::Versioned<VendorRecord> record;
  int64_t free = 0;
};
// Command. NOT_FOUND round or vendor; FAILED_PRECONDITION STATE_FORBIDS (round not MANUAL, vendor
// suspended), VENDOR_NOT_SUITABLE, OFFICER_RELATED (an assessor of the case), VENDOR_FULL.
RoundDecision AssignVendor(const chassis::Versioned<RoundRecord>& current,
                           const std::string& application_id, const ChosenVendor& chosen,
                           absl::Time now);
// Command. NOT_FOUND; FAILED_PRECONDITION STATE_FORBIDS.
RoundDecision CloseRound(const chassis::Versioned<RoundRecord>& current,
                         const std::string& application_id, const std::string& reason,
                         absl::Time now);

// Nearly all rounds end as DONE. Those have no list of all counties: nobody has to act on them, and
// an entry each would stay for ever.
bool IsListedOfAllCounties(v1::RoundState state);
// Rounds in a state, newest first; of all counties if `county_code` is empty.
std::string RoundIndex(const std::string& county_code, v1::RoundState state);

inline constexpr char kManualTimer[] = "manual";

chassis::Footprint RoundFootprint(const std::string& application_id, const RoundRecord& record);

// "MANUAL": the state as an error names it.
std::string StateName(v1::RoundState state);

}  // namespace fuju::dispatch
