#include "dispatch/round.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "dispatch/names.h"
#include "fuju/dispatch/v1/dispatch_events.pb.h"

namespace fuju::dispatch {
namespace {

using chassis::Decision;
using chassis::Versioned;

constexpr char kManualLimitReason[] =
    "未能在期限内找到可服务的服务商 / no vendor could be found within the limit";

struct LegalMove {
  v1::RoundState state;
  RoundMove move;
  RoundStep step;
};

constexpr std::array<LegalMove, 15> kLegalMoves = {{
    {v1::ROUND_STATE_OFFERING, RoundMove::kOfferAccepted, RoundStep::kAssign},
    {v1::ROUND_STATE_OFFERING, RoundMove::kOfferEnded, RoundStep::kAskNext},
    {v1::ROUND_STATE_OFFERING, RoundMove::kWithdrawal, RoundStep::kCancel},
    {v1::ROUND_STATE_OFFERING, RoundMove::kApplicationEnded, RoundStep::kCancel},
    {v1::ROUND_STATE_ASSIGNED, RoundMove::kWithdrawal, RoundStep::kRecall},
    {v1::ROUND_STATE_ASSIGNED, RoundMove::kOrderReturned, RoundStep::kAskNext},
    {v1::ROUND_STATE_ASSIGNED, RoundMove::kOrderEnded, RoundStep::kFinish},
    {v1::ROUND_STATE_ASSIGNED, RoundMove::kOrderCancelled, RoundStep::kFinish},
    {v1::ROUND_STATE_MANUAL, RoundMove::kWithdrawal, RoundStep::kCancel},
    {v1::ROUND_STATE_MANUAL, RoundMove::kApplicationEnded, RoundStep::kCancel},
    {v1::ROUND_STATE_MANUAL, RoundMove::kManualLimit, RoundStep::kFail},
    {v1::ROUND_STATE_MANUAL, RoundMove::kAssignVendor, RoundStep::kAskChosen},
    {v1::ROUND_STATE_MANUAL, RoundMove::kCloseRound, RoundStep::kFail},
    // The recall met an order that had come to its end already. Returned: nothing is left to cancel
    // at the vendor, and the application waits for this answer. Completed or abandoned: that end
    // stands.
    {v1::ROUND_STATE_RECALLED, RoundMove::kOrderReturned, RoundStep::kCancel},
    {v1::ROUND_STATE_RECALLED, RoundMove::kOrderEnded, RoundStep::kFinish},
}};

template <typename FactMessage>
Decision<RoundRecord> Publish(RoundRecord next, v1::RoundState state, absl::Time now,
                              FactMessage fact = {}) {
  Decision<RoundRecord> decision;
  v1::Round& round = *next.mutable_round();
  round.set_state(state);
  if (state != v1::ROUND_STATE_MANUAL) round.clear_manual_due_time();
  *round.mutable_update_time() = chassis::ToTimestamp(now);
  *fact.mutable_round() = round;
  decision.next = std::move(next);
  decision.facts.push_back(chassis::MakeFact(std::move(fact)));
  return decision;
}

Decision<RoundRecord> Ask(RoundRecord next, const std::string& vendor,
                          const std::string& vendor_name, absl::Time now) {
  v1::Round& round = *next.mutable_round();
  round.set_attempt(round.attempt() + 1);
  round.set_vendor(vendor);
  round.set_vendor_name(vendor_name);
  const std::string application_id = ApplicationIdOf(round.application()).value_or("");
  round.set_offer(
      OfferName(OfferId(VendorIdOf(vendor).value_or(""), application_id, round.attempt())));
  return Publish<v1::OfferRequested>(std::move(next), v1::ROUND_STATE_OFFERING, now);
}

Decision<RoundRecord> AskNext(RoundRecord next, absl::Time now, absl::Duration manual_limit) {
  const int asked = next.next_candidate();
  if (asked < next.round().candidates_size()) {
    const v1::Candidate candidate = next.round().candidates(asked);
    next.set_next_candidate(asked + 1);
    return Ask(std::move(next), candidate.vendor(), candidate.vendor_name(), now);
  }
  *next.mutable_round()->mutable_manual_due_time() = chassis::ToTimestamp(now + manual_limit);
  return Publish<v1::DispatchExhausted>(std::move(next), v1::ROUND_STATE_MANUAL, now);
}

Decision<RoundRecord> Fail(RoundRecord next, const std::string& reason, absl::Time now) {
  next.set_fail_reason(reason);
  v1::DispatchFailed fact;
  fact.set_reason(reason);
  return Publish(std::move(next), v1::ROUND_STATE_FAILED, now, std::move(fact));
}

// A command that the table does not know in this state.
absl::Status RefuseCommand(const std::string& application_id, v1::RoundState state,
                           const std::string& command) {
  return chassis::StateForbids(RoundName(application_id), command, StateName(state),
                               LegalCommands(state));
}

// A search is on, or a vendor has the job.
bool IsRunning(v1::RoundState state) {
  return state == v1::ROUND_STATE_OFFERING || state == v1::ROUND_STATE_MANUAL ||
         state == v1::ROUND_STATE_ASSIGNED;
}

absl::Status CheckChosen(const v1::Round& round, const ChosenVendor& chosen) {
  const std::string name = VendorName(chosen.uscc);
  if (!chosen.record.exists()) return chassis::NotFound(name);
  const v1::Vendor& vendor = chosen.record.state.vendor();
  if (vendor.state() != v1::VENDOR_STATE_ACTIVE) {
    return chassis::StateForbids(name, "AssignVendor", StateName(vendor.state()), {"ResumeVendor"});
  }
  if (!Serves(vendor, round.county_code(), round.device_division())) {
    return chassis::Refusal(
               absl::StatusCode::kFailedPrecondition, "VENDOR_NOT_SUITABLE",
               absl::StrCat("该服务商不服务", round.county_code(), "或不提供",
                            round.device_division(), "类辅具，请另选"),
               absl::StrCat("the vendor does not serve county ", round.county_code(),
                            " or device division ", round.device_division(), ": choose another"))
        .With("vendor", name)
        .With("county_code", round.county_code())
        .With("device_division", round.device_division())
        .Build();
  }
  if (IsRelated(chosen.record.state, round.assessors())) {
    return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "OFFICER_RELATED",
                            "该服务商与本案评估人员有已申报的关系，请另选",
                            "an assessor of the case is related to the vendor: choose another")
        .With("vendor", name)
        .Build();
  }
  if (chosen.free <= 0) {
    return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "VENDOR_FULL",
                            "该服务商已无空余能力，请另选或稍后再试",
                            "the vendor has no free capacity: choose another, or try later")
        .With("vendor", name)
        .With("capacity", absl::StrCat(vendor.capacity()))
        .Build();
  }
  return absl::OkStatus();
}

}  // namespace

