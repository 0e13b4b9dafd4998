#include "applications/desk/claim_decisions.h"

#include <utility>

#include "absl/algorithm/container.h"

#include "applications/desk/desk_place.h"
#include "applications/officer_check.h"
#include "applications/relation.h"
#include "applications/staff_roles.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/review_desk_events.pb.h"

namespace fuju::applications {
namespace {

// A change that is no citizen's business: no timeline entry, and no time of it either, so it is no
// applications::Change.
template <typename FactMessage>
Result Publish(Record next, FactMessage fact) {
  *fact.mutable_application() = EventView(next);
  chassis::Decision<Record> decision;
  decision.next = std::move(next);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

bool IsOf(const v1::CaseClaim& claim, const Act& act) {
  return PersonOf(claim.officer()) == PersonOf(act.actor);
}

}  // namespace

bool ClaimPolicy::IsSupervisor(absl::string_view role) const {
  return absl::c_linear_search(supervisors, role);
}

Result DecideClaim(const Record& record, const std::string& asked_stage, const ClaimPolicy& policy,
                   const Rules& rules, const Act& act) {
  if (!IsLegal(record.application().state(), Move::kClaim)) return Forbidden(record, Move::kClaim);
  if (absl::Status s = CheckAnyDecision(record, asked_stage, rules, act); !s.ok()) return s;
  Record next = record;
  storage::v1::DeskPlace* place = next.mutable_desk_place();
  *place->mutable_since_time() = chassis::ToTimestamp(WaitingSince(record));
  v1::CaseClaimed fact;
  // Whoever else had it has it no more: the check would have refused.
  if (place->has_claim() && IsOf(place->claim(), act)) {
    fact.set_renewed(RunningClaim(record, act.now) != nullptr);
  } else {
    fact.set_former_officer(place->claim().officer());
  }
  v1::CaseClaim* claim = place->mutable_claim();
  if (!fact.renewed()) *claim->mutable_begin_time() = chassis::ToTimestamp(act.now);
  claim->set_officer(act.actor);
  *claim->mutable_end_time() = chassis::ToTimestamp(act.now + policy.time);
  *fact.mutable_claim() = *claim;
  Result result = Publish(std::move(next), std::move(fact));
  result->unclaimed.push_back(
      RelationClaim(PersonOf(act.actor), record.application().person_key()));
  return result;
}

Result DecideRelease(const Record& record, const ClaimPolicy& policy, const Act& act) {
  if (!IsLegal(record.application().state(), Move::kRelease)) {
    return Forbidden(record, Move::kRelease);
  }
  if (!record.desk_place().has_claim()) return chassis::Decision<Record>::Unchanged();
  const v1::CaseClaim& claim = record.desk_place().claim();
  if (!IsOf(claim, act) && !policy.IsSupervisor(RoleOf(act.actor))) {
    if (absl::Status s = CheckUnclaimed(record, act); !s.ok()) return s;
    return chassis::Decision<Record>::Unchanged();
  }
  v1::CaseReleased fact;
  *fact.mutable_claim() = claim;
  Record next = record;
  next.mutable_desk_place()->clear_claim();
  return Publish(std::move(next), std::move(fact));
}

}  // namespace fuju::applications
