#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "applications/application.h"

namespace fuju::applications {

// The course of a case through its chain: which stage it is in, how the clock of the stage runs,
// what is promised. Functions that give dates answer CALENDAR_MISSING as DeadlineOf.

// Where a case is: a stage of the chain that it began with.
struct Place {
  const Chain* chain;
  size_t index;
  const Stage& stage() const { return chain->stages[index]; }
};

// FAILED_PRECONDITION, CHAIN_MISSING if the chain is not loaded. A case from before there were
// chains is in the first stage of its county's chain.
absl::StatusOr<Place> PlaceOf(const Record& record, const Rules& rules);

// The case is handed in: it gets the county's chain and the promised date.
absl::Status BeginCourse(Change& change, const Rules& rules);

// The case is redone: a new date is promised, for the stages from Record.begin_stage on.
absl::Status PromiseAnew(Change& change, const Rules& rules);

// The first stage that applies to the case, from Record.begin_stage on.
absl::Status EnterFirstStage(Change& change, const Rules& rules);

// The next one that applies; false if the stage was the last.
absl::StatusOr<bool> EnterNextStage(Change& change, const Place& place, const Rules& rules);

// The case leaves the stage for a while, `away` at most: the clock stands still if the chain says
// so, and a new date is promised.
absl::Status LeaveForAWhile(Change& change, const Place& place, v1::ClockPause why,
                            const Limit& away, const Rules& rules);

// The stage goes on, with what was left on its clock.
absl::Status ReturnToStage(Change& change, const Place& place, const Rules& rules);

// A step of the escalation is due: it is taken, and the next one set.
absl::Status Escalate(Change& change, const Place& place, const Rules& rules);

// Keeps what the actor, who must not be related to the applicant, decided, and how long it took.
// Before the case leaves its stage.
void AddAct(Change& change, const Place& place, v1::StageDecision decision,
            absl::Span<const std::string> reason_codes = {});

// Name of the stage and until when it should be over, for the timeline.
std::vector<Text> StageWords(Change& change, const Place& place);

}  // namespace fuju::applications
