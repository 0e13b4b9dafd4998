#include "applications/deadline_decisions.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "applications/appeal_decisions.h"
#include "applications/course.h"
#include "applications/hold_decisions.h"
#include "applications/intake/consents.h"
#include "applications/review_decisions.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"

namespace fuju::applications {
namespace {

Line LineOf(v1::EscalationLevel level) {
  switch (level) {
    case v1::ESCALATION_LEVEL_SUPERVISOR:
      return Line::kLateSupervisor;
    case v1::ESCALATION_LEVEL_PREFECTURE:
      return Line::kLatePrefecture;
    default:
      return Line::kLateReminded;
  }
}

Result DecideReviewOverdue(const Record& record, const Rules& rules, const Act& act) {
  const absl::StatusOr<Place> place = PlaceOf(record, rules);
  if (!place.ok()) return place.status();
  const int taken = record.review_clock().escalations();
  // Of a case from before there were chains.
  if (taken >= place->stage().config.escalations_size()) {
    return chassis::Decision<Record>::Unchanged();
  }
  const v1::EscalationLevel level = place->stage().config.escalations(taken).level();
  Change change(record, Move::kReviewOverdue, act);
  if (absl::Status s = Escalate(change, *place, rules); !s.ok()) return s;
  change.Tell(LineOf(level), {place->stage().name()});
  v1::ApplicationDeadlineMissed fact;
  fact.set_limit(std::string(kReviewTimer));
  fact.set_stage(place->stage().id());
  fact.set_level(level);
  return change.Publish(std::move(fact));
}

Result DecideDraftOverdue(const Record& record, const Act& act) {
  Change change(record, Move::kDraftOverdue, act);
  EndWith(change, v1::APPLICATION_STATE_EXPIRED, EndReason::kDraftExpired);
  change.Tell(Line::kDraftExpired);
  return change.Publish<v1::ApplicationEnded>();
}

Result DecideSupplementOverdue(const Record& record, const Act& act) {
  Change change(record, Move::kSupplementOverdue, act);
  EndWith(change, v1::APPLICATION_STATE_EXPIRED, EndReason::kSupplementOverdue);
  change.Tell(Line::kSupplementExpired);
  return change.Publish<v1::ApplicationEnded>();
}

Result DecideReceiptOverdue(const Record& record, const Act& act) {
  Change change(record, Move::kReceiptOverdue, act);
  change.record().clear_limit();
  change.Tell(Line::kReceiptReminder);
  v1::ApplicationDeadlineMissed fact;
  fact.set_limit(std::string(kReceiptTimer));
  return change.Publish(std::move(fact));
}

Result DecideFollowUpDue(const Record& record, const Rules& rules, const Act& act) {
  if (!Agrees(record.application().applicant(), v1::CONSENT_EFFECT_FOLLOW_UP, rules.intake,
              /*if_not_asked=*/true)) {
    Change change(record, Move::kFollowUpDue, act);
    change.Enter(v1::APPLICATION_STATE_CLOSED, Party::kNobody);
    change.Tell(Line::kClosedWithoutQuestion);
    return change.Publish<v1::ApplicationClosed>();
  }
  const absl::StatusOr<Deadline> due = DeadlineOf(rules.limits.follow_up, act.now, rules.calendar);
  if (!due.ok()) return due.status();
  Change change(record, Move::kFollowUpDue, act);
  change.Enter(v1::APPLICATION_STATE_FOLLOW_UP, Party::kApplicant, *due);
  change.RunTimer(kFollowUpAnswerTimer, due->at);
  change.Tell(Line::kFollowUpAsked, {due->text});
  return change.Publish<v1::FollowUpRequested>();
}

Result DecideFollowUpOverdue(const Record& record, const Act& act) {
  Change change(record, Move::kFollowUpOverdue, act);
  change.application().mutable_follow_up()->Clear();
  change.Enter(v1::APPLICATION_STATE_CLOSED, Party::kNobody);
  change.Tell(Line::kClosedWithoutAnswer);
  return change.Publish<v1::ApplicationClosed>();
}

}  // namespace

Result DecideDeadline(const Record& record, absl::string_view timer, const Rules& rules,
                      const Act& act) {
  if (record.limit().name() != timer || act.now < chassis::ToTime(record.limit().due_time())) {
    return chassis::Decision<Record>::Unchanged();
  }
  if (timer == kDraftTimer) return DecideDraftOverdue(record, act);
  if (timer == kReviewTimer) return DecideReviewOverdue(record, rules, act);
  if (timer == kNoticeTimer) return DecideNoticeOver(record, act);
  if (timer == kHoldTimer) return DecideHoldOverdue(record, act);
  if (timer == kAppealTimer) return DecideAppealOverdue(record, act);
  if (timer == kSupplementTimer) return DecideSupplementOverdue(record, act);
  if (timer == kReceiptTimer) return DecideReceiptOverdue(record, act);
  if (timer == kFollowUpAskTimer) return DecideFollowUpDue(record, rules, act);
  if (timer == kFollowUpAnswerTimer) return DecideFollowUpOverdue(record, act);
  return absl::InternalError(absl::StrCat("no limit is called ", timer));
}

}  // namespace fuju::applications