RoundStep StepOf(v1::RoundState state, RoundMove move) {
  for (const LegalMove& legal : kLegalMoves) {
    if (legal.state == state && legal.move == move) return legal.step;
  }
  return RoundStep::kNone;
}

std::vector<std::string> LegalCommands(v1::RoundState state) {
  std::vector<std::string> commands;
  if (StepOf(state, RoundMove::kAssignVendor) != RoundStep::kNone) {
    commands.emplace_back("AssignVendor");
  }
  if (StepOf(state, RoundMove::kCloseRound) != RoundStep::kNone) {
    commands.emplace_back("CloseRound");
  }
  return commands;
}

RoundDecision OpenRound(const Versioned<RoundRecord>& current, const RoundRequest& request,
                        absl::Time now, absl::Duration manual_limit) {
  if (IsRunning(current.state.round().state())) return Decision<RoundRecord>::Unchanged();
  RoundRecord next;
  v1::Round& round = *next.mutable_round();
  // A number of its own even if nobody can be asked.
  if (current.exists()) round.set_attempt(current.state.round().attempt() + 1);
  round.set_name(RoundName(request.application_id));
  round.set_application(absl::StrCat("applications/", request.application_id));
  round.set_seed(request.seed);
  round.set_county_code(request.county_code);
  round.set_item_code(request.item_code);
  round.set_device_division(request.device_division);
  round.set_quote_fen(request.quote_fen);
  round.set_subsidy_fen(request.subsidy_fen);
  for (const v1::Candidate& candidate : request.candidates) *round.add_candidates() = candidate;
  for (const std::string& assessor : request.assessors) round.add_assessors(assessor);
  *next.mutable_create_time() = chassis::ToTimestamp(now);
  return AskNext(std::move(next), now, manual_limit);
}

