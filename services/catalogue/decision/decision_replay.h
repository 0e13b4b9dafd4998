#pragma once

#include <vector>

#include "fuju/catalogue/v1/catalogue.pb.h"
#include "fuju/catalogue/v1/decisions_service.pb.h"

namespace fuju::catalogue {

// What differs between a stored decision and the one made anew, in the order of the decision: the
// item, every amount, and every rule with what it looked at. The sentences and the names of the
// sources are not compared, because a release may word them better; the hash covers them. Pure.
std::vector<v1::DecisionDifference> Differences(const v1::SubsidyDecision& stored,
                                                const v1::SubsidyDecision& recomputed);

// The answer about a grant whose decision was made anew; null if its catalogue version does not
// exist, which is a difference. What a grant holds of the budget is compared with its decision,
// too. NOT_REPLAYABLE if the grant is from before hashes were kept. Pure.
v1::DecisionReplay CompareReplay(const v1::Grant& grant, const v1::SubsidyDecision* recomputed);

}  // namespace fuju::catalogue
