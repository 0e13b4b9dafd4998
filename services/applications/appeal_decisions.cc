#include "applications/appeal_decisions.h"

#include <utility>
#include <vector>

#include "applications/course.h"
#include "applications/desk/stage_work.h"
#include "applications/draft_decisions.h"
#include "applications/funding.h"
#include "applications/officer_check.h"
#include "chassis/values/refusal.h"
#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "fuju/applications/v1/review_events.pb.h"

namespace fuju::applications {
namespace {

absl::Status AppealClosed() {
  return chassis::Refusal(absl::StatusCode::kFailedPrecondition, "APPEAL_CLOSED",
                          "申诉期已过，或已申诉过一次，不能再申诉",
                          "the time for an appeal is over, or the case had its appeal")
      .Build();
}

// The chain's appeal; an appealed case always has one.
absl::StatusOr<const AppealRule*> RuleOf(const Record& record, const Rules& rules) {
  const absl::StatusOr<Place> place = PlaceOf(record, rules);
  if (!place.ok()) return place.status();
  if (!place->chain->appeal.has_value()) return AppealClosed();
  return &*place->chain->appeal;
}

void Close(Change& change, v1::AppealResult result) {
  change.BarRelated();
  v1::Appeal* appeal = change.application().mutable_review()->mutable_appeal();
  appeal->set_result(result);
  appeal->set_actor(change.act().actor);
  *appeal->mutable_decide_time() = chassis::ToTimestamp(change.act().now);
  AddAppealWork(change.record(), change.act().now);
}

}  // namespace

absl::Status OfferAppeal(Change& change, const Rules& rules) {
  const absl::StatusOr<Place> place = PlaceOf(change.record(), rules);
  if (!place.ok()) return place.status();
  const std::optional<AppealRule>& rule = place->chain->appeal;
  if (!rule.has_value() || change.application().review().has_appeal()) return absl::OkStatus();
  const absl::StatusOr<Deadline> until =
      DeadlineOf(rule->file_within, change.act().now, rules.calendar);
  if (!until.ok()) return until.status();
  v1::Promise* offered = change.application().mutable_review()->mutable_appeal_until();
  *offered->mutable_due_time() = chassis::ToTimestamp(until->at);
  offered->set_text_zh(until->text.zh);
  offered->set_text_en(until->text.en);
  return absl::OkStatus();
}

Result DecideAppeal(const Record& record, const std::string& reason, const Rules& rules,
                    const Act& act) {
  const v1::Application& application = record.application();
  if (!IsLegal(application.state(), Move::kAppeal)) return Forbidden(record, Move::kAppeal);
  if (!application.review().has_appeal_until() ||
      act.now >= chassis::ToTime(application.review().appeal_until().due_time())) {
    return AppealClosed();
  }
  const absl::StatusOr<const AppealRule*> rule = RuleOf(record, rules);
  if (!rule.ok()) return rule.status();
  const absl::StatusOr<Deadline> due = DeadlineOf((*rule)->limit, act.now, rules.calendar);
  if (!due.ok()) return due.status();
  Change change(record, Move::kAppeal, act);
  change.record().set_appealed_state(application.state());
  v1::Review* review = change.application().mutable_review();
  review->clear_appeal_until();
  *review->mutable_appeal()->mutable_file_time() = chassis::ToTimestamp(act.now);
  change.Enter(v1::APPLICATION_STATE_APPEALED, Holding{(*rule)->config.roles(0), (*rule)->holder()},
               *due);
  change.RunTimer(kAppealTimer, due->at);
  change.Tell(Line::kAppealed, {(*rule)->holder(), due->text}, reason);
  return change.Publish<v1::ApplicationAppealed>();
}

Result DecideDismissAppeal(const Record& record, const std::string& remark, const Rules& rules,
                           const Act& act) {
  if (!IsLegal(record.application().state(), Move::kDismissAppeal)) {
    return Forbidden(record, Move::kDismissAppeal);
  }
  const absl::StatusOr<const AppealRule*> rule = RuleOf(record, rules);
  if (!rule.ok()) return rule.status();
  if (absl::Status s = CheckAppealOfficer(record, **rule, act); !s.ok()) return s;
  const v1::Outcome& outcome = record.application().outcome();
  const std::vector<std::string> codes(outcome.reason_codes().begin(),
                                       outcome.reason_codes().end());
  const Text reasons{outcome.text_zh(), outcome.text_en()};
  Change change(record, Move::kDismissAppeal, act);
  Close(change, v1::APPEAL_RESULT_DISMISSED);
  EndWith(change, record.appealed_state(), codes, reasons, remark);
  change.Tell(Line::kAppealDismissed, {reasons}, remark);
  return change.Publish<v1::ApplicationEnded>();
}

Result DecideGrantAppeal(const Record& record, const std::string& remark, const Rules& rules,
                         const Act& act) {
  if (!IsLegal(record.application().state(), Move::kGrantAppeal)) {
    return Forbidden(record, Move::kGrantAppeal);
  }
  const absl::StatusOr<const AppealRule*> rule = RuleOf(record, rules);
  if (!rule.ok()) return rule.status();
  if (absl::Status s = CheckAppealOfficer(record, **rule, act); !s.ok()) return s;
  absl::StatusOr<type::v1::EligibilityFacts> facts = FactsOf(record.application(), act.now);
  if (!facts.ok()) return facts.status();
  Change change(record, Move::kGrantAppeal, act);
  Close(change, v1::APPEAL_RESULT_GRANTED);
  change.application().clear_outcome();
  change.record().clear_outcome_note();
  change.record().set_begin_stage(record.appealed_state() == v1::APPLICATION_STATE_REJECTED
                                      ? (*rule)->config.redo_stage()
                                      : "");
  AskFunding(change);
  change.Enter(v1::APPLICATION_STATE_SUBMITTED, Party::kSubsidyCheck);
  if (absl::Status s = PromiseAnew(change, rules); !s.ok()) return s;
  const v1::Promise& promise = change.application().review().promise();
  change.Tell(Line::kAppealGranted, {Text{promise.text_zh(), promise.text_en()}}, remark);
  v1::ApplicationReopened fact;
  *fact.mutable_facts() = *std::move(facts);
  return change.Publish(std::move(fact));
}

Result DecideAppealOverdue(const Record& record, const Act& act) {
  Change change(record, Move::kAppealOverdue, act);
  change.record().clear_limit();
  change.Tell(Line::kAppealLate);
  v1::ApplicationDeadlineMissed fact;
  fact.set_limit(std::string(kAppealTimer));
  return change.Publish(std::move(fact));
}

}  // namespace fuju::applications
