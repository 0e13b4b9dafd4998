#pragma once

#include <string>

#include "applications/application.h"

namespace fuju::applications {

// The person moves while the case runs: another county gets it, with its name, timeline, answers
// and acts (services/adr/0018). There it begins anew: eligibility, money and chain are the new
// county's, and nothing that the old one decided binds it.

// What is asked for.
struct TransferAsk {
  std::string county_code;
  // Where the person lives now.
  std::string address;
  // What proves the move, in a person's own words.
  std::string proof;
};

// At once up to the review; from the approval on the vendor side is asked to stop first, as in a
// withdrawal (services/adr/0002). INVALID_ARGUMENT without a proof, unless an office asks;
// FAILED_PRECONDITION for the county that has the case already. CALENDAR_MISSING as DeadlineOf.
Result DecideTransfer(const Record& record, const TransferAsk& ask, const Rules& rules,
                      const Act& act);

// The vendor side has stopped: the new county gets the case. Nothing that is still heard of the
// search counts; `attempt` is the last of its attempts.
Result FinishTransfer(Change& change, int attempt, const Rules& rules);

// What became of a transfer that is under way; no effect if none is.
void CloseTransfer(Change& change, v1::TransferResult result);

// Who is asked to stop, of a case that was approved.
Party StoppingParty(const Record& record);

}  // namespace fuju::applications
