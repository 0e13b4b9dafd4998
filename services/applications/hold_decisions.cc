#include "applications/hold_decisions.h"

#include <utility>

#include "applications/course.h"
#include "applications/officer_check.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/review_events.pb.h"

namespace fuju::applications {

Result DecideHold(const Record& record, const Verdict& verdict, const Rules& rules,
                  const Act& act) {
  if (!IsLegal(record.application().state(), Move::kHold)) return Forbidden(record, Move::kHold);
  const absl::StatusOr<Place> place = PlaceOf(record, rules);
  if (!place.ok()) return place.status();
  if (absl::Status s = CheckOfficer(record, *place, verdict.stage, v1::STAGE_DECISION_HOLD, act);
      !s.ok()) {
    return s;
  }
  const Limit& limit = place->chain->hold;
  const absl::StatusOr<Deadline> due = DeadlineOf(limit, act.now, rules.calendar);
  if (!due.ok()) return due.status();
  const Text reasons = ReasonTexts(verdict.reason_codes);
  Change change(record, Move::kHold, act);
  AddAct(change, *place, v1::STAGE_DECISION_HOLD, verdict.reason_codes);
  if (absl::Status s = LeaveForAWhile(change, *place, v1::CLOCK_PAUSE_HOLD, limit, rules);
      !s.ok()) {
    return s;
  }
  SetOutcome(change, verdict.reason_codes, reasons, verdict.remark);
  change.Enter(v1::APPLICATION_STATE_ON_HOLD,
               Holding{place->stage().config.roles(0), place->stage().holder()}, *due);
  change.RunTimer(kHoldTimer, due->at);
  change.Tell(Line::kHeld, {reasons, due->text}, verdict.remark);
  return change.Publish<v1::ApplicationHeld>();
}

Result DecideResume(const Record& record, const Verdict& verdict, const Rules& rules,
                    const Act& act) {
  if (!IsLegal(record.application().state(), Move::kResume)) {
    return Forbidden(record, Move::kResume);
  }
  const absl::StatusOr<Place> place = PlaceOf(record, rules);
  if (!place.ok()) return place.status();
  if (absl::Status s = CheckOfficer(record, *place, verdict.stage, v1::STAGE_DECISION_HOLD, act);
      !s.ok()) {
    return s;
  }
  Change change(record, Move::kResume, act);
  change.BarRelated();
  change.application().clear_outcome();
  change.record().clear_outcome_note();
  if (absl::Status s = ReturnToStage(change, *place, rules); !s.ok()) return s;
  change.Tell(Line::kResumed, StageWords(change, *place), verdict.remark);
  return change.Publish<v1::ApplicationResumed>();
}

Result DecideHoldOverdue(const Record& record, const Act& act) {
  Change change(record, Move::kHoldOverdue, act);
  change.record().clear_limit();
  change.Tell(Line::kHoldLate);
  v1::ApplicationDeadlineMissed fact;
  fact.set_limit(std::string(kHoldTimer));
  fact.set_stage(record.application().review().stage());
  fact.set_level(v1::ESCALATION_LEVEL_PREFECTURE);
  return change.Publish(std::move(fact));
}

}  // namespace fuju::applications
