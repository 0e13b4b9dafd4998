#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "applications/moves.h"
#include "fuju/applications/storage/v1/application_record.pb.h"

namespace fuju::applications {

// Where a case stands on the desks of the offices. Pure.

// The stage of an appeal, which is in no stage of its chain.
inline constexpr absl::string_view kAppealStage = "appeal";

// An officer has to do something: decide, clear up what it was held for, decide the appeal. A
// public notice ends by itself.
bool WaitsForOfficer(ApplicationState state);

// The stage by which the desk knows the case: that of its chain, or "appeal".
std::string DeskStageOf(const v1::Application& application);

// The office at which a role works on cases of a county: the county itself, but the prefecture or
// the province for the roles of those.
std::string OfficeOf(absl::string_view county_code, absl::string_view role);

// Until when it should be decided; the time of its creation if nothing is promised, so that it is
// seen.
absl::Time DueTimeOf(const v1::Application& application);

// Since when it waits; of a case without a place, since its last change.
absl::Time WaitingSince(const storage::v1::ApplicationRecord& record);

// The claim that runs at `now`; null if nobody has the case.
const v1::CaseClaim* RunningClaim(const storage::v1::ApplicationRecord& record, absl::Time now);

// Keeps the place in step with a change from `before` by `move`, which is made already: it is given
// up when the case does not wait any more; whatever was decided gives a new one, without a claim; a
// limit that passes and an objection leave it as it is.
void UpdateDeskPlace(ApplicationState before, Move move, absl::Time now,
                     storage::v1::ApplicationRecord& after);

}  // namespace fuju::applications