RoundDecision FollowOffer(const Versioned<RoundRecord>& current, const std::string& application_id,
                          RoundMove move, const std::string& offer_name, absl::Time now,
                          absl::Duration manual_limit) {
  if (!current.exists()) return chassis::NotFound(RoundName(application_id));
  const v1::Round& round = current.state.round();
  if (round.offer() != offer_name) return Decision<RoundRecord>::Unchanged();
  switch (StepOf(round.state(), move)) {
    case RoundStep::kAssign:
      return Publish<v1::DispatchAccepted>(current.state, v1::ROUND_STATE_ASSIGNED, now);
    case RoundStep::kAskNext:
      return AskNext(current.state, now, manual_limit);
    case RoundStep::kCancel:
      return Publish<v1::DispatchCancelled>(current.state, v1::ROUND_STATE_CANCELLED, now);
    case RoundStep::kFinish:
      return Publish<v1::DispatchDone>(current.state, v1::ROUND_STATE_DONE, now);
    default:
      return Decision<RoundRecord>::Unchanged();
  }
}

RoundDecision StopRound(const Versioned<RoundRecord>& current, const std::string& application_id,
                        RoundMove move, absl::Time now) {
  if (!current.exists()) return chassis::NotFound(RoundName(application_id));
  switch (StepOf(current.state.round().state(), move)) {
    case RoundStep::kCancel:
      return Publish<v1::DispatchCancelled>(current.state, v1::ROUND_STATE_CANCELLED, now);
    case RoundStep::kRecall:
      return Publish<v1::DispatchRecalled>(current.state, v1::ROUND_STATE_RECALLED, now);
    default:
      return Decision<RoundRecord>::Unchanged();
  }
}

RoundDecision FailOverdueRound(const Versioned<RoundRecord>& current, absl::Time now) {
  const v1::Round& round = current.state.round();
  const bool overdue = StepOf(round.state(), RoundMove::kManualLimit) == RoundStep::kFail &&
                       now >= chassis::ToTime(round.manual_due_time());
  if (!overdue) return Decision<RoundRecord>::Unchanged();
  return Fail(current.state, kManualLimitReason, now);
}

RoundDecision AssignVendor(const Versioned<RoundRecord>& current, const std::string& application_id,
                           const ChosenVendor& chosen, absl::Time now) {
  if (!current.exists()) return chassis::NotFound(RoundName(application_id));
  const v1::Round& round = current.state.round();
  if (StepOf(round.state(), RoundMove::kAssignVendor) == RoundStep::kNone) {
    return RefuseCommand(application_id, round.state(), "AssignVendor");
  }
  if (const absl::Status status = CheckChosen(round, chosen); !status.ok()) return status;
  const v1::Vendor& vendor = chosen.record.state.vendor();
  return Ask(current.state, vendor.name(), vendor.name_zh(), now);
}

RoundDecision CloseRound(const Versioned<RoundRecord>& current, const std::string& application_id,
                         const std::string& reason, absl::Time now) {
  if (!current.exists()) return chassis::NotFound(RoundName(application_id));
  const v1::RoundState state = current.state.round().state();
  if (StepOf(state, RoundMove::kCloseRound) == RoundStep::kNone) {
    return RefuseCommand(application_id, state, "CloseRound");
  }
  return Fail(current.state, reason, now);
}

bool IsListedOfAllCounties(v1::RoundState state) { return state != v1::ROUND_STATE_DONE; }

std::string RoundIndex(const std::string& county_code, v1::RoundState state) {
  if (county_code.empty()) return absl::StrCat("rounds:", StateName(state));
  return absl::StrCat("rounds:", county_code, ":", StateName(state));
}

chassis::Footprint RoundFootprint(const std::string& application_id, const RoundRecord& record) {
  chassis::Footprint footprint;
  const v1::Round& round = record.round();
  if (round.state() == v1::ROUND_STATE_UNSPECIFIED) return footprint;
  const int64_t score = chassis::ToMillis(record.create_time());
  const std::string member(application_id);
  footprint.index.push_back({RoundIndex(round.county_code(), round.state()), member, score});
  if (IsListedOfAllCounties(round.state())) {
    footprint.index.push_back({RoundIndex("", round.state()), member, score});
  }
  if (round.state() == v1::ROUND_STATE_MANUAL) {
    footprint.timers.push_back(
        {std::string(kManualTimer), chassis::ToTime(round.manual_due_time())});
  }
  return footprint;
}

std::string StateName(v1::RoundState state) {
  return std::string(absl::StripPrefix(v1::RoundState_Name(state), "ROUND_STATE_"));
}

}  // namespace fuju::dispatch
