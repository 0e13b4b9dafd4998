#pragma once

#include <vector>

#include "applications/config_json.h"
#include "applications/limits.h"
#include "fuju/applications/v1/chain.pb.h"

namespace fuju::applications {

// What keeps a chain from being used, every problem at once; empty if it is right. A right chain
// has no dead end and loses no clock:
//
//   - id, version, titles and a source; 1 to 12 stages, their ids unique;
//   - every stage has words for the applicant, roles of staff_roles.h, a limit that can be read,
//   and
//     at least one step of escalation, the steps rising in level and in time;
//   - every stage but the notice can be passed; one that returns or holds says whether its clock
//     stands still, and pauses for nothing that can not happen;
//   - exactly one approval; behind it only the notice, which comes last and which nobody decides;
//   - officers of other stages are those of earlier ones, and the approval's officer is another
//   than
//     that of every eligibility stage before it;
//   - working days and times are not mixed, so that one date can be promised;
//   - hold and appeal have limits, and the appeal a stage to go on with.
//
// `defaults` are the limits that it may leave open.
std::vector<ConfigProblem> CheckChain(const v1::Chain& chain, const Limits& defaults);

}  // namespace fuju::applications
