#include "applications/course.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "applications/desk/stage_work.h"
#include "chassis/values/timestamps.h"

namespace fuju::applications {
namespace {

bool Applies(const Stage& stage, const Record& record) {
  return stage.config.condition() != v1::STAGE_CONDITION_ITEM_NEEDS_ASSESSMENT ||
         !record.needs_no_assessment();
}

std::optional<size_t> NextIndex(const Chain& chain, size_t from, const Record& record) {
  for (size_t i = from; i < chain.stages.size(); ++i) {
    if (Applies(chain.stages[i], record)) return i;
  }
  return std::nullopt;
}

// Promises the decision for the end of `first` and of every stage behind `place`.
absl::Status Promise(Change& change, const Place& place, std::vector<Limit> first,
                     const Rules& rules) {
  for (size_t i = place.index + 1; i < place.chain->stages.size(); ++i) {
    const Stage& stage = place.chain->stages[i];
    if (Applies(stage, change.record())) first.push_back(stage.limit);
  }
  const absl::StatusOr<Deadline> end = DeadlineOfAll(first, change.act().now, rules.calendar);
  if (!end.ok()) return end.status();
  v1::Promise* promise = change.application().mutable_review()->mutable_promise();
  *promise->mutable_due_time() = chassis::ToTimestamp(end->at);
  promise->set_text_zh(end->text.zh);
  promise->set_text_en(end->text.en);
  return absl::OkStatus();
}

void StopClock(storage::v1::ReviewClock& clock, const Limit& left) {
  clock.set_paused(true);
  if (left.in_working_days()) {
    clock.set_working_days(left.working_days());
    return;
  }
  const int64_t millis = absl::ToInt64Milliseconds(left.time());
  clock.mutable_time()->set_seconds(millis / 1000);
  clock.mutable_time()->set_nanos(static_cast<int32_t>(millis % 1000) * 1'000'000);
}

Limit LeftOnClock(const storage::v1::ReviewClock& clock) {
  if (!clock.has_time()) return Limit::WorkingDays(clock.working_days());
  return Limit::Time(absl::Seconds(clock.time().seconds()) +
                     absl::Nanoseconds(clock.time().nanos()));
}

// Who has the case in the stage; a late one says who was told.
Holding HoldingOf(const Stage& stage, int escalations) {
  Holding holding{stage.config.roles(0), stage.holder()};
  if (escalations == 0) return holding;
  switch (stage.config.escalations(escalations - 1).level()) {
    case v1::ESCALATION_LEVEL_SUPERVISOR:
      absl::StrAppend(&holding.text.zh, "（主管领导督办）");
      absl::StrAppend(&holding.text.en, " (the supervisor has been told)");
      break;
    case v1::ESCALATION_LEVEL_PREFECTURE:
      absl::StrAppend(&holding.text.zh, "（市州残联督办）");
      absl::StrAppend(&holding.text.en, " (the prefecture's federation has been told)");
      break;
    default:
      break;
  }
  return holding;
}

// The timer of what comes next by itself: the end of a notice, or a step of the escalation.
absl::Status RunStageTimer(Change& change, const Stage& stage, absl::Time due, const Rules& rules) {
  if (stage.IsNotice()) {
    change.RunTimer(kNoticeTimer, due);
    return absl::OkStatus();
  }
  const auto taken = static_cast<size_t>(change.record().review_clock().escalations());
  if (taken >= stage.escalate_after.size()) return absl::OkStatus();
  const std::optional<Limit>& after = stage.escalate_after[taken];
  if (!after.has_value()) {
    change.RunTimer(kReviewTimer, due);
    return absl::OkStatus();
  }
  const absl::StatusOr<Deadline> step = DeadlineOfAll(
      {*after}, after->in_working_days() ? due - absl::Milliseconds(1) : due, rules.calendar);
  if (!step.ok()) return step.status();
  change.RunTimer(kReviewTimer, step->at);
  return absl::OkStatus();
}

// The stage runs until `due`.
absl::Status RunStage(Change& change, const Place& place, const Deadline& due, const Rules& rules) {
  const Stage& stage = place.stage();
  v1::Review* review = change.application().mutable_review();
  review->set_chain(place.chain->id);
  review->set_chain_version(place.chain->version);
  review->set_stage(stage.id());
  review->set_stage_text_zh(stage.config.name_zh());
  review->set_stage_text_en(stage.config.name_en());
  storage::v1::ReviewClock* clock = change.record().mutable_review_clock();
  clock->set_paused(false);
  clock->clear_left();
  *clock->mutable_due_time() = chassis::ToTimestamp(due.at);
  change.Enter(
      stage.IsNotice() ? v1::APPLICATION_STATE_PUBLIC_NOTICE : v1::APPLICATION_STATE_UNDER_REVIEW,
      HoldingOf(stage, clock->escalations()), due);
  return RunStageTimer(change, stage, due.at, rules);
}

absl::Status EnterStage(Change& change, const Place& place, const Rules& rules) {
  const absl::StatusOr<Deadline> due =
      DeadlineOf(place.stage().limit, change.act().now, rules.calendar);
  if (!due.ok()) return due.status();
  change.record().clear_review_clock();
  return RunStage(change, place, *due, rules);
}

}  // namespace

absl::StatusOr<Place> PlaceOf(const Record& record, const Rules& rules) {
  const v1::Application& application = record.application();
  const v1::Review& review = application.review();
  if (review.chain().empty()) return Place{&rules.chains.ChainFor(application.county_code()), 0};
  const absl::StatusOr<const Chain*> chain =
      rules.chains.Find(review.chain(), review.chain_version());
  if (!chain.ok()) return chain.status();
  return Place{*chain, (*chain)->Find(review.stage()).value_or(0)};
}

namespace {

absl::StatusOr<Place> FirstPlace(const Record& record, const Rules& rules) {
  absl::StatusOr<Place> place = PlaceOf(record, rules);
  if (!place.ok()) return place;
  const size_t begin = place->chain->Find(record.begin_stage()).value_or(0);
  // An approval always applies.
  place->index = NextIndex(*place->chain, begin, record).value_or(begin);
  return place;
}

}  // namespace

absl::Status BeginCourse(Change& change, const Rules& rules) {
  const Chain& chain = rules.chains.ChainFor(change.application().county_code());
  v1::Review* review = change.application().mutable_review();
  review->set_chain(chain.id);
  review->set_chain_version(chain.version);
  return Promise(change, Place{&chain, 0}, {chain.stages[0].limit}, rules);
}

absl::Status PromiseAnew(Change& change, const Rules& rules) {
  const absl::StatusOr<Place> place = FirstPlace(change.record(), rules);
  if (!place.ok()) return place.status();
  return Promise(change, *place, {place->stage().limit}, rules);
}

absl::Status EnterFirstStage(Change& change, const Rules& rules) {
  const absl::StatusOr<Place> place = FirstPlace(change.record(), rules);
  if (!place.ok()) return place.status();
  return EnterStage(change, *place, rules);
}

absl::StatusOr<bool> EnterNextStage(Change& change, const Place& place, const Rules& rules) {
  const std::optional<size_t> next = NextIndex(*place.chain, place.index + 1, change.record());
  if (!next.has_value()) return false;
  if (absl::Status s = EnterStage(change, Place{place.chain, *next}, rules); !s.ok()) return s;
  return true;
}

absl::Status LeaveForAWhile(Change& change, const Place& place, v1::ClockPause why,
                            const Limit& away, const Rules& rules) {
  if (!place.stage().PausesFor(why)) return absl::OkStatus();
  storage::v1::ReviewClock* clock = change.record().mutable_review_clock();
  const absl::StatusOr<Limit> left = LeftOf(place.stage().limit, chassis::ToTime(clock->due_time()),
                                            change.act().now, rules.calendar);
  if (!left.ok()) return left.status();
  StopClock(*clock, *left);
  return Promise(change, place, {away, *left}, rules);
}

absl::Status ReturnToStage(Change& change, const Place& place, const Rules& rules) {
  const storage::v1::ReviewClock& clock = change.record().review_clock();
  if (!clock.paused()) {
    const absl::Time due = chassis::ToTime(clock.due_time());
    return RunStage(change, place, Deadline{due, MomentText(due)}, rules);
  }
  const Limit left = LeftOnClock(clock);
  const absl::StatusOr<Deadline> due = DeadlineOf(left, change.act().now, rules.calendar);
  if (!due.ok()) return due.status();
  if (absl::Status s = RunStage(change, place, *due, rules); !s.ok()) return s;
  return Promise(change, place, {left}, rules);
}

absl::Status Escalate(Change& change, const Place& place, const Rules& rules) {
  storage::v1::ReviewClock* clock = change.record().mutable_review_clock();
  clock->set_escalations(clock->escalations() + 1);
  const v1::Holder holder = change.application().holder();
  const absl::Time due = chassis::ToTime(clock->due_time());
  return RunStage(change, place, Deadline{due, Text{holder.due_text_zh(), holder.due_text_en()}},
                  rules);
}

void AddAct(Change& change, const Place& place, v1::StageDecision decision,
            absl::Span<const std::string> reason_codes) {
  change.BarRelated();
  v1::StageAct* act = change.application().mutable_review()->add_acts();
  act->set_county_code(change.application().county_code());
  act->set_kind(place.stage().config.kind());
  act->set_stage(place.stage().id());
  act->set_decision(decision);
  act->set_actor(change.act().actor);
  *act->mutable_time() = chassis::ToTimestamp(change.act().now);
  for (const std::string& code : reason_codes) act->add_reason_codes(code);
  AddStageWork(change.record(), change.act().now);
}

std::vector<Text> StageWords(Change& change, const Place& place) {
  const v1::Holder& holder = change.application().holder();
  return {place.stage().name(), Text{holder.due_text_zh(), holder.due_text_en()}};
}

}  // namespace fuju::applications
