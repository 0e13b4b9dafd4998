#include "applications/deadline_decisions.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"

namespace fuju::applications {
namespace {

Result PublishMissed(Change& change, absl::string_view limit) {
  v1::ApplicationDeadlineMissed fact;
  fact.set_limit(std::string(limit));
  return change.Publish(std::move(fact));
}

Result DecideReviewOverdue(const Record& record, const Act& act) {
  Change change(record, Move::kReviewOverdue, act);
  const absl::Time due = chassis::ToTime(record.review_clock().due_time());
  const v1::Holder& holder = record.application().holder();
  change.Enter(v1::APPLICATION_STATE_UNDER_REVIEW, Party::kLateCountyReviewer,
               Deadline{due, Text{holder.due_text_zh(), holder.due_text_en()}});
  change.record().mutable_review_clock()->set_missed(true);
  change.Tell(Line::kReviewLate);
  return PublishMissed(change, kReviewTimer);
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
  return PublishMissed(change, kReceiptTimer);
}

Result DecideFollowUpDue(const Record& record, const Rules& rules, const Act& act) {
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
  if (timer == kReviewTimer) return DecideReviewOverdue(record, act);
  if (timer == kSupplementTimer) return DecideSupplementOverdue(record, act);
  if (timer == kReceiptTimer) return DecideReceiptOverdue(record, act);
  if (timer == kFollowUpAskTimer) return DecideFollowUpDue(record, rules, act);
  if (timer == kFollowUpAnswerTimer) return DecideFollowUpOverdue(record, act);
  return absl::InternalError(absl::StrCat("no limit is called ", timer));
}

}  // namespace fuju::applications
