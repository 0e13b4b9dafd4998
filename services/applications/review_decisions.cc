#include "applications/review_decisions.h"

#include <utility>

#include "absl/algorithm/container.h"

#include "chassis/values/timestamps.h"
#include "fuju/applications/v1/application_events.pb.h"
#include "vocabulary/review_reason.h"

namespace fuju::applications {
namespace {

// The catalogue's code for a county without enough money.
constexpr absl::string_view kBudgetInsufficient = "BUDGET_INSUFFICIENT";

Text ReasonTexts(const std::vector<std::string>& codes) {
  std::vector<Text> texts;
  for (const std::string& code : codes) {
    const vocabulary::ReviewReason* reason = vocabulary::FindReviewReason(code);
    texts.push_back(reason == nullptr
                        ? Text{code, code}
                        : Text{std::string(reason->text_zh), std::string(reason->text_en)});
  }
  return JoinTexts(texts);
}

void SetSubsidy(v1::Application& application, const catalogue::v1::Grant& grant) {
  v1::SubsidySummary* subsidy = application.mutable_subsidy();
  subsidy->set_subsidy_fen(grant.decision().subsidy_fen());
  subsidy->set_self_pay_fen(grant.decision().self_pay_fen());
  subsidy->set_catalogue_version(grant.decision().catalogue_version());
  subsidy->set_fiscal_year(grant.fiscal_year());
}

// The review goes on (or begins) until `due`. A case that was late once is not told to be late
// again.
void EnterReview(Change& change, const Deadline& due) {
  change.Enter(v1::APPLICATION_STATE_UNDER_REVIEW, Party::kCountyReviewer, due);
  storage::v1::ReviewClock* clock = change.record().mutable_review_clock();
  *clock->mutable_due_time() = chassis::ToTimestamp(due.at);
  if (!clock->missed()) change.RunTimer(kReviewTimer, due.at);
}

void StopClock(storage::v1::ReviewClock& clock, const Limit& left) {
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

}  // namespace

Result DecideSubsidyReserved(const Record& record, const catalogue::v1::Grant& grant,
                             const Rules& rules, const Act& act) {
  if (!IsLegal(record.application().state(), Move::kSubsidyReserved)) {
    return Forbidden(record, Move::kSubsidyReserved);
  }
  const absl::StatusOr<Deadline> due = DeadlineOf(rules.limits.review, act.now, rules.calendar);
  if (!due.ok()) return due.status();
  Change change(record, Move::kSubsidyReserved, act);
  SetSubsidy(change.application(), grant);
  change.application().mutable_subsidy()->set_reserved(true);
  EnterReview(change, *due);
  change.Tell(Line::kReviewStarted, {due->text});
  return change.Publish<v1::ApplicationReviewStarted>();
}

Result DecideSubsidyRefused(const Record& record, const catalogue::v1::Grant& grant,
                            const Act& act) {
  if (!IsLegal(record.application().state(), Move::kSubsidyRefused)) {
    return Forbidden(record, Move::kSubsidyRefused);
  }
  const bool unfunded = grant.decision().eligible() ||
                        absl::c_linear_search(grant.refusal_codes(), kBudgetInsufficient);
  std::vector<std::string> codes;
  std::vector<Text> texts;
  for (const catalogue::v1::RuleResult& rule : grant.decision().rules()) {
    if (rule.passed()) continue;
    codes.push_back(rule.code());
    texts.push_back(Text{rule.text_zh(), rule.text_en()});
  }
  for (const std::string& code : grant.refusal_codes()) {
    if (!absl::c_linear_search(codes, code)) codes.push_back(code);
  }
  Change change(record, Move::kSubsidyRefused, act);
  if (unfunded) {
    SetSubsidy(change.application(), grant);
    if (texts.empty()) {
      texts.push_back(
          Text{"本县今年的补贴预算不足", "the county's budget of this year does not suffice"});
    }
    EndWith(change, v1::APPLICATION_STATE_UNFUNDED, codes, JoinTexts(texts));
    change.Tell(Line::kUnfunded);
  } else {
    EndWith(change, v1::APPLICATION_STATE_INELIGIBLE, codes, JoinTexts(texts));
    change.Tell(Line::kIneligible, {JoinTexts(texts)});
  }
  return change.Publish<v1::ApplicationEnded>();
}

Result DecideReturn(const Record& record, const std::vector<std::string>& reason_codes,
                    const std::string& remark, const Rules& rules, const Act& act) {
  if (!IsLegal(record.application().state(), Move::kReturn)) {
    return Forbidden(record, Move::kReturn);
  }
  const absl::Time review_due = chassis::ToTime(record.review_clock().due_time());
  const absl::StatusOr<Limit> left =
      LeftOf(rules.limits.review, review_due, act.now, rules.calendar);
  if (!left.ok()) return left.status();
  const absl::StatusOr<Deadline> due = DeadlineOf(rules.limits.supplement, act.now, rules.calendar);
  if (!due.ok()) return due.status();
  const Text reasons = ReasonTexts(reason_codes);
  Change change(record, Move::kReturn, act);
  StopClock(*change.record().mutable_review_clock(), *left);
  SetOutcome(change, reason_codes, reasons, remark);
  change.Enter(v1::APPLICATION_STATE_SUPPLEMENT, Party::kApplicant, *due);
  change.RunTimer(kSupplementTimer, due->at);
  change.Tell(Line::kReturned, {reasons, due->text}, remark);
  return change.Publish<v1::ApplicationReturned>();
}

Result DecideSupplement(const Record& record, const std::string& explanation, const Rules& rules,
                        const Act& act) {
  if (!IsLegal(record.application().state(), Move::kSupplement)) {
    return Forbidden(record, Move::kSupplement);
  }
  const absl::StatusOr<Deadline> due =
      DeadlineOf(LeftOnClock(record.review_clock()), act.now, rules.calendar);
  if (!due.ok()) return due.status();
  Change change(record, Move::kSupplement, act);
  change.application().clear_outcome();
  change.record().clear_outcome_note();
  EnterReview(change, *due);
  change.Tell(Line::kSupplemented, {due->text}, explanation);
  return change.Publish<v1::ApplicationSupplemented>();
}

Result DecideApprove(const Record& record, const std::string& remark, const Act& act) {
  if (!IsLegal(record.application().state(), Move::kApprove)) {
    return Forbidden(record, Move::kApprove);
  }
  Change change(record, Move::kApprove, act);
  SetOutcome(change, {}, Text{"审核通过", "approved"}, remark);
  change.Enter(v1::APPLICATION_STATE_APPROVED, Party::kDispatch);
  change.Tell(Line::kApproved, {}, remark);
  return change.Publish<v1::ApplicationApproved>();
}

Result DecideReject(const Record& record, const std::vector<std::string>& reason_codes,
                    const std::string& remark, const Act& act) {
  if (!IsLegal(record.application().state(), Move::kReject)) {
    return Forbidden(record, Move::kReject);
  }
  const Text reasons = ReasonTexts(reason_codes);
  Change change(record, Move::kReject, act);
  EndWith(change, v1::APPLICATION_STATE_REJECTED, reason_codes, reasons, remark);
  change.Tell(Line::kRejected, {reasons}, remark);
  return change.Publish<v1::ApplicationEnded>();
}

Result DecideWithdraw(const Record& record, const std::string& reason, const Act& act) {
  const ApplicationState state = record.application().state();
  if (!IsLegal(state, Move::kWithdraw)) return Forbidden(record, Move::kWithdraw);
  Change change(record, Move::kWithdraw, act);
  if (MayLead(state, Move::kWithdraw, v1::APPLICATION_STATE_WITHDRAWN)) {
    EndWith(change, v1::APPLICATION_STATE_WITHDRAWN, EndReason::kWithdrawnByApplicant, reason);
    change.Tell(Line::kWithdrawn, {}, reason);
    return change.Publish<v1::ApplicationEnded>();
  }
  change.Enter(v1::APPLICATION_STATE_WITHDRAWING,
               state == v1::APPLICATION_STATE_APPROVED ? Party::kDispatch : Party::kStoppingVendor);
  SetOutcome(change, {std::string(EndReasonCode(EndReason::kWithdrawnByApplicant))},
             EndReasonText(EndReason::kWithdrawnByApplicant), reason);
  change.Tell(Line::kWithdrawalRequested, {}, reason);
  return change.Publish<v1::WithdrawalRequested>();
}

}  // namespace fuju::applications
